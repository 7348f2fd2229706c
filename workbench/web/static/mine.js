// Enter goes on with the next task wherever nothing else takes the key; coming back to the page
// shows it as it is by then.
const next = document.querySelector("#continue");
const taken = "a, button, input, select, textarea, summary, [tabindex='0']";
let left = false;

document.addEventListener("keydown", (event) => {
  if (!next || event.key !== "Enter" || event.defaultPrevented || event.repeat) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest(taken)) return;
  event.preventDefault();
  next.click();
});

next?.addEventListener("click", () => { left = true; });
document.addEventListener("visibilitychange", () => {
  if (left && document.visibilityState === "visible") location.reload();
});
