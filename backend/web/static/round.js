// A round is watched while it runs: its log every second, and the whole page anew when it has ended.
const watched = document.querySelector("[data-watch]");
const log = document.getElementById("log");
async function look() {
  try {
    const answer = await fetch(watched.dataset.watch, { headers: { Accept: "application/json" } });
    if (!answer.ok) return setTimeout(look, 5000);
    const told = await answer.json();
    if (!told.open) return location.reload();
    const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
    if (told.status === "running") {
      const mark = document.getElementById("status");
      mark.textContent = mark.dataset.running;
      mark.dataset.state = told.status;
    }
    if (told.log) log.textContent = told.log;
    if (atEnd) log.scrollTop = log.scrollHeight;
  } catch {
    // The line is down for a moment; the next look tells.
  }
  setTimeout(look, 1000);
}
if (watched) look();
