"""The world of one turn: its `now`, its `seed`, whose conversation and whose desk it is.

The engine freezes these for the duration of a turn, so a turn that runs again sees the same moment and makes the same
choices. Outside a turn (`rasa shell` with `rasa run actions`) they fall back to the system's clock and a fresh seed.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

HOME_OUTSIDE_A_TURN = "64.08"


@dataclass(frozen=True)
class Frozen:
    """What a turn was frozen with. `now` carries an offset; `seed` is 128 bits as 32 hex digits."""

    now: datetime
    seed: str
    conversation: str
    home: str
    channel: str
    rehearsal: bool = False


_frozen: ContextVar[Frozen | None] = ContextVar("frozen", default=None)


@contextmanager
def frozen(world: Frozen) -> Iterator[None]:
    """For the duration of the block (and the tasks started in it) `world` is the present."""
    token = _frozen.set(world)
    try:
        yield
    finally:
        _frozen.reset(token)


def now() -> datetime:
    """The turn's moment, with an offset."""
    world = _frozen.get()
    return world.now if world else datetime.now().astimezone()


def seed() -> str:
    """The turn's seed, 32 hex digits; outside a turn a fresh one at every call."""
    world = _frozen.get()
    return world.seed if world else secrets.token_hex(16)


def conversation() -> str:
    """The opaque id of the conversation; `shell` outside a turn."""
    world = _frozen.get()
    return world.conversation if world else "shell"


def home() -> str:
    """Kemendagri code of the regency that runs the channel, such as `64.08`."""
    world = _frozen.get()
    return world.home if world else os.environ.get("TEMAN_LAPOR_HOME_REGENCY", HOME_OUTSIDE_A_TURN)


def is_rehearsal() -> bool:
    """Whether this turn is answered for comparison only."""
    world = _frozen.get()
    return world is not None and world.rehearsal


def channel() -> str:
    """Name of the channel the turn came by: `web`, `whatsapp`; `shell` outside a turn."""
    world = _frozen.get()
    return world.channel if world else "shell"
