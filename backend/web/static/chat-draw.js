// Pieces of the chat window. Text is only ever set as text; the one mark-up known is *bold*.
import words from "./strings.js";

const ICONS = {
  logo: "M5 3h14a3 3 0 0 1 3 3v9a3 3 0 0 1-3 3h-8l-5 4v-4H5a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3zm2 5v2h10V8zm0 4v2h7v-2z",
  send: "M3 20v-6l8-2-8-2V4l19 8z",
  photo: "M9 4h6l1.500 2H20a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h3.500zM12 17a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zm0-2a2.500 2.500 0 1 1 0-5 2.500 2.500 0 0 1 0 5z",
  place: "M12 22s7-7.500 7-13a7 7 0 1 0-14 0c0 5.500 7 13 7 13zm0-10a3 3 0 1 1 0-6 3 3 0 0 1 0 6z",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 2a7 7 0 1 1 0 14 7 7 0 0 1 0-14zm-1 2h2v4.500l3 1.800-1 1.700-4-2.400z",
  tick: "M9 17.500 3.500 12 5 10.500l4 4L19 5l1.500 1.500z",
  done: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.500 14.500L6 12l1.500-1.500 3 3 6-6L18 9z",
  down: "M11 4h2v11l4.500-4.500L19 12l-7 7-7-7 1.500-1.500L11 15z",
};

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null && child !== "" && child !== false));
  return node;
}

export function icon(name, label) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  for (const [key, value] of [["viewBox", "0 0 24 24"], ["fill", "currentColor"], ["fill-rule", "evenodd"]]) svg.setAttribute(key, value);
  if (label) { svg.setAttribute("role", "img"); svg.setAttribute("aria-label", label); } else svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export const clock = (at) => new Date(at).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" });

export function dayOf(at) {
  const day = new Date(at);
  const ago = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(day).setHours(0, 0, 0, 0)) / 864e5);
  if (ago === 0) return words.today;
  return ago === 1 ? words.yesterday : day.toLocaleDateString("id-ID", { weekday: "long", day: "numeric", month: "long" });
}

/** A reply's lines as nodes: *bold* parts, and emergency numbers at the end of a line as buttons that call. */
export function rich(text) {
  const parts = text.split(/(?<=^[^\n\d]+: )(1\d\d)$/m);
  return parts.flatMap((part, n) => (n % 2 ? [el("a", { class: "tel", href: `tel:${part}` }, part)] : bold(part)));
}

function bold(text) {
  const parts = text.split(/(?<![\p{L}\d*])\*(\S|\S[^*\n]*\S)\*(?![\p{L}\d*])/u);
  return parts.map((part, n) => (n % 2 ? el("strong", {}, part) : part));
}

const plain = (text) => text.replaceAll("*", "").replace(/\s+/g, " ").trim();

/** A reply's text is complete without its card: what the card's rows show is left out, the words before and after stay. */
export function around(text, rows, sayTwice) {
  const before = [], after = [];
  let inside = false;
  for (const line of text.split("\n")) {
    const bare = plain(line);
    if (rows.some((row) => sayTwice(bare, row))) inside = true;
    else (inside ? after : before).push(line);
  }
  return [before.join("\n").trim(), after.join("\n").trim()];
}

const spoken = (who) => el("span", { class: "sr" }, `${who}: `);
const timed = (at) => el("span", { class: "meta" }, clock(at));

export function bubble(text, at, isNotice) {
  const who = isNotice ? el("span", { class: "who" }, words.officer) : spoken(words.assistant);
  return el("div", { class: isNotice ? "msg notice" : "msg" }, who, ...rich(text), timed(at));
}

export function mine(item, tick) {
  const meta = el("span", { class: "meta" }, clock(item.at), icon(tick, tick === "tick" ? words.stored : words.waiting));
  const picture = item.file?.type?.startsWith("image/") ? el("img", { src: URL.createObjectURL(item.file), alt: words.photoSent }) : null;
  const mark = item.icon ? el("span", { class: "mark" }, icon(item.icon), item.shown) : item.shown;
  return el("div", { class: "msg mine" }, spoken(words.you), picture ?? mark, meta);
}

function table(rows) {
  return el("dl", { class: "rows" }, ...rows.map((row) => el("div", {}, el("dt", {}, row.label), el("dd", {}, row.value))));
}

export function card(text, { kind, rows }, at) {
  const [before, after] = around(text, rows, (line, row) => line.includes(plain(row.label)) && line.includes(plain(row.value)));
  const title = words[kind] || words.summary;
  return el("div", { class: `msg card ${kind}` }, spoken(words.assistant), el("h3", {}, title),
    before && plain(before) !== `${title}:` && el("p", { class: "said" }, ...rich(before)), table(rows), after && el("p", { class: "said" }, ...rich(after)), timed(at));
}

/** The receipt as one would photograph it: code first, then whose job it is and until when. */
export function receipt(text, code, rows, at) {
  const grouped = code.replace(/\D/g, "").replace(/(\d{4})(?=\d)/g, "$1 ");
  const facts = rows.filter((row) => row.field !== "code");
  const [, after] = around(text, [{ value: code }, ...facts], (line, row) => line.endsWith(":") || line.includes(plain(row.value)));
  const shown = el("span", { class: "code" }, grouped);
  const told = el("span", { class: "sr", role: "status" });
  const copy = el("button", { type: "button", class: "copy", onclick: async () => {
    const done = await copied(grouped, shown);
    copy.textContent = told.textContent = done ? words.copied : words.copyByHand;
    setTimeout(() => { copy.textContent = words.copy; }, 4000);
  } }, words.copy);
  return el("div", { class: "msg card receipt" }, spoken(words.assistant), el("h3", {}, icon("done"), words.receipt), el("p", { class: "label" }, words.codeLabel),
    shown, copy, told, facts.length ? table(facts) : null, el("p", { class: "said" }, ...rich(after || words.keep)), timed(at));
}

async function copied(text, node) {
  try { await navigator.clipboard.writeText(text); return true; } catch { /* no clipboard without https or permission */ }
  getSelection().selectAllChildren(node);
  return document.execCommand("copy");
}

export function choiceList(choices, onChoice) {
  const button = (choice) => el("button", { type: "button", onclick: () => onChoice(choice) }, el("span", {}, choice.label));
  return el("ol", { class: "choices" }, ...choices.map((choice) => el("li", {}, button(choice))));
}

export function actionButton(name, label, onPress) {
  return el("div", { class: "choices act" }, el("button", { type: "button", onclick: onPress }, icon(name), el("span", {}, label)));
}
