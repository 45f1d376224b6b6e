// Maps can be dragged, pinched and stepped without leaving the page. The picture comes from the server; without this its links work.
const MARGIN = 0.5, CLOSEST = 0.25;

function scaleBar(metres) {
  const wanted = metres / 4, power = 10 ** Math.floor(Math.log10(wanted));
  const round = Math.max(...[1, 2, 5].map((step) => step * power).filter((value) => value <= wanted));
  return { part: round / metres, label: round >= 1000 ? `${round / 1000} km` : `${round} m` };
}

function movable(card) {
  const picture = card.querySelector("[data-map-picture]");
  if (!picture) return;
  const { width, height } = picture.viewBox.baseVal;
  const bar = card.querySelector("[data-map-bar]"), length = card.querySelector("[data-map-length]");
  const fingers = new Map();
  let zoom = 1, x = 0, y = 0, spread = 0;

  const show = () => {
    x = Math.min(Math.max(x, -MARGIN * width), (1 + MARGIN - zoom) * width);
    y = Math.min(Math.max(y, -MARGIN * height), (1 + MARGIN - zoom) * height);
    picture.setAttribute("viewBox", `${x} ${y} ${width * zoom} ${height * zoom}`);
    picture.style.setProperty("--z", zoom);
    const { part, label } = scaleBar(picture.dataset.metres * zoom);
    bar.setAttribute("d", `M1 2v8h${part * width}v-8`);
    length.textContent = label;
  };
  const zoomAt = (factor, event) => {
    const box = picture.getBoundingClientRect();
    const across = (event.clientX - box.left) / box.width, down = (event.clientY - box.top) / box.height;
    const next = Math.min(1 + MARGIN, Math.max(CLOSEST, zoom * factor));
    x += across * width * (zoom - next);
    y += down * height * (zoom - next);
    zoom = next;
    show();
  };
  const drag = (event) => {
    const unit = (width * zoom) / picture.getBoundingClientRect().width;
    x -= event.movementX * unit;
    y -= event.movementY * unit;
    show();
  };
  const pinch = (event) => {
    const [one, other] = [...fingers.values()];
    const apart = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    if (spread) zoomAt(spread / apart, event);
    spread = apart;
  };

  picture.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, event);
    spread = 0;
    if (event.pointerType === "mouse") picture.setPointerCapture(event.pointerId);
  });
  picture.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, event);
    if (fingers.size === 2) pinch(event);
    else if (event.pointerType === "mouse") drag(event);
  });
  for (const end of ["pointerup", "pointercancel"]) picture.addEventListener(end, (event) => fingers.delete(event.pointerId));
  picture.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoomAt(event.deltaY > 0 ? 1.2 : 1 / 1.2, event);
  }, { passive: false });
  card.dataset.ready = "1";
}

async function step(link) {
  const card = link.closest("[data-map]"), which = link.dataset.mapStep;
  try {
    const answer = await fetch(link.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = answer.ok && page.getElementById(card.id);
    if (!fresh) throw new Error("no map");
    card.replaceWith(fresh);
    movable(fresh);
    const again = fresh.querySelector(`[data-map-step="${which}"][href]`) ?? fresh.querySelector("[data-map-step][href]");
    again?.focus();
  } catch {
    location.assign(link.href);
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-map-step][href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  step(link);
});
for (const card of document.querySelectorAll("[data-map]")) movable(card);
