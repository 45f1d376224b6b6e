// The page stays true while it is open: every half minute its two parts are fetched anew; without this script a reload does the same.
const EVERY_MS = 30_000;

async function renew() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return location.reload();
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of [".whole", ".parts"]) {
      const now = document.querySelector(part), then = fresh.querySelector(part);
      if (now.outerHTML !== then.outerHTML) now.replaceWith(then);
    }
  } catch {
    document.querySelector(".whole .hint").textContent = document.querySelector(".whole").dataset.lost;
  }
}

setInterval(renew, EVERY_MS);
document.addEventListener("visibilitychange", renew);
