"""One browser tab that looks for harm: on every page of ours it counts what ran, what the policy had to stop, and what got into the page
as more than text; and it writes hostile words into every form it meets."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import TimeoutError

from tests.browser.hostile import HOSTILE

NUMBERED = re.compile(r"jebol=(\d+)")
LEFT_ALONE = (
    "post /keluar",
    "get ",
    "dialog ",
)  # signing out ends the walk, a search is an address, a dialog closes
ALL = " ".join(HOSTILE)
SPY = """
window.__stopped = [];
addEventListener("securitypolicyviolation", (event) => window.__stopped.push(event.violatedDirective + " " + event.blockedURI));
"""
# What no page of ours has: handlers, script or style of its own, frames, addresses that are no addresses or lead elsewhere.
LOOK = r"""
() => {
  const found = [];
  if ("jebol" in window) found.push("ran number " + window.jebol);
  found.push(...(window.__stopped ?? []).map((one) => "stopped " + one));
  const leads = ["href", "src", "action", "formaction", "xlink:href", "data", "poster", "ping", "background", "srcset"];
  const foreign = /^(iframe|object|embed|base|frameset|applet|math|marquee|portal|style|plaintext|foreignobject|animate|bgsound)$/i;
  const roots = [document, ...[...document.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean)];
  for (const node of roots.flatMap((root) => [...root.querySelectorAll("*")])) {
    const name = node.tagName;
    if (foreign.test(name) && !(node.getRootNode() instanceof ShadowRoot)) found.push("element " + name);
    if (/^script$/i.test(name) && !node.src.startsWith(location.origin + "/static/")) found.push("script " + node.outerHTML.slice(0, 80));
    if (/^meta$/i.test(name) && node.httpEquiv) found.push("meta " + node.httpEquiv);
    for (const { name: key, value } of node.attributes) {
      if (/^on/i.test(key) || key === "srcdoc") found.push(`${name} has ${key}`);
      if (!leads.includes(key.toLowerCase()) || value.startsWith("#")) continue;
      const whole = new URL(value, location.href);
      if (!["http:", "https:", "blob:", "tel:"].includes(whole.protocol)) found.push(`${name} leads to ${value.slice(0, 60)}`);
      else if (/^https?:$/.test(whole.protocol) && whole.origin !== location.origin && !/^a$/i.test(name)) found.push(`${name} asks ${value.slice(0, 60)}`);
      else if (whole.host === "luar.contoh") found.push(`${name} leads out`);
    }
  }
  return found;
}
"""
SAID = """
() => [document.documentElement, ...[...document.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean)]
  .map((root) => root.textContent + [...root.querySelectorAll("input, textarea, option, [aria-label], [title], [alt]")]
    .map((one) => [one.value, one.ariaLabel, one.title, one.alt].join(" ")).join(" ")).join(" ")
"""
FORMS = """
(words) => [...document.forms].map((form, index) => {
  form.dataset.sweep = index;
  const fields = [...form.elements].filter((one) => one.name && one.name !== "csrf");
  return { index, action: new URL(form.action).pathname, key: form.method + " " + new URL(form.action).pathname.replace(/[0-9a-f]{32}|TEST-\\d+|[0-9A-Z]{4}-[0-9A-Z]{4}/g, "*")
    + " " + fields.map((one) => one.name + (one.type === "hidden" && one.name.length < 9 ? "=" + one.value.slice(0, 12) : "")).join(" ") };
})
"""
SEND = """
([index, words, whole]) => {
  const form = document.querySelector(`form[data-sweep="${index}"]`);
  window.__asked = true;
  form.noValidate = true;
  form.removeAttribute("target");
  for (const one of form.elements) {
    if (!one.name || one.name === "csrf" || ["hidden", "file", "submit", "radio", "checkbox", "number", "date"].includes(one.type)) continue;
    const longest = one.maxLength > 0 ? one.maxLength : 4000;
    if (whole) one.removeAttribute("maxlength");
    if (one.tagName === "SELECT") { if (one.options.length > 1) one.selectedIndex = 1; }
    else one.value = whole ? words : words.slice(0, longest);
  }
  HTMLFormElement.prototype.submit.call(form);
}
"""


@dataclass
class Sweep:
    """`found` is what went wrong, with the page; `seen` the numbers of hostile words that stood in a page as text."""

    page: Any
    url: str
    found: list[str] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    looked: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    start: int = 0
    saved: bool = False
    refused: set[int] = field(default_factory=set)

    @classmethod
    async def begin(cls, context: Any, url: str) -> Sweep:
        """A tab of this context, with its ears open."""
        await context.add_init_script(SPY)
        sweep = cls(await context.new_page(), url)
        sweep.page.on("dialog", sweep._dialog)
        sweep.page.on("console", sweep._console)
        sweep.page.on("request", sweep._asked)
        sweep.page.on("download", sweep._saved)
        return sweep

    async def _dialog(self, dialog: Any) -> None:
        self.found.append(f"dialog on {self.page.url}")
        await dialog.dismiss()

    def _console(self, line: Any) -> None:
        if "Content Security" in line.text or "Refused to" in line.text:
            self.found.append(f"{line.text[:120]} on {self.page.url}")

    def _asked(self, request: Any) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and f"{address.scheme}://{address.netloc}" != self.url:
            self.found.append(f"asked {request.url[:80]}")

    def _saved(self, download: Any) -> None:
        self.saved = True

    async def visit(self, path: str) -> bool:
        """Look at an address; False when it is no page (then it may not be taken for one) or was refused as others were."""
        answer = await self.page.context.request.get(self.url + path)
        if answer.status >= 400:
            if answer.status in self.refused:
                return False
            self.refused.add(answer.status)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            if answer.headers.get("x-content-type-options") != "nosniff" and answer.status == 200:
                self.found.append(f"{path} may be taken for a page")
            return False
        await self.page.goto(self.url + path)
        await self.look(path)
        return True

    async def look(self, where: str) -> None:
        """What is wrong with the page that is open, and which words it shows."""
        self.found += [f"{one} on {where}" for one in await self.page.evaluate(LOOK)]
        said = await self.page.evaluate(SAID)
        self.seen |= {int(one) for one in NUMBERED.findall(said)}
        if "1337" in said:
            self.found.append(f"calculated on {where}")
        self.looked.add(where)

    async def forms(self, path: str) -> None:
        """Each form of the page that was not sent yet, twice: with words of the length it asks for, and with all of them at once."""
        await self.page.goto(self.url + path)
        for key in [one["key"] for one in await self.page.evaluate(FORMS)]:
            if key in self.sent or key.startswith(LEFT_ALONE):
                continue
            self.sent.add(key)
            for whole in (False, True):
                words = ALL if whole else ALL[self.start :] + ALL[: self.start]
                self.start = (self.start + 211) % len(ALL)
                if await self._send(path, key, words, whole=whole):
                    await self.look(f"{key} → {urlsplit(self.page.url).path}")

    async def _send(self, path: str, key: str, words: str, *, whole: bool) -> bool:
        """Whether the form is (still) there and was answered by a page, not by a file."""
        await self.page.goto(self.url + path)
        index = next((one["index"] for one in await self.page.evaluate(FORMS) if one["key"] == key), None)
        if index is None:
            return False
        self.saved = False
        await self.page.evaluate(SEND, [index, words, whole])
        for _ in range(60):
            with suppress(TimeoutError):
                await self.page.wait_for_function("() => !window.__asked", timeout=500)
                await self.page.wait_for_load_state("load")
                return True
            if self.saved:
                return False
        self.found.append(f"no answer to {key}")
        return False
