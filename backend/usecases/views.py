"""What an asker may see of a case: a whitelist by kind of asker and kind of case, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.cases.case import Case
from backend.cases.sla import is_overdue
from backend.cases.workflow import Mover, State, named_move
from backend.reference.loader import Reference
from backend.usecases.ports import Author, Proof, ThreadMessage

CONTESTABLE_FOR = timedelta(days=30)
_SEALED_FIELDS = ("case_ref", "state", "state_label", "month", "replies", "may")


@dataclass(frozen=True)
class Sight:
    """All that a view is made of. `leader` is the case that a merged one follows."""

    case: Case
    leader: Case | None
    thread: Sequence[ThreadMessage]
    case_ref: str
    proof: Proof


def may(case: Case, now: datetime) -> list[str]:
    """What the reporter can do now: `add`, `contest`, `confirm`, `withdraw`."""
    reporter = Mover.REPORTER
    allowed = []
    if not case.is_closed:
        allowed.append("add")
    if can_contest(case, now):
        allowed.append("contest")
    if named_move(case.state, "resolve", reporter):
        allowed.append("confirm")
    if named_move(case.state, "withdraw", reporter):
        allowed.append("withdraw")
    return allowed


def can_contest(case: Case, now: datetime) -> bool:
    """An answer can be contested as long as it is open, an end for thirty days."""
    if case.state is State.ANSWERED:
        return True
    return (
        named_move(case.state, "contest", Mover.REPORTER) is not None and now - case.since <= CONTESTABLE_FOR
    )


def case_view(sight: Sight, reference: Reference, now: datetime) -> dict[str, Any]:
    """The `case` of an answer. Who only has the code of a sealed case sees its state and the words meant for the reporter; who has
    LAPOR!'s number, which many people may see, no words at all; who has a printed slip is told to exchange its code first."""
    view = _whole(sight, reference, now)
    if sight.proof is Proof.LAPOR:
        return {**view, "case_ref": "", "replies": [], "may": []}
    if sight.proof is Proof.SLIP:
        first = {"on": view["filed_on"], "text": reference.sentence("slip_first_use")}
        view = {**view, "replies": [first], "may": ["replace_code"]}
    if sight.proof is not Proof.SENDER and sight.case.is_sealed:
        return {field: view[field] for field in _SEALED_FIELDS}
    return view


def shown_files(case: Case, message: ThreadMessage) -> tuple[str, ...]:
    """What an officer put beside the words for the reporter: proof of the work. Of a sealed case no file leaves the desk."""
    return message.attachments if message.author is Author.OFFICER and not case.is_sealed else ()


def _reply(message: ThreadMessage, case: Case, reference: Reference) -> dict[str, Any]:
    reply = {"on": reference.today(message.at, case.desk).isoformat(), "text": message.text}
    files = list(shown_files(case, message))
    return {**reply, "files": files} if files else reply


def _whole(sight: Sight, reference: Reference, now: datetime) -> dict[str, Any]:
    case = sight.case
    shown = sight.leader or case
    words = reference.states[shown.state]
    today = reference.today(now, case.desk)
    filed_on = reference.today(case.filed_at, case.desk)
    return {
        "case_ref": sight.case_ref,
        "state": case.state.value,
        "state_label": reference.states[case.state].label,
        "what_next": words.what_next,
        "agency_name": reference.agency_name(shown.assignment.agency, today),
        "since": reference.today(case.since, case.desk).isoformat(),
        "filed_on": filed_on.isoformat(),
        "due_on": shown.due.on.isoformat(),
        "due_label": reference.date_label(shown.due.on),
        "overdue": is_overdue(shown.due.on, today, is_closed=shown.is_closed),
        "month": reference.month_label(filed_on),
        "replies": [
            _reply(message, case, reference)
            for message in sight.thread
            if message.author is not Author.REPORTER
        ],
        "may": may(case, now),
    }


def list_row(case: Case, case_ref: str, reference: Reference, now: datetime) -> dict[str, Any]:
    """One line of *laporan saya*."""
    today = reference.today(now, case.desk)
    filed_on = reference.today(case.filed_at, case.desk)
    issue = reference.issue(case.issue).label
    return {
        "case_ref": case_ref,
        "label": reference.sentence("label_case", issue=issue, month=reference.month_label(filed_on)),
        "state_label": reference.states[case.state].label,
        "agency_name": reference.agency_name(case.assignment.agency, today),
        "filed_on": filed_on.isoformat(),
        "due_on": case.due.on.isoformat(),
        "due_label": reference.date_label(case.due.on),
        "overdue": is_overdue(case.due.on, today, is_closed=case.is_closed),
        "open_question": case.state is State.AWAITING_REPORTER,
    }
