// Ticking rows of the list. Without this script the boxes and the buttons below work by themselves.
const boxes = [...document.querySelectorAll('.cases input[name="k"]')];
const form = document.querySelector("#massal");
const all = document.querySelector("#semua");
let last = null;

const ticked = () => boxes.filter((box) => box.checked);
const rowBox = () => document.activeElement.closest("tr")?.querySelector('input[name="k"]');

function told() {
  const n = ticked().length;
  form.querySelector("[data-count]").textContent = n ? `${n} dipilih` : "Pilih laporan";
  form.classList.toggle("ready", n > 0);
  for (const button of form.querySelectorAll("button")) button.disabled = n === 0;
  for (const box of boxes) box.closest("tr").classList.toggle("chosen", box.checked);
  all.checked = n > 0 && n === boxes.length;
  all.indeterminate = n > 0 && n < boxes.length;
}

function tick(box, value, toHere) {
  const from = toHere && last ? boxes.indexOf(last) : boxes.indexOf(box);
  const to = boxes.indexOf(box);
  for (const one of boxes.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = value;
  last = box;
  told();
}

if (form) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    told();
  });
  for (const box of boxes) box.addEventListener("click", (event) => tick(box, box.checked, event.shiftKey));
  // Coming back, the browser may have kept the ticks.
  window.addEventListener("pageshow", told);
  told();
}

const KEYS = {
  x: () => rowBox() && tick(rowBox(), !rowBox().checked, false),
  X: () => rowBox() && tick(rowBox(), true, true),
  a: () => form && all.click(),
  e: () => form?.querySelector("button:not(:disabled)")?.focus(),
  o: () => document.activeElement.closest("tr")?.querySelector(".folded summary")?.click(),
  f: () => document.querySelector(".filters > summary")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const writes = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (writes) return;
  if (event.key === "Escape" && ticked().length) {
    for (const box of boxes) box.checked = false;
    told();
    event.preventDefault();
  } else if (event.key in KEYS) {
    event.preventDefault();
    KEYS[event.key]();
  }
}, true);
