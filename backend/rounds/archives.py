"""An archive between a host's disk and the database."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from backend.persistence.archive_rows import StoredArchive
from backend.persistence.round_rows import Round

# Versions that one could go back to, one after the other.
STEPS_BACK = 3
# Beside all that is needed: what was trained by hand, or put here by an upgrade, newest first.
SPARE = 2


def read(archive: Path, files: Mapping[str, str]) -> StoredArchive:
    """The archive with its signature. Raises OSError when it cannot be read."""
    signature = archive.with_name(archive.name + ".sig")
    signed = signature.read_text(encoding="ascii") if signature.is_file() else ""
    return StoredArchive(archive.name, signed, dict(files), archive.read_bytes())


def write(stored: StoredArchive, folder: Path) -> Path:
    """Put it into a folder, the archive last and whole, older than whatever serves. Engines check the signature themselves."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / stored.name
    (folder / f"{stored.name}.sig").write_text(stored.signature, encoding="ascii")
    remembered_at(target).write_text(json.dumps(dict(stored.files), ensure_ascii=False), encoding="utf-8")
    half = target.with_name(f".{target.name}.half")
    half.write_bytes(stored.content)
    os.utime(half, (0, 0))
    half.replace(target)
    return target


def remembered_at(archive: Path) -> Path:
    """Where the reviewed files of a model lie, beside it."""
    return archive.with_name(f"{archive.name}.reviewed.json")


def way_back(rounds: Sequence[Round], live: str) -> tuple[str, ...]:
    """The archives that a click each would lead back to, nearest first. `rounds` are newest first."""
    found: list[str] = []
    name: str | None = live
    while len(found) < STEPS_BACK:
        name = next(
            (one.live_model for one in rounds if one.model == name and one.status == "promoted"), None
        )
        if name is None or name == live or name in found:
            break
        found.append(name)
    return tuple(found)


def tidy(models: Path, needed: Iterable[str]) -> tuple[str, ...]:
    """Delete archives that nobody needs, with what lies beside them; returns their names. The newest one stays whatever happens: a
    start serves it."""
    newest = sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    kept = {*needed, *(path.name for path in newest[:1])}
    gone = [path for path in newest if path.name not in kept][SPARE:]
    for path in gone:
        # The archive first: without one, what lies beside it means nothing.
        path.unlink(missing_ok=True)
        path.with_name(f"{path.name}.sig").unlink(missing_ok=True)
        remembered_at(path).unlink(missing_ok=True)
    return tuple(path.name for path in gone)
