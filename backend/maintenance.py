"""The operator's commands: backups, their way back, and what reviewers approved on its way to the training data.

Passphrases come from standard input, never from the command line, where every process of the machine could read them.
"""

from __future__ import annotations

import asyncio
import getpass
import sys
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import yaml

from backend.persistence import backup as dumps
from backend.persistence.database import Database
from backend.persistence.errors import DatabaseRefused, DatabaseUnavailable, KeysRefused
from backend.persistence.unit_of_work import opener
from backend.review.masking import has_identifier
from backend.settings import ROOT, Settings
from backend.usecases.ports import ReviewItem

REVIEWED = ROOT / "bot" / "data" / "nlu" / "reviewed.yml"
FORMAT = "3.1"
HEADER = "# Sentences that people reviewed. Written by `python -m backend export-reviewed`; do not edit.\n"
# In training data `[word](entity)` is an annotation, a leading dash an item and a leading slash a command.
BRACKETS = str.maketrans("[]", "()")
LEADING = "-*/\\| "


class ExportRefused(Exception):
    """A sentence may not become training data; the message names its item."""


class _Block(str):
    """Text that YAML writes line by line."""


class _Dumper(yaml.SafeDumper):
    """YAML as the other training files are written."""


def _block(dumper: _Dumper, text: _Block) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style="|")


_Dumper.add_representer(_Block, _block)


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


def restore(settings: Settings, source: Path, keys: Path | None, *, replace: bool = False) -> int:
    """Put a dump in the place of the database, the keys first if a file of them is given. Returns the exit code."""

    def work() -> str:
        if keys is not None:
            dumps.restore_keys(settings.data, keys, _passphrase())
        done = asyncio.run(dumps.restore(settings, source, datetime.now(UTC), replace=replace))
        return f"restored: {source}\n  conversations that were due meanwhile and are purged: {done.n_purged}"

    return _told(work)


def export_reviewed(settings: Settings, target: Path = REVIEWED) -> int:
    """Write approved sentences where the training reads them. Returns the exit code."""

    async def approved() -> Sequence[ReviewItem]:
        database = await Database.open(settings)
        try:
            async with opener(database.requests, database.keys.vault)() as uow:
                return await uow.review.approved()
        finally:
            await database.close()

    return _told(lambda: f"{write_reviewed(asyncio.run(approved()), target)} sentences in {target}")


def write_reviewed(items: Sequence[ReviewItem], target: Path) -> int:
    """Write the sentences by label, sorted, each once; the same approvals give the same bytes. Without any, the file goes.

    Raises:
        ExportRefused: an identifier is left in a sentence; nothing is written.
    """
    labelled: dict[str, set[str]] = {}
    for item in items:
        if has_identifier(item.text):
            raise ExportRefused(
                f"review item {item.id} still holds an identifier; dismiss it and export again"
            )
        sentence = one_line(item.text)
        if item.label and sentence:
            labelled.setdefault(item.label, set()).add(sentence)
    if not labelled:
        target.unlink(missing_ok=True)
        return 0
    groups = [
        {"intent": label, "examples": _Block("".join(f"- {one}\n" for one in sorted(sentences)))}
        for label, sentences in sorted(labelled.items())
    ]
    text = yaml.dump(
        {"version": FORMAT, "nlu": groups}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000
    )
    half = target.with_name(f"{target.name}.half")
    half.write_text(HEADER + text, encoding="utf-8")
    half.replace(target)
    return sum(map(len, labelled.values()))


def one_line(text: str) -> str:
    """A sentence as one line of training data that means nothing but itself.

    >>> one_line("- lampu:  mati\\n[di sini](place) ")
    'lampu: mati (di sini)(place)'
    """
    plain = "".join(" " if unicodedata.category(sign).startswith(("C", "Z")) else sign for sign in text)
    return " ".join(plain.translate(BRACKETS).split()).lstrip(LEADING)


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
