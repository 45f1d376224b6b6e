"""Effects of a turn become use cases on the turn's own transaction."""

from __future__ import annotations

from datetime import datetime

from backend.conversations.turn_protocol import Effect
from backend.conversations.turns import CarryOut
from backend.persistence.turn_rows import FrozenTurn
from backend.persistence.unit_of_work import SqlUnitOfWork
from backend.usecases.effects import EffectResult, Turn, carry_out
from backend.usecases.services import Services


def by_use_cases(services: Services) -> CarryOut:
    """The worker's way to every effect of `usecases.effects`."""

    async def do(effect: Effect, turn: FrozenTurn, now: datetime, uow: SqlUnitOfWork) -> EffectResult:
        return await carry_out(
            effect.kind, effect.data, Turn(turn.conversation, turn.channel, now, uow, services)
        )

    return do
