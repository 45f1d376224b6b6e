"""A case is handed on to LAPOR!: what is said of it, and the ledger that tells what was handed on and what never was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from backend.cases.case import SYSTEM, Actor, Case
from backend.cases.errors import CaseNotFound, HandOverRefused
from backend.cases.field_copy import Checked
from backend.cases.submission import (
    HandOver,
    Progress,
    ReplyThere,
    Submission,
    Way,
    differences,
    is_due,
    shortened,
    title_of,
)
from backend.reference.lapor_fields import LaporField
from backend.reference.loader import Reference
from backend.review.masking import masked
from backend.usecases.ports import AuditEntry, ThreadMessage, UnitOfWork

_NUMBER = re.compile(r"\d{5,12}")
_WRAPPING = re.compile(r"[\s#.]")


def parse_number(typed: str) -> str | None:
    """LAPOR!'s number as typed (`#7 654 321`); None for what is none.

    >>> parse_number(" #7654321 "), parse_number("7654-321")
    ('7654321', None)
    """
    digits = _WRAPPING.sub("", typed)
    return digits if _NUMBER.fullmatch(digits) else None


async def submission_of(
    case: Case, uow: UnitOfWork, reference: Reference, form: Mapping[str, LaporField]
) -> Submission:
    """What LAPOR! is told. Of a reporter who is not named: no number or name that slipped into the words, no point on the map, no
    picture (it can show who took it), no time of day. Of others only field copies of photos go along."""
    issue = reference.issue(case.issue)
    place = case.place
    spot = ", ".join(dict.fromkeys(one for one in (place.landmark, place.label) if one))
    words, spot = (masked(case.description), masked(spot)) if case.is_sealed else (case.description, spot)
    filed_on = reference.today(case.filed_at, case.desk)
    copies = {} if case.is_sealed else await uow.field_copies.of_case(case.id)
    return Submission(
        reference=case.number,
        report_class=case.report_class,
        title=title_of(issue.label, place.label or "", form["title"].limit or len(words)),
        content=shortened(words, form["content"].limit or len(words)),
        happened_on=case.happened.on or filed_on,
        place=shortened(spot or reference.sentence("lapor_place_unknown"), form["place"].limit or len(spot)),
        category=issue.lapor_category,
        leaf=issue.lapor_leaf,
        agency=reference.agency_name(case.assignment.agency, filed_on),
        anonymous=case.is_sealed,
        secret=case.is_secret,
        attachments=tuple(id for id, one in copies.items() if one.checked is Checked.COVERED),
    )


async def record_by_hand(
    case: Case, typed: str, officer: str, uow: UnitOfWork, reference: Reference, now: datetime
) -> Case:
    """An officer has keyed the case in at LAPOR!, whose number this is; a second click with the same number changes nothing.

    Raises:
        HandOverRefused: the number is none, belongs to another case, or the case is being handed on already.
    """
    number = parse_number(typed)
    if number is None:
        raise HandOverRefused("lapor_number_wrong")
    if case.lapor_tracking_id == number:
        return case
    if not is_due(case, Way.MANUAL):
        raise HandOverRefused("lapor_already")
    known = await uow.handovers.of_case(case.id)
    if known and known.progress is Progress.SENDING and known.tried_until and known.tried_until > now:
        raise HandOverRefused("lapor_busy")
    if await uow.cases.by_lapor_number(number) is not None:
        raise HandOverRefused("lapor_number_taken")
    line = known or HandOver(case.id, Way.MANUAL, Progress.WAITING, officer, case.time_kept(now))
    line = replace(line, way=Way.MANUAL, by=officer, attempts=line.attempts + 1)
    return await _record(case, line, number, None, (), uow, now, Actor(SYSTEM.kind, officer))


async def record_answer(
    case_id: str, number: str, kept: Mapping[str, object], sent: Submission, uow: UnitOfWork, now: datetime
) -> Case:
    """LAPOR! has taken the case that was sent; `kept` is what it tells back. Told twice, nothing changes."""
    case, line = await uow.cases.by_id(case_id), await uow.handovers.of_case(case_id)
    if case is None or line is None:
        raise CaseNotFound
    if case.lapor_tracking_id is not None:
        return case
    state = str(kept["status_name"]) if "status_name" in kept else None
    return await _record(case, line, number, state, differences(sent, kept), uow, now, SYSTEM)


async def _record(
    case: Case,
    line: HandOver,
    number: str,
    state: str | None,
    differing: tuple[str, ...],
    uow: UnitOfWork,
    now: datetime,
    by: Actor,
) -> Case:
    at = case.time_kept(now)
    await uow.handovers.write(
        replace(
            line,
            progress=Progress.HANDED_ON,
            their_number=number,
            their_state=state,
            state_at=at,
            handed_on_at=at,
            differences=differing,
            last_error=None,
            tried_until=None,
        )
    )
    saved = await uow.cases.save(replace(case.noted("handed_on", by, now), lapor_tracking_id=number))
    await uow.audit.add(AuditEntry(at, line.by, "case_handed_on", case.id, str(line.way)))
    return saved


async def put_off(line: HandOver, why: str, until: datetime, uow: UnitOfWork, *, refused: bool) -> None:
    """The attempt failed: again from `until` on, or, refused, when an officer has looked. `why` names the error, no content."""
    progress = Progress.REFUSED if refused else Progress.WAITING
    await uow.handovers.write(replace(line, progress=progress, last_error=why, tried_until=until))


async def mark_for_lapor(message: ThreadMessage, officer: str, uow: UnitOfWork) -> None:
    """An answer that LAPOR! is to show, too, as soon as it has the case."""
    await uow.replies_there.write(ReplyThere(message.id, message.case_id, officer, message.at))


async def answer_there(line: ReplyThere, uow: UnitOfWork) -> tuple[Case, str] | None:
    """The case and what LAPOR! shows of the answer: of a reporter who is not named no number or name that slipped into it. None when
    it was erased meanwhile."""
    case, thread = await uow.cases.by_id(line.case_id), await uow.thread.of_case(line.case_id)
    said = next((one.text for one in thread if one.id == line.message_id), None)
    if case is None or said is None:
        return None
    return case, masked(said) if case.is_sealed else said


async def reply_told(line: ReplyThere, by: str, uow: UnitOfWork, at: datetime) -> None:
    """The answer stands at LAPOR!; told twice, nothing changes."""
    if line.told_at is None:
        await uow.replies_there.write(replace(line, told_at=at, last_error=None, tried_until=None))
        await uow.audit.add(AuditEntry(at, by, "reply_told_lapor", line.case_id))
