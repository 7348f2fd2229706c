// The document page: inspector, keys, filters. Without this script links and forms do the same.
const paper = document.querySelector(".paper");
const inspector = document.getElementById("inspector");
const inspected = document.getElementById("inspected");
const help = document.getElementById("help");
const filter = document.getElementById("filter");
const tools = document.querySelector(".tools");
const remembered = "workbench.hidden";
let current = paper.querySelector(".span.current");
let asked = 0;

const shownSpans = () =>
  [...paper.querySelectorAll(".span[id]")].filter((span) => !isHidden(span));

function isHidden(span) {
  return [...span.classList].some(
    (name) => name.startsWith("l-") && paper.classList.contains(`hide-${name.slice(2)}`));
}

function pieces(number) {
  return paper.querySelectorAll(`.span[data-span="${number}"]`);
}

function select(span, focus = true) {
  if (current) for (const piece of pieces(current.dataset.span)) piece.classList.remove("current");
  for (const stop of paper.querySelectorAll('.span[tabindex="0"]')) stop.tabIndex = -1;
  current = span;
  span.tabIndex = 0;
  for (const piece of pieces(span.dataset.span)) piece.classList.add("current");
  if (focus) {
    span.focus({ preventScroll: true });
    span.scrollIntoView({ block: "center", inline: "nearest" });
  }
}

async function inspect(number) {
  const mine = ++asked;
  inspector.classList.add("open");
  inspector.setAttribute("aria-busy", "true");
  const waiting = setTimeout(() => { inspected.textContent = inspector.dataset.loading; }, 300);
  try {
    const answer = await fetch(paper.dataset.spans + number);
    if (answer.redirected) return location.reload();
    if (!answer.ok) throw new Error(answer.statusText);
    const html = await answer.text();
    if (mine === asked) inspected.innerHTML = html;
  } catch {
    if (mine === asked) inspected.textContent = inspector.dataset.failed;
  } finally {
    clearTimeout(waiting);
    if (mine === asked) inspector.removeAttribute("aria-busy");
  }
  const address = new URL(location.href);
  address.searchParams.set("span", number);
  address.hash = `s${number}`;
  history.replaceState(null, "", address);
}

function close() {
  asked += 1;
  inspector.classList.remove("open");
  const address = new URL(location.href);
  address.searchParams.delete("span");
  history.replaceState(null, "", address);
  if (current) current.focus({ preventScroll: true });
}

function step(by) {
  const spans = shownSpans();
  if (!spans.length) return turn(by);
  let next;
  if (current && spans.includes(current)) {
    next = spans[spans.indexOf(current) + by];
  } else {
    // From where the reader is: the first span below the bar of tools, or the last above it.
    const edge = tools.getBoundingClientRect().bottom;
    next = by > 0
      ? spans.find((span) => span.getBoundingClientRect().top >= edge) ?? spans[0]
      : spans.findLast((span) => span.getBoundingClientRect().top < edge) ?? spans.at(-1);
  }
  if (next) select(next);
  else turn(by);
  if (next && inspector.classList.contains("open")) inspect(next.dataset.span);
}

function turn(by) {
  const link = document.querySelector(by > 0 ? 'a[rel="next"]' : 'a[rel="prev"]');
  if (link) location.assign(`${link.href.split("#")[0]}#${by > 0 ? "first" : "last"}`);
}

function follow(which) {
  const link = document.querySelector(`[data-finding="${which}"]`) ??
    document.querySelector('[data-finding="first"]');
  if (link) location.assign(link.href);
}

function applyFilter() {
  const hidden = [];
  for (const box of filter.querySelectorAll("[data-hide]")) {
    paper.classList.toggle(box.dataset.hide, !box.checked);
    if (!box.checked) hidden.push(box.dataset.hide);
  }
  for (const span of paper.querySelectorAll(".span")) {
    if (isHidden(span)) span.removeAttribute("href");
    else span.href = span.dataset.href ??= span.getAttribute("href");
  }
  sessionStorage.setItem(remembered, JSON.stringify(hidden));
}

function jump(link, event) {
  const span = document.getElementById(`s${link.dataset.jump}`);
  if (!span) return;
  event.preventDefault();
  select(span);
  inspect(link.dataset.jump);
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const span = event.target.closest(".paper .span");
  if (span && !isHidden(span)) {
    event.preventDefault();
    select(document.getElementById(`s${span.dataset.span}`) ?? span, false);
    inspect(span.dataset.span);
    return;
  }
  const link = event.target.closest("[data-jump]");
  if (link) jump(link, event);
  else if (event.target.closest("[data-close]")) {
    event.preventDefault();
    close();
  } else if (event.target.closest("[data-help]")) help.showModal();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  if (event.target.matches("input:not([type=checkbox]), select, textarea")) return;
  const act = {
    j: () => step(1), k: () => step(-1), n: () => turn(1), p: () => turn(-1),
    "?": () => help.showModal(),
    Escape: close,
    f: () => follow("after"), F: () => follow("before"),
    c: () => {
      const box = filter?.querySelector('[data-hide="hide-classes"]');
      if (box) { box.checked = !box.checked; applyFilter(); }
    },
  }[event.key];
  if (act) {
    event.preventDefault();
    act();
  } else if (event.key === "Enter" && current && document.activeElement === document.body) {
    inspect(current.dataset.span);
  }
});

if (filter) {
  const hidden = JSON.parse(sessionStorage.getItem(remembered) ?? "[]");
  // A filter in the address is what the reader asked for; it goes before what was remembered.
  if (!new URLSearchParams(location.search).has("label")) {
    for (const box of filter.querySelectorAll("[data-hide]")) {
      if (hidden.includes(box.dataset.hide)) box.checked = false;
    }
  }
  filter.addEventListener("change", applyFilter);
  filter.querySelector("[data-help]").hidden = false;
  applyFilter();
}
// One stop for the tabulator in the text; j and k go from span to span.
const spans = shownSpans();
for (const span of paper.querySelectorAll(".span")) span.tabIndex = -1;
if (spans.length) (current ?? spans[0]).tabIndex = 0;
if (location.hash === "#first" && spans.length) select(spans[0]);
if (location.hash === "#last" && spans.length) select(spans.at(-1));
if (window.matchMedia("(max-width: 1100px)").matches) {
  document.querySelector(".outline details").open = false;
}
// The figure that the address names, in the middle of what is seen: the bar of tools would hide it.
const named = location.hash ? document.getElementById(location.hash.slice(1)) : null;
const figure = named?.matches(".sum, td") ? named : paper.querySelector(".asked");
if (figure && /[?&](finding|to)=/.test(location.search)) {
  // On a narrow screen the panel covers the lower half.
  const narrow = window.matchMedia("(max-width: 1100px)").matches;
  figure.scrollIntoView({ block: narrow ? "start" : "center", inline: "center" });
}
// Outline and inspector stand below the bar of tools, however high it is.
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--tools", `${tools.offsetHeight}px`);
}).observe(tools);
