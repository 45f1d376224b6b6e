"""Somebody answers an officer's message by quoting it: the words go to that report, whatever the talk is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.cases.errors import CaseNotFound, MoveRefused
from backend.conversations.inbox import Settled
from backend.persistence.unit_of_work import SqlUnitOfWork
from backend.usecases.add_to_case import add_to_case
from backend.usecases.ports import Proof
from backend.usecases.services import Services

# Notices to which an answer is an answer to the officer, not to the assistant.
OFFICERS_WORDS = frozenset({"notice_reply", "notice_move"})


@dataclass(frozen=True)
class Quoting:
    """Finds the report that a quoted message was about."""

    services: Services

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
        ref = self.services.refs.seal(conversation, str(body["case"]), Proof.SENDER)
        try:
            case = await add_to_case(conversation, ref, text, files, uow, self.services, now)
        except (CaseNotFound, MoveRefused):
            return None
        return Settled(self.services.reference.sentence("whatsapp_added", number=case.number))
