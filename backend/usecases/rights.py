"""Rights of a reporter under UU 27/2022 over one case: a copy (Pasal 7), correction (6), restriction (11), erasure (8).

Whoever holds the code has them. Each leaves a line in the case's history and in the audit, without a word of content, and a receipt.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from backend.cases.case import REPORTER, SYSTEM, Actor, Case
from backend.cases.errors import CaseNotFound, DraftInvalid
from backend.cases.tracking_code import parse
from backend.cases.workflow import Mover, State, named_move
from backend.review.masking import masked
from backend.usecases.ports import AuditEntry, CodeSealer, UnitOfWork

RECTIFIABLE = ("description", "landmark")
LONGEST_TEXT = 10_000


async def case_of(code: str | None, number: str | None, codes: CodeSealer, uow: UnitOfWork) -> Case:
    """The case of a code as typed, or of a public case number; raises `CaseNotFound` or `CodeMistyped`."""
    if code is not None:
        case = await uow.cases.by_code_digest(codes.digest(parse(code)))
    else:
        case = await uow.cases.by_number((number or "").strip().upper())
    if case is None:
        raise CaseNotFound
    return case


async def everything_about(case: Case, uow: UnitOfWork) -> dict[str, Any]:
    """All that the system can say about a case: the copy for its reporter, and all that a legal demand can bring to light. The fields
    are a whitelist that a test compares; who reported is not among them, since it lies in no table that a case leads to."""
    thread, files = await uow.thread.of_case(case.id), await uow.attachments.of_case(case.id)
    line = await uow.handovers.of_case(case.id)
    place = case.place
    return {
        "number": case.number,
        "report_class": case.report_class,
        "issue": case.issue,
        "identity_level": case.identity_level,
        "description": case.description,
        "place": {
            "text": place.text,
            "landmark": place.landmark,
            "label": place.label,
            "latitude": place.latitude,
            "longitude": place.longitude,
        },
        "happened": {"text": case.happened.text, "on": case.happened.on},
        "attributes": dict(case.attributes),
        "objection": case.objection,
        "sensitive": case.sensitive,
        "oversight": case.oversight,
        "agency": case.assignment.agency,
        "reason": case.assignment.reason,
        "due_on": case.due.on,
        "filed_at": case.filed_at,
        "state": case.state,
        "rating": case.rating,
        "history": [
            {"what": one.what, "state": one.new, "at": one.at, "by": one.by.kind, "note": one.public_note}
            for one in case.events
        ],
        "messages": [{"author": one.author, "text": one.text, "at": one.at} for one in thread],
        "files": [{"kind": one.kind, "media_type": one.media_type, "n_bytes": one.n_bytes} for one in files],
        "lapor": None if line is None else {name: asdict(line)[name] for name in LAPOR_FIELDS},
        "has_contact": await uow.contacts.recipient(case.id) is not None,
    }


LAPOR_FIELDS = ("way", "progress", "their_number", "their_state", "handed_on_at")


async def rectify_case(case: Case, field: str, text: str, by: str, uow: UnitOfWork, now: datetime) -> Case:
    """The case with corrected words; what stood there before is not kept. Raises `DraftInvalid`."""
    text = masked(text.strip()) if case.is_sealed else text.strip()
    if field not in RECTIFIABLE or not 0 < len(text) <= LONGEST_TEXT:
        raise DraftInvalid(field, "cannot be corrected like that")
    if field == "description":
        changed = replace(case, description=text)
    else:
        changed = replace(case, place=replace(case.place, landmark=text, text=text))
    return await _saved(changed, "rectified", by, uow, now)


async def restrict_case(case: Case, by: str, uow: UnitOfWork, now: datetime) -> Case:
    """Only those who must work on it see the case from now on: no figures, no likenesses, no hand-over by a program."""
    if case.is_restricted:
        return case
    return await _saved(replace(case, sensitive=True), "restricted", by, uow, now)


async def erase_case(case: Case, by: str, uow: UnitOfWork, now: datetime) -> int:
    """Nothing that was written about or with the case can be read once this is committed; the number of messages and files.

    A case that nobody works on yet is withdrawn with it: without words nobody could begin."""
    if case.is_erased:
        return 0
    if named_move(case.state, "withdraw", Mover.REPORTER):
        case = case.moved_to(State.WITHDRAWN, REPORTER, now)
    await _saved(case, "erased", by, uow, now)
    return await uow.erasure.erase(case.id)


async def _saved(case: Case, what: str, by: str, uow: UnitOfWork, now: datetime) -> Case:
    saved = await uow.cases.save(case.noted(what, Actor(SYSTEM.kind, by), now))
    await uow.audit.add(AuditEntry(case.time_kept(now), by, f"case_{what}", case.id, "UU 27/2022"))
    return saved
