// A boundary is chosen on the characters. Offsets count code points, as the server does.
export function editBoundaries(root) {
  for (const strip of root.querySelectorAll("[data-strip]")) {
    const form = strip.closest("form");
    const first = Number(strip.dataset.first);
    const cells = [...strip.dataset.strip].map((character, place) => {
      const cell = document.createElement("span");
      cell.textContent = character === "\n" ? "⏎" : character;
      cell.dataset.place = first + place;
      strip.append(cell);
      return cell;
    });
    const { start, end } = form.elements;
    const draw = () => {
      for (const [place, cell] of cells.entries()) {
        cell.classList.toggle("in", first + place >= start.value && first + place < end.value);
      }
    };
    const set = (left, right) => {
      if (left < first || right > first + cells.length || left >= right) return;
      [start.value, end.value] = [left, right];
      draw();
    };
    strip.addEventListener("click", (event) => {
      const at = Number(event.target.dataset.place ?? NaN);
      if (Number.isNaN(at)) return;
      const [left, right] = [Number(start.value), Number(end.value)];
      if (Math.abs(at - left) < Math.abs(at - (right - 1))) set(at, right);
      else set(Math.min(left, at), at + 1);
    });
    strip.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by) {
        event.preventDefault();
        set(Number(start.value) + (event.shiftKey ? by : 0),
            Number(end.value) + (event.shiftKey ? 0 : by));
      } else if (event.key === "Enter") {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    form.addEventListener("input", draw);
    draw();
  }
}
