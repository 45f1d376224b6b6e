// Copy buttons: shown only where a script can copy.
for (const button of document.querySelectorAll(".copy")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.previousElementSibling.textContent);
    button.dataset.copied = "1";
    button.textContent = "Tersalin";
    setTimeout(() => { button.textContent = "Salin"; delete button.dataset.copied; }, 2000);
  });
}
