"""The first use of a slip: its code is exchanged for one that whoever printed it never saw."""

from __future__ import annotations

from datetime import datetime

from backend.cases.case import REPORTER
from backend.cases.errors import CaseNotFound
from backend.cases.slip import CODE_REPLACED, is_on_slip
from backend.cases.tracking_code import mint
from backend.usecases.ports import AuditEntry, Proof, UnitOfWork
from backend.usecases.services import Services


async def replace_code(
    conversation: str, case_ref: str, uow: UnitOfWork, services: Services, now: datetime
) -> str:
    """The new code; the printed one opens nothing any more. It stands in the history, so that a slip which was used before its holder used it
    is found out.

    Raises:
        CaseNotFound: the reference is none of a slip's first use, or the code was exchanged already.
        StaleCase: somebody else exchanged it, or moved the case, at the same moment.
    """
    opened = services.refs.open(conversation, case_ref)
    case = await uow.cases.by_id(opened[0]) if opened and opened[1] is Proof.SLIP else None
    if case is None or not is_on_slip(case):
        raise CaseNotFound
    code = mint(services.random.randbelow)
    saved = await uow.cases.save(case.noted(CODE_REPLACED, REPORTER, now))
    await uow.cases.replace_code(saved.id, services.codes.digest(code))
    await uow.audit.add(AuditEntry(case.time_kept(now), REPORTER.kind, CODE_REPLACED, case.id))
    return code
