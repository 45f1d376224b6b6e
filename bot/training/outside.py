"""The development data kept outside the project: measured if they are there, never learnt from."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.training.examinee import Examinee, Understood
from bot.training.measuring import share

LEAST_WORDS = 3
# What takes a message in: a report, a wish, a request, or a question that gets an answer.
OPENS = frozenset({"keluhan", "aspirasi", "minta_informasi", "mau_lapor", "darurat"})
TAKES_IN = OPENS | {"tanya", "belum_selesai", "tambah_info"}
SAME_LANGUAGE = {"ms": "id", "tl": "other"}
# Two levels may be right for one matter.
ALSO_RIGHT = {"disnaker": frozenset({"disnaker_prov"})}


@dataclass(frozen=True)
class Outside:
    """Shares from 0 to 1; `languages` by language code, with the number of messages."""

    recognised: float
    n_complaints: int
    agency_top1: float
    agency_top3: float
    n_agencies: int
    opened: float
    n_out_of_scope: int
    languages: Mapping[str, tuple[float, int]]


def measured(folder: Path, issues_csv: Path, examinee: Examinee) -> Outside | None:
    """The figures, or None if the folder is not there."""
    if not (folder / "complaints.csv").is_file():
        return None
    complaints = _rows(folder / "complaints.csv")
    heard = [examinee.understand(row["text"]) for row in complaints]
    agencies = {row["agency"]: row["ours"] for row in _rows(folder / "agencies.csv")}
    judged = [
        (one, agencies[row["agency"]])
        for row, one in zip(complaints, heard, strict=True)
        if agencies.get(row["agency"], "-") != "-"
    ]
    office = {row["code"]: row["agency_default"] for row in _rows(issues_csv)}
    strangers = [examinee.understand(row["text"]) for row in _rows(folder / "out_of_scope.csv")]
    return Outside(
        recognised=share(_base(one) in TAKES_IN for one in heard),
        n_complaints=len(heard),
        agency_top1=share(_is_right(_offices(one, office)[:1], wanted) for one, wanted in judged),
        agency_top3=share(_is_right(_offices(one, office)[:3], wanted) for one, wanted in judged),
        n_agencies=len(judged),
        opened=share(_base(one) in OPENS for one in strangers),
        n_out_of_scope=len(strangers),
        languages=_languages(_rows(folder / "language.csv"), examinee),
    )


def _languages(rows: Sequence[Mapping[str, str]], examinee: Examinee) -> dict[str, tuple[float, int]]:
    right: dict[str, list[bool]] = {}
    for row in rows:
        if len(re.findall(r"[^\W\d_]+", row["text"])) >= LEAST_WORDS:
            wanted = SAME_LANGUAGE.get(row["language"], row["language"])
            right.setdefault(row["language"], []).append(examinee.languages.language(row["text"]) == wanted)
    return {language: (share(values), len(values)) for language, values in sorted(right.items())}


def _offices(one: Understood, office: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(office[code] for code, _ in one.issues))


def _is_right(offered: Sequence[str], wanted: str) -> bool:
    return bool(({wanted} | ALSO_RIGHT.get(wanted, frozenset())) & set(offered))


def _base(one: Understood) -> str:
    return one.intent.partition("/")[0]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
