// Moves the progress bars of running work; when one ends, the page is loaded anew.
const list = document.querySelector("[data-progress]");
const every = 2000;

function show(entry, one) {
  const bar = entry.querySelector("progress");
  if (bar && one.total) {
    bar.max = one.total;
    bar.value = one.done;
  }
  const count = entry.querySelector(".n");
  if (count && one.total) count.textContent = `${one.done} / ${one.total}`;
  let pace = entry.querySelector(".pace");
  if (one.pace && !pace && count) {
    pace = document.createElement("span");
    pace.className = "pace quiet";
    count.after(" ", pace);
  }
  if (pace) pace.textContent = one.pace;
  entry.querySelector(".message").textContent = one.message;
}

async function look() {
  const answer = await fetch(list.dataset.progress, { headers: { Accept: "application/json" } });
  if (answer.redirected || !answer.ok) return location.reload();
  const shown = new Map([...list.children].map((entry) => [entry.dataset.name, entry]));
  for (const one of await answer.json()) {
    const entry = shown.get(one.name);
    if (!entry) {
      // A page that shows only some of the work does not care what else begins.
      if ("some" in list.dataset || one.state !== "running") continue;
      return location.reload();
    }
    if (entry.dataset.state !== one.state) return location.reload();
    show(entry, one);
  }
  setTimeout(step, every);
}

function step() {
  // The server may be stopped; it is asked again, and its silence is no error of the page.
  look().catch(() => setTimeout(step, 5 * every));
}

if (list && list.querySelector('[data-state="running"]')) setTimeout(step, every);
