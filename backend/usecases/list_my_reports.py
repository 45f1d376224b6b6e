"""`laporan saya`: the sender's own cases without a code. Anonymous ones are never among them: nothing links them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.cases.case import IdentityLevel
from backend.usecases.ports import Proof, UnitOfWork
from backend.usecases.services import Services
from backend.usecases.views import list_row

MOST = 10


async def list_my_reports(
    conversation: str, uow: UnitOfWork, services: Services, now: datetime
) -> list[dict[str, Any]]:
    """The newest ten cases of this sender, newest first."""
    rows = []
    for case_id in (await uow.contacts.cases_of(conversation))[:MOST]:
        case = await uow.cases.by_id(case_id)
        if case is not None and case.identity_level is not IdentityLevel.ANONYMOUS:
            case_ref = services.refs.seal(conversation, case.id, Proof.SENDER)
            rows.append(list_row(case, case_ref, services.reference, now))
    return rows
