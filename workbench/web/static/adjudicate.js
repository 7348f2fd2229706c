// Adjudication by keys: j and k go from difference to difference, a letter presses its button there.
import { editBoundaries } from "./boundary.js";

const items = [...document.querySelectorAll("[data-item]")];
document.querySelector("[data-keys]")?.removeAttribute("hidden");

const current = () => items.find((item) => item.contains(document.activeElement));

function show(item) {
  for (const place of document.querySelectorAll(".at.now")) place.classList.remove("now");
  if (!item?.dataset.at) return;
  const places = document.querySelectorAll(`.at[data-place="${item.dataset.at}"]`);
  for (const place of places) {
    place.classList.add("now");
    const paper = place.closest("[data-side]");
    paper.scrollTop += place.getBoundingClientRect().top - paper.getBoundingClientRect().top - 60;
  }
}

function go(item) {
  item?.focus({ preventScroll: true });
  item?.scrollIntoView({ block: "nearest" });
}

function press(item, key) {
  const button = [...(item?.querySelectorAll("[data-key]") ?? [])].find(
    (one) => one.dataset.key.split(" ").includes(key));
  const found = button ?? document.querySelector(`[data-page-key="${key}"]`);
  if (!found || found.disabled) return false;
  found.click();
  if (found.matches("summary")) {
    item.querySelector(".strip, input[name=chosen]")?.focus({ preventScroll: true });
    item.querySelector(".adjust button").scrollIntoView({ block: "nearest" });
  }
  return true;
}

document.addEventListener("focusin", () => show(current()));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.target.closest("input:not([type=checkbox], [type=radio]), select, textarea")) return;
  const item = current();
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    const at = items.indexOf(item);
    go(items[at < 0 ? 0 : at + (event.key === "j" ? 1 : -1)]);
  } else if (event.key === "m") {
    for (const box of item?.querySelectorAll("[name=everywhere]") ?? []) box.checked = !box.checked;
  } else if (/^[a-z1-9,.]$/.test(event.key) && press(item, event.key)) {
    event.preventDefault();
  }
});

editBoundaries(document);

const asked = location.hash && document.getElementById(location.hash.slice(1));
go(asked && items.includes(asked) ? asked : items.find((item) => !item.matches(".ruled")));
