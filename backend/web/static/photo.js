// Boxes over a photo: drawn, moved and resized by mouse, finger or keys. What is saved is burnt in by the server.
const STEP = 0.01, SMALLEST = 0.01;
const KEYS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
const kept = (value, least, most) => Math.min(Math.max(value, least), most);
const percent = (value) => `${Math.round(value * 100)} %`;

class Drawing {
  constructor(form) {
    this.form = form;
    this.area = form.querySelector("[data-area]");
    this.find = (name) => form.querySelector(`[data-${name}]`);
    this.boxes = JSON.parse(form.dataset.earlier);
    this.past = [];
    this.chosen = -1;
    this.held = null;
    for (const name of ["add", "undo", "remove", "how"]) this.find(name).hidden = false;
    this.find("add").addEventListener("click", () => this.add());
    this.find("undo").addEventListener("click", () => this.undo());
    this.find("remove").addEventListener("click", () => this.remove());
    this.area.addEventListener("pointerdown", (event) => this.down(event));
    this.area.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) this.area.addEventListener(end, () => this.up());
    form.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("submit", () => (this.sent = true));
    addEventListener("beforeunload", (event) => this.past.length && !this.sent && event.preventDefault());
    this.area.dataset.ready = "1";
    this.show();
  }

  remember() {
    this.past.push(JSON.stringify(this.boxes));
    this.lastKey = "";
  }

  add() {
    this.remember();
    this.boxes.push([0.4, 0.4, 0.2, 0.2]);
    this.choose(this.boxes.length - 1, true);
    this.say("Kotak baru di tengah foto.");
  }

  undo() {
    if (!this.past.length) return;
    this.boxes = JSON.parse(this.past.pop());
    this.lastKey = "";
    this.choose(Math.min(this.chosen, this.boxes.length - 1), true);
    this.say("Langkah terakhir diurungkan.");
  }

  remove() {
    if (this.chosen < 0) return;
    this.remember();
    this.boxes.splice(this.chosen, 1);
    this.choose(Math.min(this.chosen, this.boxes.length - 1), true);
    this.say("Kotak dihapus.");
  }

  at(event) {
    const box = this.area.getBoundingClientRect();
    return [kept((event.clientX - box.left) / box.width, 0, 1), kept((event.clientY - box.top) / box.height, 0, 1)];
  }

  down(event) {
    if (event.button) return;
    event.preventDefault();
    this.area.setPointerCapture(event.pointerId);
    const node = event.target.closest(".draw-box");
    this.remember();
    const start = this.at(event);
    if (node) {
      this.choose(Number(node.dataset.box), true);
      this.held = { how: event.target.closest("i") ? "resize" : "move", start, box: [...this.boxes[this.chosen]] };
    } else {
      this.boxes.push([...start, 0, 0]);
      this.choose(this.boxes.length - 1, false);
      this.held = { how: "draw", start, box: [...start, 0, 0] };
    }
  }

  move(event) {
    if (!this.held) return;
    const { how, start, box } = this.held, [x, y] = this.at(event), [dx, dy] = [x - start[0], y - start[1]];
    if (how === "move") this.place(box[0] + dx, box[1] + dy, box[2], box[3]);
    else if (how === "resize") this.place(box[0], box[1], box[2] + dx, box[3] + dy);
    else this.boxes[this.chosen] = [Math.min(start[0], x), Math.min(start[1], y), Math.abs(dx), Math.abs(dy)];
    this.show();
  }

  up() {
    if (!this.held) return;
    const [, , width, height] = this.boxes[this.chosen];
    this.held = null;
    if (width < SMALLEST || height < SMALLEST) this.boxes = JSON.parse(this.past.pop());
    else if (JSON.stringify(this.boxes) === this.past.at(-1)) this.past.pop();
    this.choose(Math.min(this.chosen, this.boxes.length - 1), true);
    this.tell();
  }

  key(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      return this.undo();
    }
    const node = event.target.closest?.(".draw-box"), step = KEYS[event.key];
    if (!node) return;
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      return this.remove();
    }
    if (!step) return;
    event.preventDefault();
    const run = `${this.chosen}${event.shiftKey}`;
    if (this.lastKey !== run) this.remember();
    this.lastKey = run;
    const [x, y, width, height] = this.boxes[this.chosen], [dx, dy] = step;
    if (event.shiftKey) this.place(x, y, width + dx, height + dy);
    else this.place(x + dx, y + dy, width, height);
    this.show();
    this.tell();
  }

  place(x, y, width, height) {
    width = kept(width, SMALLEST, 1);
    height = kept(height, SMALLEST, 1);
    this.boxes[this.chosen] = [kept(x, 0, 1 - width), kept(y, 0, 1 - height), width, height];
  }

  choose(index, focus) {
    this.chosen = index;
    this.show();
    if (focus) (this.area.querySelector("[data-chosen]") ?? this.find("add")).focus({ preventScroll: true });
  }

  name(index) {
    const [x, y, width, height] = this.boxes[index].map(percent);
    return `Kotak ${index + 1} dari ${this.boxes.length}: ${x} dari kiri, ${y} dari atas, lebar ${width}, tinggi ${height}`;
  }

  say(text) {
    this.find("said").textContent = text;
  }

  tell() {
    this.say(this.chosen >= 0 ? this.name(this.chosen) : "");
  }

  show() {
    const nodes = [...this.area.querySelectorAll(".draw-box")];
    for (const extra of nodes.splice(this.boxes.length)) extra.remove();
    while (nodes.length < this.boxes.length) nodes.push(this.area.appendChild(newBox(this)));
    nodes.forEach((node, index) => {
      const [left, top, width, height] = this.boxes[index];
      Object.entries({ left, top, width, height }).forEach(([side, value]) => (node.style[side] = `${value * 100}%`));
      node.dataset.box = index;
      node.toggleAttribute("data-chosen", index === this.chosen);
      node.setAttribute("aria-label", this.name(index));
    });
    const n = this.boxes.length, save = this.find("save");
    this.form.elements.boxes.value = JSON.stringify(this.boxes.map((box) => box.map((value) => +value.toFixed(4))));
    save.textContent = n ? save.dataset.some.replace("#", n) : save.dataset.none;
    this.find("undo").disabled = !this.past.length;
    this.find("remove").disabled = this.chosen < 0;
  }
}

function newBox(drawing) {
  const node = document.createElement("div");
  node.className = "draw-box";
  node.tabIndex = 0;
  node.setAttribute("role", "application");
  node.setAttribute("aria-roledescription", "kotak penutup");
  node.setAttribute("aria-describedby", "cara");
  node.append(document.createElement("i"));
  node.addEventListener("focus", () => {
    drawing.chosen = Number(node.dataset.box);
    drawing.show();
  });
  return node;
}

for (const form of document.querySelectorAll("[data-draw]")) new Drawing(form);
