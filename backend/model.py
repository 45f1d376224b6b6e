"""Training from the backend's side: the bot's own environment does it, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from backend.persistence import keys
from backend.processes import without_ours
from backend.settings import ROOT, Settings


class ModelMissing(Exception):
    """There is no model to serve; the message says how to get one."""


def newest(models: Path) -> Path | None:
    """The model that is served: the newest archive of the folder."""
    archives = sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return archives[-1] if archives else None


def train(settings: Settings, *, only_if_missing: bool) -> int:
    """Train a model of the data as they are and sign it; progress goes to the terminal. Returns the exit code."""
    if not settings.bot_python.exists():
        print(f"{settings.bot_python} is missing: run `make setup` first.", file=sys.stderr)
        return 1
    key = keys.load_or_make(settings.data).model_key.hex()
    command = [str(settings.bot_python), "-m", "bot", "train", "--out", str(settings.models)]
    if only_if_missing:
        command.append("--if-missing")
    done = subprocess.run(command, cwd=ROOT, env=environment(key), check=False)
    return done.returncode


def environment(model_key: str) -> dict[str, str]:
    """What the trainer sees: no setting and no secret of ours but the key it signs with."""
    inherited = without_ours(os.environ)
    return {
        **inherited,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TEMAN_LAPOR_MODEL_KEY": model_key,
    }
