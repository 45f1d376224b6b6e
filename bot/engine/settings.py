"""What the engine's process is told by its environment, and every reason for it to refuse to start."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.engine.signature import SignatureWrong, verify_model

SECRET_MIN_LENGTH = 16
LOOPBACK = "127.0.0.1"


class EngineRefused(Exception):
    """The engine may not start like this; the message says what to do."""


@dataclass(frozen=True)
class EngineSettings:
    """Where to listen (a unix socket, or a port of a loopback address), the shared secret, and the model file."""

    secret: str
    model: Path
    socket: Path | None
    host: str
    port: int


def settings_from(environment: Mapping[str, str]) -> EngineSettings:
    """The settings in `environment`, with the model found and its signature checked.

    Raises:
        EngineRefused: telemetry is on, the secret is missing, the address is not this machine's own, there is no model,
            or `TEMAN_LAPOR_MODEL_KEY` is set and the model is not signed with it.
    """
    if environment.get("RASA_TELEMETRY_ENABLED", "").lower() != "false":
        raise EngineRefused("telemetry is on: start the engine with RASA_TELEMETRY_ENABLED=false")
    secret = environment.get("TEMAN_LAPOR_ENGINE_SECRET", "")
    if len(secret) < SECRET_MIN_LENGTH:
        raise EngineRefused(
            f"TEMAN_LAPOR_ENGINE_SECRET must be set, with at least {SECRET_MIN_LENGTH} characters"
        )
    socket, host, port = _listener(environment)
    model = newest_model(Path(environment.get("TEMAN_LAPOR_MODEL") or "models"))
    if key := environment.get("TEMAN_LAPOR_MODEL_KEY"):
        try:
            verify_model(model, key)
        except SignatureWrong as wrong:
            raise EngineRefused(f"{wrong}: train again, or sign the model you trust") from wrong
    return EngineSettings(secret, model, socket, host, port)


def newest_model(path: Path) -> Path:
    """`path` itself if it is a file, else the newest `.tar.gz` in the folder.

    Raises:
        EngineRefused: there is none.
    """
    if path.is_file():
        return path
    models = sorted(path.glob("*.tar.gz"), key=lambda model: (model.stat().st_mtime_ns, model.name))
    if not models:
        raise EngineRefused(f"no model at {path}: train one with `make train`")
    return models[-1]


def _listener(environment: Mapping[str, str]) -> tuple[Path | None, str, int]:
    socket = environment.get("TEMAN_LAPOR_ENGINE_SOCKET")
    port = environment.get("TEMAN_LAPOR_ENGINE_PORT")
    if socket:
        return Path(socket), LOOPBACK, 0
    if not port:
        raise EngineRefused("set TEMAN_LAPOR_ENGINE_SOCKET or TEMAN_LAPOR_ENGINE_PORT")
    host, _, number = port.rpartition(":")
    host = host.strip("[]") or LOOPBACK
    if not _is_loopback(host):
        raise EngineRefused(f"the engine listens on this machine only, not on {host}")
    if not number.isdigit() or int(number) > 65535:
        raise EngineRefused(f"TEMAN_LAPOR_ENGINE_PORT is not a port: {port}")
    return None, host, int(number)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
