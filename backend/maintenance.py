"""The operator's commands: backups, their way back, and what reviewers approved on its way to the training data.

Passphrases come from standard input, never from the command line, where every process of the machine could read them.
"""

from __future__ import annotations

import asyncio
import getpass
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from backend.persistence import backup as dumps
from backend.persistence import keys
from backend.persistence.database import Database
from backend.persistence.errors import DatabaseRefused, DatabaseUnavailable, KeysRefused
from backend.persistence.unit_of_work import opener
from backend.reference import loader
from backend.reference.intents import known_labels
from backend.rounds.files import ISSUES, NLU, ExportRefused, reviewed_files, write_files
from backend.settings import ROOT, Settings
from backend.usecases.ports import ReviewItem


def backup(settings: Settings, target: Path) -> int:
    """Dump the database; into a folder under a name of today, else to the named file. Returns the exit code."""

    is_folder = target.is_dir()

    async def work() -> str:
        database = await Database.open(settings)
        try:
            if is_folder:
                return f"written: {await dumps.backup(database, target, datetime.now(UTC))}"
            await dumps.dump_to(database, target)
            return f"written: {target}"
        finally:
            await database.close()

    told = "  It holds no keys: without the file of `backup-keys` it cannot be read."
    return _told(lambda: f"{asyncio.run(work())}\n{told}")


def backup_keys(settings: Settings, target: Path) -> int:
    """Write the keys, sealed with a passphrase. Returns the exit code."""

    def work() -> str:
        dumps.backup_keys(settings.data, target, _passphrase())
        return f"written: {target}\n  Keep it away from the dumps, and the passphrase away from both."

    return _told(work)


def restore_keys(settings: Settings, source: Path) -> int:
    """Put the keys into the data folder of this host, the database left alone. Returns the exit code."""

    def work() -> str:
        dumps.restore_keys(settings.data, source, _passphrase())
        return f"in place: {keys.key_file(settings.data)}"

    return _told(work)


def restore(settings: Settings, source: Path, key_backup: Path | None, *, replace: bool = False) -> int:
    """Put a dump in the place of the database, the keys first if a file of them is given. Returns the exit code."""

    def work() -> str:
        if key_backup is not None:
            dumps.restore_keys(settings.data, key_backup, _passphrase())
        began = time.monotonic()
        done = asyncio.run(dumps.restore(settings, source, datetime.now(UTC), replace=replace))
        return _restored(source, done, time.monotonic() - began)

    return _told(work)


def _restored(source: Path, done: dumps.Restored, took_s: float) -> str:
    lines = [f"restored: {source}", f"  {done.n_cases} cases in {took_s:.1f} s"]
    if done.newest_at is not None:
        lines.append(
            f"  the newest thing in it happened at {done.newest_at:%Y-%m-%d %H:%M:%S %Z}: what came later is lost here"
        )
        lines.append(
            "  (WhatsApp delivers unanswered messages again for seven days; codes given later open nothing)"
        )
    lines.append(f"  conversations that were due meanwhile and are purged: {done.n_purged}")
    return "\n".join(lines)


def export_reviewed(settings: Settings, tree: Path = ROOT) -> int:
    """Write approved sentences where the training reads them. Returns the exit code."""

    async def approved() -> Sequence[ReviewItem]:
        database = await Database.open(settings)
        try:
            async with opener(database.requests, database.keys.vault)() as uow:
                return await uow.review.approved()
        finally:
            await database.close()

    def work() -> str:
        sentences = [(item.id, item.text, item.label or "") for item in asyncio.run(approved())]
        write_files(reviewed_files(sentences, known_labels(loader.load())), tree)
        return f"{len(sentences)} sentences in {tree / NLU} and {tree / ISSUES}"

    return _told(work)


def _passphrase() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("passphrase: ")
    return sys.stdin.readline().rstrip("\r\n")


def _told(work: Callable[[], str]) -> int:
    """Do it and say how it ended: 0, or 1 with the reason."""
    try:
        print(work())
    except (DatabaseRefused, DatabaseUnavailable, KeysRefused, ExportRefused, OSError) as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
        return 1
    return 0
