// The line to the server. A message stays in the queue until the server has stored it; replies come as events with rising
// numbers, so a reload, a second tab or an hour without signal lose nothing. Nothing here touches the page.
const KEPT = "teman-lapor-belum-terkirim";
const HIDDEN_MS = 60000;

const hex = (byte) => byte.toString(16).padStart(2, "0");
const newId = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), hex).join("");

export class CookiesBlocked extends Error {}

export class Line {
  queue = []; #seq = 0; #told = new Set(); #busy = false; #stream; #failures = 0; #gone = false; #wake = () => {}; #hidden; #listening = 0; #isStale = false;

  /** `on` has: event(event), stored(item, seq), refused(item, sentence), restart(), net("" | "offline" | "trouble" | "blocked"), pace(isTooFast). */
  constructor(origin, on) {
    this.origin = origin;
    this.on = on;
    this.queue = this.#kept();
    addEventListener("online", () => this.#again());
    addEventListener("offline", () => this.on.net("offline"));
    document.addEventListener("visibilitychange", () => this.#seen());
  }

  async start() {
    await this.#until(() => this.#session());
    await this.#listen();
    this.#flush();
  }

  /** Queue a message: `{message, shown, file?}`; returns it with its id and time. */
  send(said) {
    const item = { client_id: newId(), at: new Date().toISOString(), ...said };
    this.queue.push(item);
    this.#keep();
    this.#flush();
    return item;
  }

  /** Quick exit: forget here at once, tell the server on the way out. */
  leave() {
    this.close();
    this.queue = [];
    this.#keep();
    return fetch(this.#url("leave"), { method: "POST", credentials: "include", keepalive: true }).catch(() => {});
  }

  close() {
    this.#gone = true;
    this.#stream?.close();
    this.#wake();
  }

  // ---- asking

  #url(path) { return `${this.origin}/api/web/${path}`; }

  async #fetch(path, options) {
    const wait = new AbortController();
    const timer = setTimeout(() => wait.abort(), options.body instanceof FormData ? 180000 : 30000);
    try {
      return await fetch(this.#url(path), { credentials: "include", cache: "no-store", signal: wait.signal, ...options });
    } finally { clearTimeout(timer); }
  }

  async #call(path, options = {}) {
    const answer = await this.#fetch(path, options);
    if (answer.status !== 401) return answer;
    await this.#session();
    this.#anew();
    const second = await this.#fetch(path.replace(/after=\d+/, "after=0"), options);
    if (second.status === 401) throw new CookiesBlocked();
    return second;
  }

  async #session() {
    const answer = await this.#fetch("session", { method: "POST" });
    if (!answer.ok) throw new Error(`session ${answer.status}`);
  }

  /** The server knows us no more, or began our conversation anew: its numbers start from one. */
  #anew() {
    if (!this.#seq) return;
    this.#seq = 0;
    this.#isStale = true; // a stream that is still open tells of the conversation before
    this.#told.clear();
    this.on.restart();
  }

  async #until(work) {
    while (!this.#gone) {
      try { return await work(); } catch (failure) { this.#down(failure); await this.#rest(2500); }
    }
  }

  #down(failure) { this.on.net(failure instanceof CookiesBlocked ? "blocked" : navigator.onLine ? "trouble" : "offline"); }

  #rest(ms) {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.#wake = () => { clearTimeout(timer); done(); };
    });
  }

  #again() {
    this.on.net("");
    this.#failures = 0;
    this.#wake();
    this.#listen();
    this.#flush();
  }

  // ---- hearing

  /** Catch up, then hold a stream; without streams, or when they keep breaking, ask again and again. */
  async #listen() {
    const turn = ++this.#listening;
    this.#stream?.close();
    this.#stream = undefined;
    await this.#until(() => this.#catchUp(0));
    this.#isStale = false;
    if (this.#gone || turn !== this.#listening) return;
    this.on.net("");
    if (!("EventSource" in window) || this.#failures > 4) { this.#poll(turn); return; }
    const stream = this.#stream = new EventSource(`${this.#url("events")}?after=${this.#seq}`, { withCredentials: true });
    stream.onopen = () => { this.#failures = 0; };
    stream.onmessage = (event) => this.#hear(JSON.parse(event.data));
    stream.onerror = () => {
      stream.close();
      if (this.#gone || turn !== this.#listening) return;
      this.#failures += 1;
      setTimeout(() => { if (turn === this.#listening) this.#listen(); }, Math.min(250 * 2 ** this.#failures, 8000));
    };
  }

  async #poll(turn) {
    while (!this.#gone && turn === this.#listening) {
      await this.#until(() => this.#catchUp(20));
      this.on.net("");
    }
  }

  async #catchUp(wait) {
    for (let more = true; more && !this.#gone;) {
      const answer = await this.#call(`events?after=${this.#seq}&wait=${wait}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`events ${answer.status}`);
      const { events } = await answer.json();
      events.forEach((event) => this.#hear(event));
      more = events.length > 0 && wait === 0;
    }
  }

  #hear(event) {
    if (this.#gone || event.seq <= this.#seq) return;
    this.#seq = event.seq;
    if (event.client_id) this.#told.add(event.client_id);
    this.on.event(event);
  }

  /** A page nobody looks at lets go of its stream after a minute: batteries are small and connections few. */
  #seen() {
    clearTimeout(this.#hidden);
    if (document.hidden) this.#hidden = setTimeout(() => { this.#listening += 1; this.#stream?.close(); this.#stream = undefined; }, HIDDEN_MS);
    else if (!this.#stream && this.#listening) this.#listen();
  }

  // ---- sending

  #kept() { try { return JSON.parse(sessionStorage.getItem(KEPT)) || []; } catch { return []; } }

  #keep() {
    const lines = this.queue.filter((item) => !item.file);
    try {
      if (lines.length) sessionStorage.setItem(KEPT, JSON.stringify(lines));
      else sessionStorage.removeItem(KEPT);
    } catch { /* private mode: memory is enough */ }
  }

  async #flush() {
    if (this.#busy) return;
    this.#busy = true;
    while (this.queue.length && !this.#gone) {
      const item = this.queue[0];
      let wait = 0;
      try { wait = await this.#deliver(item); } catch (failure) { this.#down(failure); wait = 3000; }
      if (this.#gone) break;
      if (this.#isStale) this.#listen();
      if (wait) { await this.#rest(wait); this.on.pace(false); continue; }
      this.queue.shift();
      this.#keep();
    }
    this.#busy = false;
  }

  /** 0 when the server has taken or refused it, else the milliseconds until the next try. */
  async #deliver(item) {
    if (item.file && !item.message.upload) {
      const data = new FormData();
      data.append("file", item.file, "berkas");
      const told = await this.#judged(item, await this.#call("uploads", { method: "POST", body: data }));
      if (typeof told === "number") return told;
      item.message = { upload: told.upload, kind: told.kind };
    }
    const body = JSON.stringify({ client_id: item.client_id, ...item.message });
    const answer = await this.#call("messages", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    const told = await this.#judged(item, answer);
    if (typeof told === "number") return told;
    // A place we have already passed, and we never heard this message: the conversation began anew.
    if (told.seq <= this.#seq && !this.#told.has(item.client_id)) this.#anew();
    this.on.net("");
    this.on.stored(item, told.seq);
    return 0;
  }

  /** The answer's data; or 0 when it was refused for good, or the pause before the next try. */
  async #judged(item, answer) {
    if (answer.status === 429) { this.on.pace(true); return 1000 * (Number(answer.headers.get("Retry-After")) || 3); }
    if (answer.status >= 500) { this.on.net("trouble"); return 3000; }
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) return told;
    this.on.refused(item, told.detail);
    return 0;
  }
}
