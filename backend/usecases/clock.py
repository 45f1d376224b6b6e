"""The promised date while a case changes state, or while the rules that it follows from change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from backend.cases.case import SYSTEM, Case, DuePromise
from backend.cases.sla import Pause, Question, extended, find_limit, pauses_of, promise
from backend.cases.workflow import PAUSED, Step
from backend.reference.loader import Reference

RECOMPUTED = "due_recomputed"


def after_pause(old: Case, new: Case, reference: Reference, now: datetime) -> Case:
    """`new` with its promise moved on when the move from `old` ended a pause; the limit for completing is the cap."""
    if old.state not in PAUSED or new.state in PAUSED or new.is_closed:
        return new
    today = reference.today(now, new.desk)
    last_pause = pauses_of(new, reference.zone(new.desk))[-1:]
    return replace(new, due=_moved_on(new, new.due, last_pause, today, reference))


def _moved_on(
    case: Case, due: DuePromise, pauses: tuple[Pause, ...], on: date, reference: Reference
) -> DuePromise:
    about = Question(case.report_class, case.oversight, case.desk)
    limit = find_limit(reference.limits, Step.COMPLETE, about, on)
    cap = limit.amount if limit else 0
    return extended(due, pauses, on, reference.calendar(case.desk), cap)


def promised_by(case: Case, reference: Reference) -> DuePromise:
    """The promise as it would stand had these rows been in force all along: from the day of filing, with every pause that is over."""
    about = Question(case.report_class, case.oversight, case.desk)
    filed_on = reference.today(case.filed_at, case.desk)
    due = promise(reference.limits, about, filed_on, reference.calendar(case.desk))
    for pause in pauses_of(case, reference.zone(case.desk)):
        if pause.end is not None:
            due = _moved_on(case, due, (pause,), pause.end, reference)
    return due


def recounted(case: Case, reference: Reference, version: int, now: datetime) -> Case | None:
    """The case with the date that holds by these rows, and a line in its history that says from when to when; None when the date
    stays, or when nobody waits for it any more."""
    if case.is_closed or case.is_erased:
        return None
    due = promised_by(case, reference)
    if due.on == case.due.on:
        return None
    words = reference.sentence(
        RECOMPUTED,
        old=reference.date_label(case.due.on),
        new=reference.date_label(due.on),
        version=version,
    )
    return replace(case.noted(RECOMPUTED, SYSTEM, now, public_note=words), due=due)
