"""The promised date while a case changes state: it moves on by the working days that the case waited for its reporter."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from backend.cases.case import Case
from backend.cases.sla import Question, extended, find_limit, pauses_of
from backend.cases.workflow import PAUSED, Step
from backend.reference.loader import Reference


def after_pause(old: Case, new: Case, reference: Reference, now: datetime) -> Case:
    """`new` with its promise moved on when the move from `old` ended a pause; the limit for completing is the cap."""
    if old.state not in PAUSED or new.state in PAUSED or new.is_closed:
        return new
    zone = reference.zone(new.desk)
    today = reference.today(now, new.desk)
    about = Question(new.report_class, new.oversight, new.desk)
    limit = find_limit(reference.limits, Step.COMPLETE, about, today)
    cap = limit.amount if limit else 0
    last_pause = pauses_of(new, zone)[-1:]
    return replace(new, due=extended(new.due, last_pause, today, reference.calendar(new.desk), cap))
