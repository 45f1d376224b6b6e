// <teman-lapor>: the chat window. `chat-line.js` talks to the server, `chat-draw.js` makes the pieces; here they meet.
import { actionButton, bubble, card, choiceList, clock, dayOf, el, icon, mine, receipt } from "./chat-draw.js";
import { Line } from "./chat-line.js";
import sheet from "./chat-style.js";
import words from "./strings.js";

const home = new URL(import.meta.url);
const LARGEST_FILE = 16 * 1024 * 1024;
const LONGEST_SIDE = 1600;
const TYPING_MS = 30000;
const NEAR_PX = 120;

class TemanLapor extends HTMLElement {
  #bubbles = new Map(); #labels = new Map(); #bars = new Map(); #answered = 0; #file; #day; #typingEnds; #escapes = []; #tabs;

  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    this.#borrowTokens(root);
    root.append(this.#build());
    this.line = new Line(home.origin, {
      event: (event) => this.#receive(event),
      stored: (item, seq) => this.#stored(item, seq),
      refused: (item, sentence) => this.#refused(item, sentence),
      restart: () => this.#restart(),
      net: (state) => this.#net(state),
      pace: (isTooFast) => this.#tell("pace", isTooFast && words.tooFast),
    });
    this.#tabs = "BroadcastChannel" in window ? new BroadcastChannel("teman-lapor") : null;
    if (this.#tabs) this.#tabs.onmessage = () => this.#vanish();
    addEventListener("keydown", (event) => this.#escape(event));
    this.#begin();
  }

  async #begin() {
    this.log.setAttribute("aria-busy", "true");
    const waiting = [...this.line.queue];
    if (!navigator.onLine) this.#net("offline");
    const begun = this.line.start();
    await Promise.race([begun, new Promise((done) => setTimeout(done, 4000))]);
    waiting.filter((item) => !this.#bubbles.has(item.client_id)).forEach((item) => this.#draw(item, "clock"));
    this.#offerStarters();
    this.log.removeAttribute("aria-busy");
    this.#down(true);
  }

  /** On a page that does not load our tokens, they apply inside the window alone. */
  async #borrowTokens(root) {
    if (getComputedStyle(this).getPropertyValue("--accent")) return;
    const answer = await fetch(new URL("tokens.css", home)).catch(() => null);
    if (!answer?.ok) return;
    const tokens = new CSSStyleSheet();
    tokens.replaceSync((await answer.text()).replaceAll(":root", ":host"));
    root.adoptedStyleSheets = [tokens, sheet];
  }

  #build() {
    const tool = (name, label, onclick) => el("button", { type: "button", class: "icon", "aria-label": label, title: label, onclick }, icon(name));
    this.steps = el("div", { class: "steps", hidden: true });
    this.bar = el("div", { class: "bar", role: "status" });
    this.dots = el("div", { class: "msg dots" }, el("span", { class: "sr" }), el("i"), el("i"), el("i"));
    this.hello = el("div", { class: "msg hello" }, el("p", {}, words.welcome), el("p", {}, words.welcomeExample), el("p", {}, words.welcomePrivacy));
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": words.log, tabindex: "0", onscroll: () => { if (this.#isNear()) this.newer.hidden = true; } }, this.hello, this.dots);
    this.newer = el("button", { type: "button", class: "newer", hidden: true, onclick: () => { this.#down(true); this.input.focus(); } }, icon("down"), words.newer);
    this.input = el("textarea", { rows: "1", maxlength: "4000", placeholder: words.placeholder, "aria-label": words.message, autocomplete: "off", enterkeyhint: "send",
      oninput: () => this.#grow(), onpaste: (event) => this.#paste(event),
      onkeydown: (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.#submit(); } } });
    this.picker = el("input", { type: "file", accept: "image/*,application/pdf,video/mp4,audio/*", hidden: true, onchange: () => { this.#take(this.picker.files[0]); this.picker.value = ""; } });
    this.preview = el("div", { class: "preview", hidden: true });
    const write = el("div", { class: "write" }, tool("photo", words.photo, () => this.picker.click()), tool("place", words.location, () => this.#locate()), this.input,
      el("button", { type: "submit", class: "icon go", "aria-label": words.send, title: words.send }, icon("send")));
    return el("section", { class: "win", "aria-label": words.title },
      el("header", {}, icon("logo"), el("div", {}, el("h2", {}, words.title), el("p", {}, this.getAttribute("desk") || words.subtitle)),
        el("button", { type: "button", class: "exit", title: words.exitHint, onclick: () => this.#leave() }, words.exit)),
      this.steps, this.bar, el("div", { class: "stage" }, this.log, this.newer),
      el("form", { onsubmit: (event) => { event.preventDefault(); this.#submit(); } }, this.preview, this.picker, write));
  }

  // ---- saying

  #say(message, shown, more = {}) {
    this.#clearChoices();
    this.#draw(this.line.send({ message, shown, ...more }), "clock");
  }

  #submit() {
    const text = this.input.value.trim();
    if (this.#file) { this.#say({}, this.#file.type.startsWith("image/") ? words.photoSent : words.fileSent, { file: this.#file }); this.#drop(); }
    if (text) this.#say({ text }, text);
    this.input.value = "";
    this.#grow();
    this.input.focus();
  }

  #paste(event) {
    const file = [...(event.clipboardData?.files || [])].find((one) => one.type.startsWith("image/"));
    if (file) { event.preventDefault(); this.#take(file); }
  }

  async #take(file) {
    if (!file) return;
    this.#tell("file", words.preparing);
    const small = await smaller(file);
    this.#tell("file", "");
    if (small.size > LARGEST_FILE) { this.#note(words.tooLarge); return; }
    this.#file = small;
    const picture = small.type.startsWith("image/") ? el("img", { src: URL.createObjectURL(small), alt: "" }) : null;
    const remove = el("button", { type: "button", "aria-label": words.remove, onclick: () => { this.#drop(); this.input.focus(); } }, words.removeShort);
    this.preview.replaceChildren(...[picture, el("span", {}, file.name), remove].filter(Boolean));
    this.preview.hidden = false;
    this.input.focus();
  }

  #drop() {
    this.#file = undefined;
    this.preview.hidden = true;
    this.preview.replaceChildren();
  }

  #locate() {
    if (!navigator.geolocation) { this.#note(words.noLocation); return; }
    this.#tell("place", words.locating);
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      this.#tell("place", "");
      this.#say({ location: { latitude: coords.latitude, longitude: coords.longitude, accuracy_m: coords.accuracy } }, words.placeSent, { icon: "place" });
      this.input.focus();
    }, () => { this.#tell("place", ""); this.#note(words.noLocation); this.input.focus(); }, { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
  }

  // ---- what the line tells

  #stored(item, seq) {
    this.#mark(item.client_id);
    if (seq > this.#answered) this.#typing(true);
  }

  #refused(item, sentence) {
    this.#bubbles.get(item.client_id)?.remove();
    this.#bubbles.delete(item.client_id);
    this.#note(sentence || words.uploadFailed);
    if (item.message.text) { this.input.value = item.message.text; this.#grow(); }
  }

  #net(state) {
    this.#tell("net", { offline: words.offline, trouble: words.trouble, blocked: words.blocked }[state]);
    if (state === "blocked") this.bar.append(" ", el("a", { href: home.origin, target: "_blank", rel: "noopener" }, words.blockedLink));
  }

  #restart() {
    this.log.replaceChildren(this.hello, this.dots);
    this.#bubbles.clear();
    this.#answered = 0;
    this.#day = undefined;
    this.steps.hidden = true;
    this.line.queue.forEach((item) => this.#draw(item, "clock"));
  }

  #receive(event) {
    if (event.kind === "typing") { this.#typing(true); return; }
    if (event.kind === "mine") { this.#heardMine(event); return; }
    this.#answered = event.seq;
    this.#typing(false);
    this.#clearChoices();
    this.#show(event);
  }

  #heardMine(event) {
    if (this.#bubbles.has(event.client_id)) { this.#mark(event.client_id, event.at); return; }
    const { text, choice, location, attachments } = event.message || {};
    const item = { client_id: event.client_id, at: event.at, shown: text ?? words.chosen };
    if (choice) item.shown = this.#labels.get(choice) ?? words.chosen;
    if (location) Object.assign(item, { shown: words.placeSent, icon: "place" });
    if (attachments) Object.assign(item, { shown: attachments[0]?.kind === "photo" ? words.photoSent : words.fileSent, icon: "photo" });
    this.#clearChoices();
    this.#draw(item, "tick");
  }

  #show({ kind, at, message = {}, code }) {
    const { text = "", choices, card: drawn, progress, ask } = message;
    const rows = drawn?.rows || [];
    const follows = this.#isNear(), last = this.dots.previousElementSibling;
    if (code) this.#put(receipt(text || "", code, rows, at), at);
    else if (rows.length) this.#put(card(text || "", drawn, at), at);
    else if (text) this.#put(bubble(text, at, kind === "notice"), at);
    this.#progress(code ? null : progress, kind);
    if (ask === "location") this.#put(actionButton("place", words.askLocation, () => this.#locate()));
    if (ask === "photo") this.#put(actionButton("photo", words.askPhoto, () => this.picker.click()));
    if (choices?.length) this.#offer(choices);
    if (follows) this.#showFrom(last ? last.nextElementSibling : this.log.firstElementChild);
  }

  // ---- showing

  #draw(item, tick) {
    const node = mine(item, tick);
    this.#bubbles.set(item.client_id, node);
    this.#put(node, item.at);
  }

  /** Stored: with a tick, and the time that the server gave it. */
  #mark(id, at) {
    const meta = this.#bubbles.get(id)?.querySelector(".meta");
    if (!meta) return;
    meta.lastChild.replaceWith(icon("tick", words.stored));
    if (at) meta.firstChild.replaceWith(clock(at));
  }

  #offer(choices) {
    choices.forEach((choice) => this.#labels.set(choice.id, choice.label));
    this.#put(choiceList(choices, (choice) => { this.#say({ choice: choice.id }, choice.label); this.input.focus(); }));
  }

  #offerStarters() {
    if (this.#bubbles.size || this.#answered) return;
    const list = choiceList(words.starters.map((label) => ({ label })), ({ label }) => { this.#say({ text: label }, label); this.input.focus(); });
    list.classList.add("starters");
    this.#put(list);
  }

  #clearChoices() { this.log.querySelectorAll(".choices").forEach((node) => node.remove()); }

  #progress(progress, kind) {
    if (kind === "notice") return;
    this.steps.hidden = !progress?.of;
    if (!progress?.of) return;
    const parts = Array.from({ length: progress.of }, (_, n) => el("i", { class: n < progress.step ? "on" : "" }));
    this.steps.replaceChildren(el("span", {}, words.step(progress.step, progress.of)), el("div", { "aria-hidden": "true" }, ...parts));
  }

  #note(text) { this.#put(el("div", { class: "msg notice problem" }, text)); }

  #put(node, at) {
    const day = at && dayOf(at);
    const stays = !this.#isNear() && !node.classList.contains("mine");
    if (day && day !== this.#day) { this.#day = day; this.log.insertBefore(el("div", { class: "day" }, day), this.dots); }
    this.log.insertBefore(node, this.dots);
    if (stays) this.#pill(words.newer);
    else this.#down();
  }

  /** An answer that is longer than the window is read from its beginning. */
  #showFrom(start) {
    const first = start.classList.contains("day") ? start.nextElementSibling : start;
    requestAnimationFrame(() => {
      const height = this.log.scrollHeight - first.offsetTop;
      if (height <= this.log.clientHeight || !first.classList.contains("msg")) return;
      this.log.scrollTo({ top: first.offsetTop - this.log.offsetTop - 12 });
      this.#pill(words.below);
    });
  }

  #pill(label) {
    this.newer.lastChild.replaceWith(label);
    this.newer.hidden = false;
  }

  #isNear() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_PX; }
  #down(now) { requestAnimationFrame(() => this.log.scrollTo({ top: this.log.scrollHeight, behavior: now ? "instant" : "auto" })); this.newer.hidden = true; }

  #typing(on) {
    clearTimeout(this.#typingEnds);
    this.dots.classList.toggle("on", on);
    this.dots.firstChild.textContent = on ? words.typing : "";
    if (!on) return;
    this.#typingEnds = setTimeout(() => this.#typing(false), TYPING_MS);
    if (this.#isNear()) this.#down();
  }

  /** One bar for everything that is going on; the most serious thing is shown. */
  #tell(what, text) {
    if (text) this.#bars.set(what, text); else this.#bars.delete(what);
    const shown = this.#bars.get("net") || this.#bars.get("pace") || this.#bars.get("place") || this.#bars.get("file") || "";
    if (this.bar.textContent !== shown) this.bar.textContent = shown;
    this.bar.classList.toggle("on", Boolean(shown));
  }

  #grow() { this.input.style.height = "auto"; this.input.style.height = `${Math.min(this.input.scrollHeight + 3, 136)}px`; }

  // ---- quick exit

  #escape(event) {
    if (event.key !== "Escape") { this.#escapes = []; return; }
    this.#escapes = [...this.#escapes.slice(-2), event.timeStamp];
    if (this.#escapes.length === 3 && this.#escapes[2] - this.#escapes[0] < 2000) this.#leave();
  }

  async #leave() {
    const left = this.line.leave();
    this.#tabs?.postMessage("leave");
    this.#clear();
    await Promise.race([left, new Promise((done) => setTimeout(done, 500))]);
    this.#vanish();
  }

  #clear() {
    this.line.close();
    document.body.replaceChildren();
    document.title = " ";
  }

  #vanish() {
    this.#clear();
    location.replace(new URL("kosong.html", home).href);
  }
}

/** A photo as small as a slow connection needs it; anything else as it is. */
async function smaller(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return file;
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
    if (scale === 1 && file.size < 400000) return file;
    const canvas = el("canvas", { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob((blob) => done(blob || file), "image/jpeg", 0.8));
  } catch { return file; }
}

if (!customElements.get("teman-lapor")) customElements.define("teman-lapor", TemanLapor);
