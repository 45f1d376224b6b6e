"""Somebody answers an officer, on any channel: by quoting the message, whatever the talk is about, or by writing right after a question.
The words go to that report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from backend.cases.errors import CaseNotFound, MoveRefused
from backend.cases.workflow import State
from backend.conversations.bundling import holds, words_that
from backend.conversations.inbox import Settle, Settled
from backend.persistence.unit_of_work import SqlUnitOfWork
from backend.usecases.add_to_case import add_to_case
from backend.usecases.ports import Proof
from backend.usecases.services import Services

# Notices to which an answer is an answer to the officer, not to the assistant.
OFFICERS_WORDS = frozenset({"notice_reply", "notice_move"})
# People answer in several messages: what follows an answer this soon belongs to it.
SAME_BREATH = timedelta(seconds=15)


@dataclass(frozen=True)
class AnswersToOfficers:
    """Finds the report that an answer is about. What has one of the `urgent` words (a cry for help, a question about a report) is no
    answer, unless it quotes the question."""

    services: Services
    urgent: frozenset[str] = field(default_factory=lambda: words_that("urgent"))

    async def answered(
        self,
        conversation: str,
        quoted: str,
        text: str,
        files: Sequence[str],
        uow: SqlUnitOfWork,
        now: datetime,
    ) -> Settled | None:
        """The addition is in the report's thread and acknowledged; None when the quoted message was no officer's, or the report
        takes no additions any more: then the assistant answers."""
        body = await uow.deliveries.quoted(conversation, quoted)
        if not isinstance(body, dict) or body.get("sentence") not in OFFICERS_WORDS or not body.get("case"):
            return None
        return await self._added(conversation, str(body["case"]), text, files, uow, now)

    async def directly(
        self,
        conversation: str,
        text: str,
        files: Sequence[str],
        uow: SqlUnitOfWork,
        now: datetime,
        besides: str = "",
    ) -> Settled | None:
        """The same for somebody who quotes nothing, when an officer's open question is the last thing that was said between us and no
        report is being told. `besides` is the message itself, when it lies in the inbox already."""
        if holds({"text": text}, self.urgent):
            return None
        last = await uow.deliveries.last_word(conversation, besides)
        if last is None or not isinstance(last.body, dict) or not last.body.get("case"):
            return None
        case_id = str(last.body["case"])
        if last.body.get("sentence") in OFFICERS_WORDS:
            case = await uow.cases.by_id(case_id)
            if case is None or case.state is not State.AWAITING_REPORTER:
                return None
        elif now - last.at > SAME_BREATH:
            return None
        return await self._added(conversation, case_id, text, files, uow, now)

    def settling(self, content: Mapping[str, Any], clock: Callable[[], datetime]) -> Settle:
        """`directly`, for a channel without quoting: what a message with this content is looked at for when it is stored."""
        text = str(content.get("text") or "")
        files = [str(file["id"]) for file in content.get("attachments") or []]

        async def settle(uow: SqlUnitOfWork, conversation: str) -> Settled | None:
            return await self.directly(conversation, text, files, uow, clock()) if text or files else None

        return settle

    async def _added(
        self,
        conversation: str,
        case_id: str,
        text: str,
        files: Sequence[str],
        uow: SqlUnitOfWork,
        now: datetime,
    ) -> Settled | None:
        ref = self.services.refs.seal(conversation, case_id, Proof.SENDER)
        try:
            case = await add_to_case(conversation, ref, text, files, uow, self.services, now)
        except (CaseNotFound, MoveRefused):
            return None
        said = self.services.reference.sentence("answer_added", number=case.number)
        return Settled(said, about=case.id)
