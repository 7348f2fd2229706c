// A queue by keys: j and k go from item to item, a number presses that button of the item, m takes
// what is like it along, u undoes the last.
const items = [...document.querySelectorAll("[data-item]")];
document.querySelector("[data-keys]")?.removeAttribute("hidden");

function go(step) {
  const inside = items.findIndex((item) => item.contains(document.activeElement));
  const next = items[inside < 0 ? (step > 0 ? 0 : items.length - 1) : inside + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    go(event.key === "j" ? 1 : -1);
  } else if (/^[1-9]$/.test(event.key)) {
    const item = items.find((one) => one.contains(document.activeElement));
    const button = item?.querySelectorAll("[data-act]")[Number(event.key) - 1];
    if (!button) return;
    event.preventDefault();
    button.focus();
    button.click();
  } else if (event.key === "m") {
    const item = items.find((one) => one.contains(document.activeElement));
    const box = item?.querySelector("[name=everywhere]");
    if (box) box.checked = !box.checked;
  } else if (event.key === "u") {
    const undo = document.querySelector("[data-undo]");
    if (!undo) return;
    event.preventDefault();
    undo.click();
  }
});

const asked = location.hash && document.getElementById(location.hash.slice(1));
if (items.includes(asked)) {
  asked.focus({ preventScroll: true });
  asked.scrollIntoView({ block: "nearest" });
}
