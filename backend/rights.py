"""The operator's commands for the rights of reporters, retention and keys. A code comes from standard input when it is given as `-`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from backend.cases.case import Case
from backend.cases.errors import DomainError
from backend.persistence import keys, rotation
from backend.persistence.database import Database
from backend.persistence.errors import DatabaseRefused, DatabaseUnavailable, KeysRefused
from backend.persistence.retention import n_too_old, old_cases
from backend.persistence.unit_of_work import SqlUnitOfWork, opener
from backend.reference.loader import load
from backend.reference.retention import Action, Kept, retention_rows
from backend.settings import Settings
from backend.usecases.ports import AuditEntry
from backend.usecases.right_receipts import at_lapor, is_genuine, receipt
from backend.usecases.rights import case_of, erase_case, everything_about, rectify_case, restrict_case

OPERATOR = "operator"
BATCH = 100

Work = Callable[[Database], Awaitable[str]]
OnCase = Callable[[Case, SqlUnitOfWork, datetime], Awaitable[str]]


def export(settings: Settings, code: str | None, number: str | None, folder: Path) -> int:
    """Write all that is known about a case, its files and the receipt into a new folder, 0700."""

    async def work(case: Case, uow: SqlUnitOfWork, now: datetime) -> str:
        told = json.dumps(await everything_about(case, uow), ensure_ascii=False, indent=1, default=str)
        await uow.audit.add(_entry(case, "case_exported", now))
        files = [
            (one.media_type, await uow.attachments.read(one.id))
            for one in await uow.attachments.of_case(case.id)
        ]
        _write_folder(folder, told, files)
        return f"{folder}"

    return _on_case(settings, code, number, "exported", work)


def _write_folder(folder: Path, told: str, files: list[tuple[str, bytes | None]]) -> None:
    folder.mkdir(mode=0o700)
    (folder / "laporan.json").write_text(told + "\n", encoding="utf-8")
    for position, (media_type, content) in enumerate(files, 1):
        if content is not None:
            (folder / f"lampiran-{position}.{media_type.rpartition('/')[2]}").write_bytes(content)


def rectify(settings: Settings, code: str | None, number: str | None, field: str, words: TextIO) -> int:
    """Replace one field by what comes from standard input."""

    async def work(case: Case, uow: SqlUnitOfWork, now: datetime) -> str:
        await rectify_case(case, field, words.read(), OPERATOR, uow, now)
        return ""

    return _on_case(settings, code, number, "rectified", work)


def restrict(settings: Settings, code: str | None, number: str | None) -> int:
    """Nobody but those who work on it sees the case from now on."""

    async def work(case: Case, uow: SqlUnitOfWork, now: datetime) -> str:
        await restrict_case(case, OPERATOR, uow, now)
        return ""

    return _on_case(settings, code, number, "restricted", work)


def erase(settings: Settings, code: str | None, number: str | None) -> int:
    """Destroy what was written about a case, for good."""

    async def work(case: Case, uow: SqlUnitOfWork, now: datetime) -> str:
        await erase_case(case, OPERATOR, uow, now)
        return at_lapor(case, load())

    return _on_case(settings, code, number, "erased", work)


def legal_demand(settings: Settings, code: str | None, number: str | None) -> int:
    """Print all that the system can say about one case; the drill of `docs/breach.md`."""

    async def work(case: Case, uow: SqlUnitOfWork, now: datetime) -> str:
        await uow.audit.add(_entry(case, "legal_demand", now))
        return json.dumps(await everything_about(case, uow), ensure_ascii=False, indent=1, default=str)

    return _on_case(settings, code, number, "", work)


def check_receipt(settings: Settings, text: TextIO) -> int:
    """Say whether the receipt on standard input was written by this installation; 1 when it was not."""
    try:
        genuine = is_genuine(text.read(), keys.load(keys.key_file(settings.data)).vault)
    except (KeysRefused, OSError) as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
        return 1
    print("genuine" if genuine else "NOT genuine: not written by this installation, or changed afterwards")
    return 0 if genuine else 1


def retention(settings: Settings, *, dry_run: bool) -> int:
    """Erase what has been kept long enough, and say how much; a dry run only says."""

    async def work(database: Database) -> str:
        now, told = datetime.now(UTC), []
        for kept in retention_rows():
            async with opener(database.workers, database.keys.vault)() as uow:
                n_old = await n_too_old(uow.transaction, kept.data_class, now - kept.time)
            n_gone = (
                0 if dry_run or kept.action is not Action.ERASE else await _erase_old(database, kept, now)
            )
            told.append(
                f"{kept.data_class}: {n_old} older than {kept.time.days} days, erased {n_gone} ({kept.action}; {kept.legal_source})"
            )
        return "\n".join(told)

    return _told(settings, work)


async def _erase_old(database: Database, kept: Kept, now: datetime) -> int:
    n_gone = 0
    while True:
        async with opener(database.workers, database.keys.vault)() as uow:
            ids = await old_cases(uow.transaction, now - kept.time, BATCH)
            for case_id in ids:
                case = await uow.cases.by_id(case_id)
                if case is not None:
                    await erase_case(case, "retention", uow, now)
            await uow.commit()
        if not ids:
            return n_gone
        n_gone += len(ids)


def rotate_keys(settings: Settings, *, new: bool, drop_old: bool) -> int:
    """`new` adds a wrapping key to the key file; without it all data keys are wrapped by the newest; `drop_old` then forgets the others."""

    async def work(database: Database) -> str:
        path, own = keys.key_file(settings.data), database.keys
        if new:
            keys.store(own.with_new_wrapping_key(), path, replace=True)
            return f"{path}: one version more. Restart every backend, then `rotate-keys`; and `backup-keys` again."
        n_done = await rotation.rewrap(database.workers, own.vault)
        told = f"{n_done} data keys rewrapped"
        if not drop_old:
            return told
        needed = await rotation.still_needed(database.workers) | {max(own.wrapping_keys)}
        keys.store(own.with_only(needed), path, replace=True)
        return f"{told}; wrapping keys left: {', '.join(map(str, sorted(needed)))}. Dumps older than this need the old file."

    return _told(settings, work)


def _entry(case: Case, action: str, now: datetime) -> AuditEntry:
    return AuditEntry(case.time_kept(now), OPERATOR, action, case.id, "UU 27/2022")


def _on_case(settings: Settings, code: str | None, number: str | None, what: str, work: OnCase) -> int:
    if code == "-":
        code = sys.stdin.readline()

    async def whole(database: Database) -> str:
        now, vault = datetime.now(UTC), database.keys.vault
        async with opener(database.requests, vault)() as uow:
            case = await case_of(code, number, vault, uow)
            more = await work(case, uow, now)
            await uow.commit()
        at = case.time_kept(now)
        return receipt(what, case.number, at, load(), vault, more) if what else more

    return _told(settings, whole)


def _told(settings: Settings, work: Work) -> int:
    """Do it and say how it ended: 0, or 1 with the reason."""

    async def opened() -> str:
        database = await Database.open(settings)
        try:
            return await work(database)
        finally:
            await database.close()

    try:
        print(asyncio.run(opened()))
    except (DomainError, DatabaseRefused, DatabaseUnavailable, KeysRefused, OSError) as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
        return 1
    return 0
