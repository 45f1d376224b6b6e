"""An archive between a host's disk and the database."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from backend.persistence.archive_rows import StoredArchive


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
