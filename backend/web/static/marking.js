// Words of the sentence are marked as a place, a time or an office: by dragging over them, or with the arrow keys.
const sentence = document.getElementById("sentence");
const bar = document.getElementById("marking");
const names = { tempat: "Tempat", waktu: "Waktu", instansi: "Instansi" };
let words = [], marks = [], from = -1, to = -1;

function begin() {
  const text = sentence.textContent;
  sentence.textContent = "";
  for (const part of text.matchAll(/\s+|\S+/g)) {
    const span = document.createElement("span");
    span.textContent = part[0];
    if (part[0].trim()) {
      span.className = "word";
      Object.assign(span.dataset, { start: part.index, stop: part.index + part[0].length });
      words.push(span);
    }
    sentence.append(span);
  }
  bar.hidden = false;
  document.addEventListener("selectionchange", dragged);
  for (const button of bar.querySelectorAll("[data-mark]")) {
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => add(button.dataset.mark));
  }
}
function dragged() {
  const selection = getSelection();
  if (selection.isCollapsed || !sentence.contains(selection.anchorNode)) return;
  const taken = words.flatMap((word, place) => (selection.containsNode(word, true) ? [place] : []));
  if (taken.length) select(taken[0], taken.at(-1));
}
function select(first, last) {
  [from, to] = [first, last];
  const [low, high] = [Math.min(first, last), Math.max(first, last)];
  words.forEach((word, place) => word.classList.toggle("taken", first >= 0 && place >= low && place <= high));
  bar.querySelectorAll("[data-mark]").forEach((button) => (button.disabled = first < 0));
}
function add(kind) {
  if (from < 0) return;
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const one = { kind, start: +words[low].dataset.start, stop: +words[high].dataset.stop };
  marks = marks.filter((other) => other.stop <= one.start || other.start >= one.stop);
  marks.push(one);
  getSelection().removeAllRanges();
  select(-1, -1);
  draw();
}
function draw() {
  for (const word of words) {
    const on = marks.find((one) => +word.dataset.start >= one.start && +word.dataset.stop <= one.stop);
    word.dataset.kind = on ? on.kind : "";
  }
  const told = document.getElementById("marks");
  told.replaceChildren(...marks.map((one) => {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip";
    chip.dataset.kind = one.kind;
    chip.textContent = `${names[one.kind]}: ${sentence.textContent.slice(one.start, one.stop)} ×`;
    chip.setAttribute("aria-label", `Hapus tanda ${names[one.kind]}: ${sentence.textContent.slice(one.start, one.stop)}`);
    chip.addEventListener("click", () => { marks = marks.filter((other) => other !== one); draw(); });
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "mark", value: `${one.kind}:${one.start}:${one.stop}` });
    const pair = document.createElement("span");
    pair.append(chip, field);
    return pair;
  }));
}
export const mark = {
  // Whether a key was for marking; E begins, arrows move, Shift extends, Escape leaves.
  hears(event) {
    if (!sentence || event.target.closest("input:not([type=checkbox]), textarea, select")) return false;
    const key = event.key.toLowerCase();
    if (key === "e") { select(0, 0); return true; }
    if (from < 0) return false;
    const step = { arrowleft: -1, arrowright: 1 }[key];
    if (step) {
      const next = Math.max(0, Math.min(words.length - 1, to + step));
      select(event.shiftKey ? from : next, next);
      return true;
    }
    if (key === "escape") { select(-1, -1); return true; }
    return false;
  },
};
if (sentence && bar) begin();
