"""Answers that officers need again and again, and office words with what people say instead: rows, filled case by case."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.cases.workflow import MOVES
from backend.reference.rows import read_rows, unique

# What a template may name in braces; `usecases/fill_words.py` fills them.
VARIABLES = frozenset("nomor instansi batas tempat urusan masuk hari_ini kontak darurat".split())
VARIABLE = re.compile(r"\{(\w*)\}")
REPLY = "reply"


@dataclass(frozen=True)
class ReplyTemplate:
    """`moves` says with which words it is offered (`reply` is a reply without a move), `issues` for which matters; empty means all."""

    code: str
    name: str
    moves: frozenset[str]
    issues: frozenset[str]
    text: str

    def fits(self, move: str, issue: str) -> bool:
        """Whether it is offered with this move on a case of this issue."""
        return move in self.moves and (not self.issues or issue in self.issues)


def reply_templates(folder: Path, issues: Collection[str]) -> tuple[ReplyTemplate, ...]:
    """`reply_templates.csv` in its order; raises `RowInvalid` for an unknown move, issue or variable."""
    known = {move.name for move in MOVES} | {REPLY}
    columns = "code name moves issues text".split()
    found = []
    for row in unique(read_rows(folder, "reply_templates.csv", columns), "code"):
        one = ReplyTemplate(
            row.text("code"),
            row.text("name"),
            frozenset(row.words("moves")),
            frozenset(row.words("issues")),
            row.text("text"),
        )
        if not one.moves or one.moves - known:
            raise row.invalid("moves", f"{', '.join(sorted(one.moves - known)) or 'nothing'} is no move")
        if one.issues - set(issues):
            raise row.invalid("issues", f"{', '.join(sorted(one.issues - set(issues)))} not in issues.csv")
        strange = set(VARIABLE.findall(one.text)) - VARIABLES
        if strange:
            raise row.invalid("text", f"no variable {', '.join(sorted(strange))}")
        found.append(one)
    return tuple(found)


def jargon(folder: Path) -> Mapping[str, str]:
    """`jargon.csv`: office word → what people say."""
    rows = unique(read_rows(folder, "jargon.csv", ["word", "plain"]), "word")
    return {row.text("word").lower(): row.text("plain") for row in rows}
