"""A trained small project and an engine running it, once per test session."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bot.engine.engine import Engine
    from tests.bot.mini.talking import Talk

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

MINI_ACTIONS = "tests.bot.mini.actions"


@pytest.fixture(scope="session")
def mini_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of the small project."""
    from tests.bot.mini.training import train_into

    return train_into(tmp_path_factory.mktemp("mini"))


@pytest.fixture(scope="session")
def mini_engine(mini_model: Path) -> Engine:
    """An engine with the small project."""
    from bot.engine.engine import Engine

    return Engine(mini_model, MINI_ACTIONS)


@pytest.fixture
def talk(mini_engine: Engine) -> Callable[..., Talk]:
    """Begins a conversation with the small project; keyword arguments as of `Talk`."""
    from tests.bot.mini.talking import Talk

    return lambda **options: Talk(mini_engine, **options)
