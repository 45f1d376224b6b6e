// While a file is on its way the page says how far it is: it asks once a second after the button was pressed, until it has ended.
const watched = document.querySelector("[data-watch]");
const state = document.getElementById("keadaan");
const rows = document.getElementById("baris");
const bar = document.getElementById("maju");
let began = false;
async function look() {
  try {
    const answer = await fetch(watched.dataset.watch, { headers: { Accept: "application/json" } });
    const told = answer.ok ? await answer.json() : null;
    if (told) {
      began ||= told.status === "sending";
      if (state.dataset[told.status] && (began || told.status !== "asked")) state.textContent = state.dataset[told.status];
      if (rows) rows.textContent = told.n_done;
      if (bar) bar.value = told.n_done;
      if ((began && told.status !== "sending") || told.status === "done") return;
    }
  } catch {
    // The line is down for a moment; the next look tells.
  }
  setTimeout(look, 1000);
}
document.getElementById("ambil")?.addEventListener("click", () => {
  state.textContent = state.dataset.sending;
  setTimeout(look, 500);
});
