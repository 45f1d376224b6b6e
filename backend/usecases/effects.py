"""What a turn wants done: one effect of the engine becomes one use case, and its result goes back as data."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.cases.case import Case
from backend.cases.errors import (
    CaseNotFound,
    ContestTooLate,
    DomainError,
    DraftInvalid,
    MoveRefused,
    ReasonMissing,
)
from backend.usecases.add_to_case import add_to_case
from backend.usecases.confirm_resolved import confirm_resolved
from backend.usecases.contest_case import contest_case
from backend.usecases.drafts import read_draft
from backend.usecases.file_complaint import Filed, file_complaint, support_case
from backend.usecases.forget_conversation import forget_conversation
from backend.usecases.ports import UnitOfWork
from backend.usecases.request_human import request_human
from backend.usecases.rights_by_code import use_right
from backend.usecases.services import Services
from backend.usecases.withdraw_case import withdraw_case

# Refusals that a person can understand and answer; anything else fails the turn.
_EXPLAINED: dict[type[DomainError], str] = {
    MoveRefused: "not_possible_now",
    ReasonMissing: "needs_reason",
    ContestTooLate: "contest_too_late",
    CaseNotFound: "case_not_found",
}


@dataclass(frozen=True)
class Turn:
    """In which turn an effect happens. The unit of work is the turn's own: nothing here commits."""

    conversation: str
    channel: str
    now: datetime
    uow: UnitOfWork
    services: Services


@dataclass(frozen=True)
class EffectResult:
    """`data` goes to the engine; `code` replaces the marker in the outbox row and nowhere else. `empties_conversation`: keep no
    words of this conversation, its state included; `forgets`: the conversation is gone after this turn."""

    data: dict[str, Any]
    code: str | None = None
    empties_conversation: bool = False
    forgets: bool = False


class UnknownEffect(LookupError):
    """The engine asks for something that nobody here can do."""


async def carry_out(kind: str, data: Mapping[str, Any], turn: Turn) -> EffectResult:
    """Do one effect and say how it went. Raises `UnknownEffect` or `DraftInvalid`: the turn fails."""
    handler = _HANDLERS.get(kind)
    if handler is None:
        raise UnknownEffect(kind)
    try:
        return await handler(kind, data, turn)
    except (MoveRefused, ReasonMissing, ContestTooLate, CaseNotFound) as refusal:
        reason = turn.services.reference.sentence(_EXPLAINED[type(refusal)])
        return EffectResult({"kind": kind, "outcome": "refused", "reason": reason})


async def _file(kind: str, data: Mapping[str, Any], turn: Turn) -> EffectResult:
    draft = read_draft(data)
    filed = await file_complaint(draft, turn.conversation, turn.channel, turn.uow, turn.services, turn.now)
    return _receipt(kind, filed, turn)


async def _support(kind: str, data: Mapping[str, Any], turn: Turn) -> EffectResult:
    draft, case_ref = read_draft(data), _ref(data)
    filed = await support_case(
        draft, case_ref, turn.conversation, turn.channel, turn.uow, turn.services, turn.now
    )
    return _receipt(kind, filed, turn)


def _receipt(kind: str, filed: Filed, turn: Turn) -> EffectResult:
    case, reference = filed.case, turn.services.reference
    on = reference.today(turn.now, case.desk)
    receipt = {
        "kind": kind,
        "outcome": "done",
        "agency_name": reference.agency_name(case.assignment.agency, on),
        "level": case.assignment.level.value,
        "level_label": reference.level_label(case.assignment.level),
        "reason": case.assignment.reason,
        "due_on": case.due.on.isoformat(),
        "due_label": reference.date_label(case.due.on),
        "case_number": case.number,
        "identity_level": case.identity_level.value,
    }
    return EffectResult(receipt, filed.code, filed.empties_conversation)


async def _add(kind: str, data: Mapping[str, Any], turn: Turn) -> EffectResult:
    attachments = [str(one) for one in data.get("attachments") or ()]
    case = await add_to_case(
        turn.conversation, _ref(data), _text(data), attachments, turn.uow, turn.services, turn.now
    )
    return _moved(kind, case, turn)


async def _contest(kind: str, data: Mapping[str, Any], turn: Turn) -> EffectResult:
    case = await contest_case(turn.conversation, _ref(data), _text(data), turn.uow, turn.services, turn.now)
    return _moved(kind, case, turn)


async def _confirm(kind: str, data: Mapping[str, Any], turn: Turn) -> EffectResult:
    rating = data.get("rating")
    if rating is not None and (isinstance(rating, bool) or not isinstance(rating, int)):
        raise DraftInvalid("rating", "is no whole number")
    case = await confirm_resolved(turn.conversation, _ref(data), rating, turn.uow, turn.services, turn.now)
    return _moved(kind, case, turn)


async def _withdraw(kind: str, data: Mapping[str, Any], turn: Turn) -> EffectResult:
    case = await withdraw_case(turn.conversation, _ref(data), _text(data), turn.uow, turn.services, turn.now)
    return _moved(kind, case, turn)


def _moved(kind: str, case: Case, turn: Turn) -> EffectResult:
    label = turn.services.reference.states[case.state].label
    return EffectResult({"kind": kind, "outcome": "done", "reason": "", "state_label": label})


async def _erase(kind: str, data: Mapping[str, Any], turn: Turn) -> EffectResult:
    receipt = await use_right("erased", turn.conversation, _ref(data), turn.uow, turn.services, turn.now)
    return EffectResult({"kind": kind, "outcome": "done", "receipt": receipt})


async def _human(kind: str, data: Mapping[str, Any], turn: Turn) -> EffectResult:
    reason, summary = str(data.get("reason") or ""), str(data.get("summary") or "")
    await request_human(turn.conversation, reason, summary, turn.uow, turn.services, turn.now)
    return EffectResult({"kind": kind, "outcome": "done"})


async def _forget(kind: str, data: Mapping[str, Any], turn: Turn) -> EffectResult:
    await forget_conversation(turn.conversation, turn.uow, turn.now)
    return EffectResult({"kind": kind, "outcome": "done"}, empties_conversation=True, forgets=True)


def _ref(data: Mapping[str, Any]) -> str:
    case_ref = data.get("case_ref")
    if not isinstance(case_ref, str) or not case_ref:
        raise DraftInvalid("case_ref", "is missing")
    return case_ref


def _text(data: Mapping[str, Any]) -> str:
    return str(data.get("text") or "")


_HANDLERS: dict[str, Callable[[str, Mapping[str, Any], Turn], Awaitable[EffectResult]]] = {
    "file_complaint": _file,
    "support_case": _support,
    "add_to_case": _add,
    "contest_case": _contest,
    "confirm_resolved": _confirm,
    "withdraw_case": _withdraw,
    "erase_case": _erase,
    "request_human": _human,
    "forget": _forget,
}
KINDS = frozenset(_HANDLERS)
