"""`make retrain-demo`: citizens with unseen slang, a reviewer, one round of training, the exam, a new version, and back.

Everything is real, in a copy of the project that is thrown away: database, engines, web chat, trainer. What a sentence
means to a version is read with `python -m bot understand`.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.support.product import Running

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
PARTS = ("backend", "bot", "tests", "config.yml", "domain.yml", "endpoints.yml", "pyproject.toml")
INSIDE = "TL_RETRAIN_INSIDE"
LEAST_GAIN, MOST_LOSS = 0.15, 0.005


def copied(folder: Path) -> Path:
    """The project in `folder`, with the environments and trained models of the real one."""
    tree = folder / "proyek"
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(source, tree / part, ignore=ignored)
        elif source.is_file():
            shutil.copy2(source, tree / part)
    (tree / ".venv").symlink_to(ROOT / ".venv")
    return tree


def main(words: Sequence[str] | None = None) -> int:
    """Run the demonstration in a copy; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.retrain")
    parser.add_argument(
        "--poison", action="store_true", help="the drill: hostile sentences and a careless reviewer"
    )
    arguments = parser.parse_args(words)
    if os.environ.get(INSIDE):
        logging.basicConfig(level="WARNING", format="%(asctime)s %(levelname)s %(name)s %(message)s")
        from tests.retrain import drill, loop

        return asyncio.run(drill.run() if arguments.poison else loop.run())
    # PostgreSQL does not run as root and must be able to enter the folder.
    folder = Path(tempfile.mkdtemp(prefix="tl-retrain-", dir="/var/tmp"))
    folder.chmod(0o755)
    try:
        tree = copied(folder)
        ours = Running(folder=folder / "data")
        ours.folder.mkdir()
        ours.folder.chmod(0o755)
        if any((ROOT / "models").glob("*.tar.gz")):
            ours.bring_model()  # signed with the copy's keys, it need not be trained again
        environment = {
            **os.environ,
            INSIDE: "1",
            "TEMAN_LAPOR_DATA": str(ours.folder),
            "TEMAN_LAPOR_MODELS": str(ours.folder / "models"),
            "TEMAN_LAPOR_PORT": "0",
        }
        command = [sys.executable, "-m", "tests.retrain", *(["--poison"] if arguments.poison else [])]
        return subprocess.run(command, cwd=tree, env=environment, check=False).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def rows(part: str | None = None) -> list[dict[str, str]]:
    """Sentences with their meaning; `part` is said or kept."""
    with (HERE.parent / "slang.csv").open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if part in (None, row["part"])]


def understood(archive: Path, texts: Sequence[str], python: Path) -> list[dict[str, object]]:
    """How a version reads these texts."""
    words = [str(python), "-m", "bot", "understand", "--model", str(archive)]
    done = subprocess.run(
        words, input="\n".join(texts) + "\n", capture_output=True, text=True, cwd=ROOT, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def label_of(read: dict[str, object]) -> str:
    """The label that a reading amounts to."""
    issues = read.get("issue_ranking") or []
    if read["intent"] == "keluhan" and issues:
        return f"keluhan/{issues[0]['code']}"  # type: ignore[index]
    return str(read["intent"])


def tell(sentence: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {sentence}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
