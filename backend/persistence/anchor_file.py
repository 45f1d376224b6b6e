"""The file outside the database in which the heads of the audit's chains are anchored, a signed line at a time, never rewritten.

`<data>/audit/anchors-2026-11.jsonl`, one a month. A line is `{"n", "at", "kind", "heads", "dump", "link"}`: `heads` maps a chain to the
number and link of its last entry, `kind` is `heads` or `restored` (what was anchored before a restore is no longer expected), `link`
closes the line onto the one before it with the audit key. Keep a copy elsewhere (`chattr +a` helps on this machine).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.persistence.sealing import Vault

Heads = Mapping[str, tuple[int, str]]
TAIL = 4 * 1024 * 1024


@dataclass(frozen=True)
class Line:
    """One anchor; `n` counts from 1 over all files, `heads` are (entries, link in hex) by chain."""

    n: int
    at: str
    kind: str
    heads: Heads
    dump: str
    link: bytes = field(repr=False)

    def signed_part(self) -> bytes:
        value = {"n": self.n, "at": self.at, "kind": self.kind, "dump": self.dump}
        heads = {chain: list(head) for chain, head in sorted(self.heads.items())}
        return json.dumps({**value, "heads": heads}, sort_keys=True, ensure_ascii=False).encode()

    def follows(self, vault: Vault, previous: bytes) -> bool:
        """Whether it was written by whoever has the audit key, after the line with that link."""
        return self.link == vault.audit(previous, self.signed_part())


@dataclass(frozen=True)
class AnchorFile:
    """The files of a host's data folder; each host has its own, with numbers of their own."""

    folder: Path
    vault: Vault = field(repr=False)
    host: str = ""

    def files(self) -> list[Path]:
        return sorted(self.folder.glob("anchors-*.jsonl"))

    def lines(self) -> Iterator[Line | None]:
        """From the first; None for what is no whole line (a crash tore it, or somebody changed it)."""
        for path in self.files():
            with path.open(encoding="utf-8", errors="replace") as file:
                for text in file:
                    if text.strip():
                        yield _line(text)

    def last(self) -> Line | None:
        """The last whole line."""
        for path in reversed(self.files()):
            with path.open("rb") as file:
                file.seek(max(0, path.stat().st_size - TAIL))
                for text in reversed(file.read().decode("utf-8", errors="replace").splitlines()):
                    if (line := _line(text)) is not None:
                        return line
        return None

    def append(
        self, after: tuple[int, bytes], at: datetime, heads: Heads, kind: str = "heads", dump: str = ""
    ) -> Line:
        """One more line, on the disk when this returns; `after` is the number and link of the line before."""
        draft = Line(after[0] + 1, at.isoformat(), kind, heads, dump, b"")
        line = Line(draft.n, draft.at, kind, heads, dump, self.vault.audit(after[1], draft.signed_part()))
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / f"anchors-{at:%Y-%m}.jsonl"
        values = {
            "n": line.n,
            "at": line.at,
            "kind": kind,
            "heads": heads,
            "dump": dump,
            "link": line.link.hex(),
        }
        text = json.dumps(values, ensure_ascii=False) + "\n"
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            if _is_torn(file):
                text = "\n" + text
            file.write(text.encode())
            os.fsync(file.fileno())
        return line


def _is_torn(file: Any) -> bool:
    size = file.seek(0, os.SEEK_END)
    if not size:
        return False
    file.seek(size - 1)
    return bool(file.read(1) != b"\n")


def _line(text: str) -> Line | None:
    try:
        value = json.loads(text)
        heads = {str(chain): (int(seq), str(link)) for chain, (seq, link) in value["heads"].items()}
        link = bytes.fromhex(value["link"])
        return Line(int(value["n"]), str(value["at"]), str(value["kind"]), heads, str(value["dump"]), link)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
