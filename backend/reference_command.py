"""`python -m backend reference status|export`: which version is in force, and its rows as files that can be given back to the project."""

from __future__ import annotations

import asyncio
import json
import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from backend.persistence.database import Database
from backend.persistence.errors import DatabaseRefused, DatabaseUnavailable, KeysRefused
from backend.persistence.references import References
from backend.reference import loader
from backend.reference.editors import tables
from backend.reference.tables import Change, write_tables
from backend.settings import Settings
from backend.usecases.edit_reference import Standing, overlay_of, standing


def run(settings: Settings, arguments: Namespace) -> int:
    """As typed; returns the exit code."""
    if arguments.what == "status":
        return status(settings, sys.stdout)
    if arguments.folder is None:
        print("export needs a folder", file=sys.stderr)
        return 2
    return export(settings, arguments.folder, arguments.version, sys.stdout)


def status(settings: Settings, out: TextIO) -> int:
    """One JSON object: the version in force, those that wait, how many rows differ from the release. Returns the exit code."""
    found = _asked(settings, None)
    if found is None:
        return 1
    now, overlay = found
    told: dict[str, Any] = {
        "in_force": now.active,
        "newest": now.newest,
        "changed_rows": len(overlay),
        "draft": len(now.draft),
        "versions": [
            {
                "number": one.number,
                "from": one.effective_on.isoformat(),
                "reason": one.reason,
                "equals": one.equals,
            }
            for one in now.versions
        ],
    }
    out.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 0


def export(settings: Settings, folder: Path, version: int | None, out: TextIO) -> int:
    """The changed files of a version (the one in force when none is named), written whole; their names on `out`. Returns the exit
    code: 2 for a folder that is not empty or a version that does not exist."""
    found = _asked(settings, version)
    if found is None:
        return 1
    now, overlay = found
    wanted = now.active if version is None else version
    if wanted not in {0, *[one.number for one in now.versions]} or (
        folder.exists() and any(folder.iterdir())
    ):
        print(f"Nothing written: no version {wanted}, or {folder} is not empty", file=sys.stderr)
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    write_tables(tables(), overlay, folder)
    changed = {file for file, _ in overlay}
    for path in folder.glob("*.csv"):
        if path.name in changed:
            out.write(f"{path.name}\n")
        else:
            path.unlink()
    return 0


def _asked(settings: Settings, version: int | None) -> tuple[Standing, dict[tuple[str, str], Change]] | None:
    try:
        return asyncio.run(_read(settings, version))
    except (DatabaseRefused, DatabaseUnavailable, KeysRefused) as refusal:
        print(f"Nothing was read: {refusal}", file=sys.stderr)
        return None


async def _read(settings: Settings, version: int | None) -> tuple[Standing, dict[tuple[str, str], Change]]:
    database = await Database.open(settings)
    try:
        today = loader.load().today(datetime.now(UTC), settings.home_regency)
        async with References(database.requests, database.keys.vault).begin() as rows:
            found = await standing(rows.versions, today)
            return found, await overlay_of(rows.versions, found.active if version is None else version)
    finally:
        await database.close()
