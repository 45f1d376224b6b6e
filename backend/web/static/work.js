// Keys of the desk. Everything works without them, and none is taken while somebody writes.
const writes = (target) => target.closest("input, textarea, select, [contenteditable]");
const links = [...document.querySelectorAll("[data-keys] .what a")];

function step(by) {
  const at = links.indexOf(document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
}

function firstAct() {
  const button = document.querySelector("[data-key=e]");
  const field = button?.form.querySelector("textarea, select, input:not([type=hidden])");
  (field ?? button)?.focus();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => document.querySelector("#cari")?.focus(),
  e: firstAct,
  b: () => document.querySelector("#balasan")?.focus(),
  c: () => document.querySelector("#catatan-baru")?.focus(),
  a: () => document.querySelector("[data-key=a]")?.click(),
  g: () => document.querySelector("[data-key=g]")?.click(),
  z: () => document.querySelector("[data-key=z]")?.click(),
  "?": () => document.querySelector("dialog#tombol")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    if (writes(event.target)) event.target.blur();
    else document.querySelector(".crumb a")?.click();
    return;
  }
  if ((writes(event.target) && event.target.type !== "checkbox") || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

// A slow line and a second press: one order.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
