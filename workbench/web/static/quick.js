// Quick decisions by keys. A decision is sent and answered with the next question, which takes the
// place of this one; till then no key counts, so nothing is said of a question nobody has seen.
import { editBoundaries } from "./boundary.js";

const room = document.querySelector("#quick");
document.querySelector("[data-keys]")?.removeAttribute("hidden");
let busy = false;

const labels = () => room.querySelector("[data-labels][open]");

function settle() {
  editBoundaries(room);
  const question = room.querySelector("#question");
  const paper = room.querySelector(".paper");
  const at = paper?.querySelector(".at");
  if (at) {
    const [inner, outer] = [at.getBoundingClientRect(), paper.getBoundingClientRect()];
    paper.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
  }
  question.focus({ preventScroll: true });
  if (question.getBoundingClientRect().top < 0) question.scrollIntoView();
}

async function ask(address, options = {}) {
  if (busy) return;
  busy = true;
  room.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, options);
    const text = await answer.text();
    // What is no question (a sign-in, an error) is shown as the page that it is.
    if (!answer.headers.get("X-Part")) throw new Error(answer.status);
    room.innerHTML = text;
    settle();
    history.replaceState(null, "", room.querySelector("#question").dataset.address);
  } catch {
    location.reload();
  } finally {
    busy = false;
    room.removeAttribute("aria-busy");
  }
}

room.addEventListener("submit", (event) => {
  event.preventDefault();
  const said = new URLSearchParams(new FormData(event.target));
  if (event.submitter?.name) said.set(event.submitter.name, event.submitter.value);
  said.set("part", "1");
  ask(event.target.action, { method: "POST", body: said });
});

room.addEventListener("click", (event) => {
  const link = event.target.closest("a[rel=prev], a[rel=next]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  ask(`${link.href}&part=1`);
});

function press(key) {
  const list = labels();
  const chosen = list && [...list.querySelectorAll("[data-hotkey]")].find(
    (one) => one.dataset.hotkey.toLowerCase() === key);
  const found = chosen ?? room.querySelector(`[data-key="${key}"]`);
  if (!found) return false;
  found.click();
  if (found.matches("summary")) {
    const opened = found.parentElement;
    (opened.querySelector(".strip") ?? opened.querySelector("form button"))?.focus(
      { preventScroll: true });
    opened.scrollIntoView({ block: "nearest" });
  }
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.defaultPrevented) return;
  if (event.target.closest("input, select, textarea")) return;
  if (event.key === "Escape") {
    const opened = event.target.closest("details[open]");
    if (opened && room.contains(opened)) {
      opened.open = false;
      room.querySelector("#question").focus({ preventScroll: true });
    }
    return;
  }
  if (event.key === "Enter") {
    // On a button or a link it does what that does.
    if (event.target.closest("a, button, summary, .strip")) return;
    if (press("a")) event.preventDefault();
  } else if (/^[a-z0-9]$/i.test(event.key) && !busy && press(event.key.toLowerCase())) {
    event.preventDefault();
  }
});

settle();
