"""The engine starts only where it is safe: on this machine, with a secret, without telemetry, with a trusted model."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from bot.engine.settings import EngineRefused, settings_from
from bot.engine.signature import SignatureWrong, sign_model, verify_model

KEY = "model key of the tests"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    model = tmp_path / "one.tar.gz"
    model.write_bytes(b"model one")
    sign_model(model, KEY)
    return {
        "RASA_TELEMETRY_ENABLED": "false",
        "TEMAN_LAPOR_ENGINE_SECRET": "s" * 32,
        "TEMAN_LAPOR_ENGINE_PORT": "5501",
        "TEMAN_LAPOR_MODEL": str(model),
        "TEMAN_LAPOR_MODEL_KEY": KEY,
    }


def test_a_whole_environment_is_accepted(environment: dict[str, str], tmp_path: Path) -> None:
    settings = settings_from(environment)
    assert (settings.host, settings.port, settings.socket) == ("127.0.0.1", 5501, None)
    with_socket = settings_from({**environment, "TEMAN_LAPOR_ENGINE_SOCKET": str(tmp_path / "e.sock")})
    assert with_socket.socket == tmp_path / "e.sock"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"RASA_TELEMETRY_ENABLED": "true"}, "telemetry"),
        ({"RASA_TELEMETRY_ENABLED": ""}, "telemetry"),
        ({"TEMAN_LAPOR_ENGINE_SECRET": ""}, "SECRET"),
        ({"TEMAN_LAPOR_ENGINE_SECRET": "short"}, "SECRET"),
        ({"TEMAN_LAPOR_ENGINE_PORT": ""}, "SOCKET"),
        ({"TEMAN_LAPOR_ENGINE_PORT": "0.0.0.0:5501"}, "this machine only"),
        ({"TEMAN_LAPOR_ENGINE_PORT": "[::]:5501"}, "this machine only"),
        ({"TEMAN_LAPOR_ENGINE_PORT": "10.0.0.7:5501"}, "this machine only"),
        ({"TEMAN_LAPOR_ENGINE_PORT": "example.org:5501"}, "this machine only"),
        ({"TEMAN_LAPOR_ENGINE_PORT": "lima"}, "not a port"),
        ({"TEMAN_LAPOR_ENGINE_PORT": "70000"}, "not a port"),
        ({"TEMAN_LAPOR_MODEL": "/nowhere/at/all"}, "no model"),
        ({"TEMAN_LAPOR_MODEL_KEY": "another key"}, "does not fit"),
    ],
)
def test_it_refuses_and_says_why(environment: dict[str, str], change: dict[str, str], reason: str) -> None:
    with pytest.raises(EngineRefused, match=reason):
        settings_from({**environment, **change})


def test_an_unsigned_model_is_refused_only_where_there_is_a_key(environment: dict[str, str]) -> None:
    Path(environment["TEMAN_LAPOR_MODEL"] + ".sig").unlink()
    with pytest.raises(EngineRefused, match="not signed"):
        settings_from(environment)
    settings_from({**environment, "TEMAN_LAPOR_MODEL_KEY": ""})


def test_one_changed_byte_breaks_the_signature(tmp_path: Path) -> None:
    model = tmp_path / "m.tar.gz"
    model.write_bytes(b"x" * 3_000_000)
    sign_model(model, KEY)
    verify_model(model, KEY)
    model.write_bytes(b"x" * 2_999_999 + b"y")
    with pytest.raises(SignatureWrong):
        verify_model(model, KEY)


def test_of_a_folder_the_newest_model_is_taken(environment: dict[str, str], tmp_path: Path) -> None:
    newer = tmp_path / "a-newer.tar.gz"
    newer.write_bytes(b"model two")
    sign_model(newer, KEY)
    os.utime(newer, (time.time() + 60, time.time() + 60))
    assert settings_from({**environment, "TEMAN_LAPOR_MODEL": str(tmp_path)}).model == newer
