// A queue by keys: j and k go from item to item, a number presses that button of the item.
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
  if (event.target.closest("input, select, textarea")) return;
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
  }
});
