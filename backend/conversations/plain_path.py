"""While no engine is up: status by code, and reports by fixed questions, at the door, in the transaction that keeps the message.

Who is in the middle of the fixed questions stays with them when the engines are back. Everything else waits for the engines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from backend.cases.tracking_code import contains_code, grouped
from backend.conversations.bundling import holds, words_that
from backend.conversations.inbox import Settle, Settled
from backend.persistence.unit_of_work import SqlUnitOfWork
from backend.usecases.effects import EffectResult, Turn, carry_out
from backend.usecases.find_status import find_status
from backend.usecases.plain_talk import (
    CANCEL,
    LABELS,
    OFFERED,
    START,
    Heard,
    Next,
    PlainTalk,
    begin,
    draft_of,
    go_on,
)
from backend.usecases.ports import Asker
from backend.usecases.questions import answer
from backend.usecases.services import Services

LONGEST_WHAT = 4_000


@dataclass(frozen=True)
class PlainPath:
    """`engines_are_away` is asked at every message; `danger` are words of lives in danger."""

    services: Services
    engines_are_away: Callable[[], bool]
    danger: frozenset[str] = field(default_factory=lambda: words_that("urgent") & words_that("closes"))

    def around(self, content: Mapping[str, Any], channel: str, now: datetime, inner: Settle | None) -> Settle:
        """`inner`, then this."""

        async def settle(uow: SqlUnitOfWork, conversation: str) -> Settled | None:
            done = await inner(uow, conversation) if inner else None
            return done or await self._hear(
                content, Turn(conversation, channel, now, uow, self.services), uow
            )

        return settle

    def offer(self) -> dict[str, Any]:
        """What is said to whoever waits while no engine is up."""
        return {"text": self._say("engine_down"), "choices": self._choices((START,))}

    async def _hear(self, content: Mapping[str, Any], turn: Turn, uow: SqlUnitOfWork) -> Settled | None:
        kept = await uow.plain.read(turn.conversation)
        text = str(content.get("text", "")).strip()
        if kept is not None:
            talk = PlainTalk.read(kept)
            return await self._go_on(go_on(talk, self._heard(content, talk)), turn, uow)
        if self._chosen(content, (START,)) and (self.engines_are_away() or "choice" in content):
            told = "\n".join(await uow.plain.take_waiting_texts(turn.conversation))[:LONGEST_WHAT]
            return await self._go_on(begin(self.services.random.token_hex(16), told), turn, uow)
        if contains_code(text) and self.engines_are_away():
            return Settled(await self._status(text, turn, uow))
        if self.engines_are_away() and holds(content, self.danger):
            return Settled(self._emergency(), choices=self._choices((START,)), and_a_turn=True)
        return None

    def _emergency(self) -> str:
        """Whoever is in danger does not wait for us."""
        facts = self.services.reference.facts("emergency", self.services.home)
        return self._say("plain_danger", number=facts["general"].value)

    def _heard(self, content: Mapping[str, Any], talk: PlainTalk) -> Heard:
        files = content.get("attachments") or ()
        return Heard(
            text=str(content.get("text", "")).strip(),
            choice=self._chosen(content, (*OFFERED[talk.step], CANCEL)),
            point=content.get("location"),
            attachments=tuple(str(one["id"]) for one in files if "id" in one),
        )

    def _chosen(self, content: Mapping[str, Any], offered: Sequence[str]) -> str:
        """The id of what was tapped, its number or its label; empty for anything else."""
        said = str(content.get("choice") or content.get("text") or "").strip(" .!").casefold()
        for number, name in enumerate(offered, start=1):
            is_numbered = name in OFFERED["identity"] or name in OFFERED["confirm"]
            label = self._say(LABELS[name]).casefold()
            if said in {name, label} or (is_numbered and said == str(number) and len(offered) > 1):
                return name
        return ""

    async def _go_on(self, then: Next, turn: Turn, uow: SqlUnitOfWork) -> Settled:
        if then.files is not None:
            return await self._file(then.files, turn, uow)
        await uow.plain.write(turn.conversation, then.talk.written() if then.talk else None)
        shown = then.talk or PlainTalk("")
        words = {
            "what": shown.what,
            "where": shown.where or self._say("plain_pin"),
            "level": self._level(shown),
        }
        text = "\n\n".join(self._say(key, **words) for key in then.say)
        return Settled(text, choices=self._choices(OFFERED[then.talk.step] if then.talk else ()))

    async def _file(self, talk: PlainTalk, turn: Turn, uow: SqlUnitOfWork) -> Settled:
        await uow.plain.write(turn.conversation, None)
        sought = dict(talk.point or {"text": talk.where})
        place = await answer("place", sought, turn.conversation, turn.now, uow, self.services)
        done: EffectResult = await carry_out("file_complaint", draft_of(talk, place["place"]), turn)
        code = grouped(done.code) if done.code else ""
        text = self._say(
            "plain_receipt",
            number=done.data["case_number"],
            agency=done.data["agency_name"],
            due=done.data["due_label"],
            code=code,
        )
        return Settled(text, code=code or None)

    async def _status(self, text: str, turn: Turn, uow: SqlUnitOfWork) -> str:
        """In the same words for *no such code* and *not yours*, as everywhere."""
        asker = Asker(turn.conversation, turn.conversation)
        found = await find_status(asker, text, None, uow, self.services, turn.now)
        if found.case is None:
            minutes = max(1, -(-found.wait_s // 60))
            key = {"slow_down": "slow_down", "mistyped": "code_mistyped"}.get(found.outcome, "case_not_found")
            return self._say(key, **({"minutes": minutes} if key == "slow_down" else {}))
        return "\n".join([*self._facts(found.case), self._say("plain_status_more")])

    def _facts(self, case: Mapping[str, Any]) -> list[str]:
        lines = [self._say("plain_status", state=case["state_label"])]
        for name, key in (
            ("agency_name", "web_label_agency"),
            ("filed_on", "web_label_filed"),
            ("due_label", "web_label_due"),
        ):
            if case.get(name):
                value = str(case[name])
                shown = (
                    self.services.reference.date_label(date.fromisoformat(value))
                    if name == "filed_on"
                    else value
                )
                lines.append(f"{self._say(key)}: {shown}")
        if case.get("what_next"):
            lines.append(str(case["what_next"]))
        return lines + [str(one["text"]) for one in case["replies"][-1:]]

    def _level(self, talk: PlainTalk) -> str:
        return self._say(f"web_level_{talk.level}")

    def _choices(self, offered: Sequence[str]) -> tuple[dict[str, str], ...]:
        return tuple({"id": name, "label": self._say(LABELS[name])} for name in offered)

    def _say(self, key: str, **words: Any) -> str:
        return self.services.reference.sentence(key, **words)
