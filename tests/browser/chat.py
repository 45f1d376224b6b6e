"""The chat window as a person uses it: what they see, type, press; nothing of its insides but the marks of its pieces."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

CODE = re.compile(r"^\d{4}( \d{4}){4}$")
REST_MS = 200
FIRST_WORDS = "lampu jalan depan SD 004 Sangatta Utara mati sudah seminggu"


@dataclass
class Chat:
    """One tab. `problems` collects whatever the browser complained about."""

    page: Any
    url: str
    problems: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)

    @classmethod
    async def open(cls, context: Any, url: str, path: str = "/") -> Chat:
        """A new tab with the chat ready to be written in."""
        page = await context.new_page()
        chat = cls(page, url)
        page.on("pageerror", lambda error: chat.problems.append(f"error: {error}"))
        page.on("console", lambda line: chat.problems.append(line.text) if line.type == "error" else None)
        page.on("dialog", chat._dialog)
        page.on("request", lambda request: chat.requested.append(request.url))
        await page.goto(url + path)
        await chat.ready()
        return chat

    async def _dialog(self, dialog: Any) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    async def ready(self) -> None:
        await self.page.locator("teman-lapor .log:not([aria-busy])").wait_for()

    @property
    def input(self) -> Any:
        return self.page.locator("teman-lapor textarea")

    @property
    def mine(self) -> Any:
        return self.page.locator("teman-lapor .msg.mine")

    @property
    def said(self) -> Any:
        """Everything the assistant said, the welcome and the dots apart."""
        return self.page.locator("teman-lapor .msg:not(.mine):not(.hello):not(.dots)")

    @property
    def bar(self) -> Any:
        return self.page.locator("teman-lapor .bar")

    @property
    def choices(self) -> Any:
        return self.page.locator("teman-lapor .choices:not(.starters) button")

    @property
    def code(self) -> Any:
        return self.page.locator("teman-lapor .code")

    @property
    def focused(self) -> Any:
        """What has the keyboard, inside the window."""
        return self.page.evaluate_handle("document.querySelector('teman-lapor').shadowRoot.activeElement")

    async def at_rest(self) -> None:
        """Wait until the conversation has stopped rolling (it rolls smoothly, over many frames)."""
        seen, now = None, await self.said.last.bounding_box()
        while seen != now:
            await self.page.wait_for_timeout(REST_MS)
            seen, now = now, await self.said.last.bounding_box()

    async def say(self, text: str) -> str:
        """Write, send, wait for one more thing to be said; returns it."""
        before = await self.said.count()
        await self.send(text)
        return await self.answer_after(before)

    async def send(self, text: str) -> None:
        await self.input.fill(text)
        await self.input.press("Enter")

    async def answer_after(self, n_said: int) -> str:
        """Wait until more than `n_said` things have been said; the newest."""
        await self.said.nth(n_said).wait_for(timeout=20_000)
        return str(await self.said.last.inner_text())

    async def stored(self) -> None:
        """Wait until the newest own message carries its tick."""
        await self.mine.last.locator("svg[aria-label=terkirim]").wait_for(timeout=20_000)

    async def file_a_report(self) -> str:
        """Report, and go on until there is a code; at most six messages."""
        await self.say(FIRST_WORDS)
        for _ in range(5):
            if await self.code.count():
                break
            n_said = await self.said.count()
            send = self.choices.filter(has_text=re.compile("^Kirim"))
            if await send.count():
                await send.first.click()
            else:
                await self.send("kirim")
            await self.answer_after(n_said)
        return str(await self.code.first.inner_text())

    async def no_sideways_scroll(self) -> bool:
        """Nothing is wider than the window, on the page and in the conversation."""
        return bool(
            await self.page.evaluate(
                "() => { const log = document.querySelector('teman-lapor').shadowRoot.querySelector('.log');"
                " const page = document.scrollingElement;"
                " return page.scrollWidth <= innerWidth && log.scrollWidth <= log.clientWidth; }"
            )
        )
