"""The rights of UU 27/2022 for whoever just opened a case by its code or as its sender: correct, restrict, erase, with a receipt.

A copy of the words is not among them (decision 11): a code that was seen over a shoulder must not open what was told in confidence.
"""

from __future__ import annotations

from datetime import datetime

from backend.cases.errors import CaseNotFound, DraftInvalid
from backend.usecases.find_status import case_of_ref
from backend.usecases.ports import Proof, UnitOfWork
from backend.usecases.right_receipts import receipt_by_code
from backend.usecases.rights import erase_case, rectify_case, restrict_case
from backend.usecases.services import Services

BY_CODE = "reporter"
RIGHTS = ("rectified", "restricted", "erased")


async def use_right(
    what: str,
    conversation: str,
    case_ref: str,
    uow: UnitOfWork,
    services: Services,
    now: datetime,
    *,
    field: str = "",
    text: str = "",
) -> str:
    """The receipt; raises `CaseNotFound`, or `DraftInvalid` for an unknown right, field or empty words. LAPOR!'s public number
    proves nothing here."""
    case, proof = await case_of_ref(conversation, case_ref, uow, services)
    if proof is Proof.LAPOR:
        raise CaseNotFound
    if what == "rectified":
        case = await rectify_case(case, field, text, BY_CODE, uow, now)
    elif what == "restricted":
        case = await restrict_case(case, BY_CODE, uow, now)
    elif what == "erased":
        await erase_case(case, BY_CODE, uow, now)
    else:
        raise DraftInvalid("right", "is none of ours")
    return receipt_by_code(what, case, now, services.reference, services.stamper)
