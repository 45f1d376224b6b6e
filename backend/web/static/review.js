import { mark } from "./marking.js";

// Keys of the review page: a key presses the button that carries it. Without this script every button works by itself.
const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select");
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (mark.hears(event)) return event.preventDefault();
  if (typing(event.target)) {
    if (event.key === "Enter" && event.target.id === "words") {
      event.preventDefault();
      event.target.form.querySelector('[value="approve"]').click();
    }
    return;
  }
  const key = event.key.toLowerCase();
  if (key === "?") {
    const help = document.getElementById("keys");
    help.open = !help.open;
  } else if (key === "/") {
    event.preventDefault();
    document.querySelector('[data-focus="/"]')?.focus();
  } else {
    document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.click();
  }
});
// A sentence is decided once, however fast the key is pressed.
document.querySelector("form[data-keys]")?.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
const all = document.querySelector("[data-all]");
if (all) {
  all.hidden = false;
  all.addEventListener("click", () => {
    const boxes = [...document.querySelectorAll("[name=also]")];
    const some = boxes.some((box) => !box.checked);
    boxes.forEach((box) => (box.checked = some));
    all.closest("details").open = true;
  });
}
