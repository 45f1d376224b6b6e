"""`python -m bot compare`: a candidate sits the exam beside the served model; the verdict is written as JSON."""

from __future__ import annotations

import csv
import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from bot.actions.backend_client import Backend
from bot.training import gate, progress, shown, talks_verdict
from bot.training.archived import examinee_of
from bot.training.data import Example, examples
from bot.training.examinee import Examinee, Understood
from bot.training.gate import Change, Sat

ROOT = Path(__file__).resolve().parent.parent.parent
FROZEN = ROOT / "tests" / "nlu" / "frozen.csv"
SAFETY = Path(__file__).with_name("safety.csv")
COMPLAINT = "keluhan"
# A sentence that calls for help may be taught as these and as nothing else.
MAY_BE_EMERGENCY = frozenset({"darurat", COMPLAINT, "tambah_info", "beri_waktu"})
TALKS = ROOT / "tests" / "conversations" / "talks"
# One failure is enough: these have reasons of their own.
STRICT = ("keselamatan", "percakapan")
SECRECY, SURE = "identitas", 0.8
MOST_TAUGHT_AWAY = 20


def compare(
    live: Path,
    candidate: Path,
    held_out: Path,
    reviewed: Path,
    out: Path,
    key: str | None,
    backend: Backend | None = None,
) -> int:
    """Write the verdict to `out`. `held_out` is a CSV file with `text` and `label`, `reviewed` the folder that the candidate
    was taught from; `backend` answers the questions of the golden talks, which are left out without one. Returns 0, whatever the
    verdict is."""
    pair = examinee_of(live, key), examinee_of(candidate, key)
    progress.tell("both models read")
    rows = _rows(FROZEN) if FROZEN.is_file() else []
    frozen, speed = _frozen(rows, pair)
    progress.tell(f"frozen set: {len(rows)} messages")
    fresh = _sat(((row["text"], row["label"]) for row in _rows(held_out)), pair)
    safety, failed = _safety(pair)
    progress.tell(f"safety set: {len(safety)} sentences, {len(failed)} failed")
    played = talks_verdict.played(TALKS, live, candidate, backend)
    progress.tell(f"talks: {len(played)} played")
    parts = {
        **frozen,
        "baru": fresh,
        "keselamatan": safety,
        "percakapan": [talks_verdict.as_sat(pair) for pair in played],
    }
    sets = [gate.change_of(name, some) for name, some in parts.items() if some]
    classes = gate.by_class([*frozen["maksud"], *frozen["urusan"]])
    size = live.stat().st_size, candidate.stat().st_size
    everything = [*frozen["maksud"], *frozen["urusan"], *fresh, *safety]
    verdict = {
        "sets": [_told(one) for one in sets],
        "classes": [_told(one) for one in classes],
        "worse": [asdict(one) for one in everything if one.change < 0][: gate.MOST_SENTENCES],
        "better": [asdict(one) for one in everything if one.change > 0][: gate.MOST_SENTENCES],
        "confusions": shown.confusions(everything),
        "safety": {"n": len(safety), "failed": failed},
        "talks": talks_verdict.told(played),
        "marks": shown.marks(_rows(marks) if (marks := held_out.with_name("marks.csv")).is_file() else []),
        "reliability": shown.reliability(pair, rows),
        "speed_ms": speed,
        "size_bytes": size,
        "refusals": [
            *gate.refusals([one for one in sets if one.name not in STRICT], classes, failed, speed, size),
            *talks_verdict.broken(played),
            *taught_away(pair[0], examples(reviewed / "bot" / "data")),
        ],
    }
    out.write_text(json.dumps(verdict, ensure_ascii=False, indent=1), encoding="utf-8")
    progress.tell("exam written")
    return 0


Pair = tuple[Examinee, Examinee]


def taught_away(live: Examinee, taught: Sequence[Example]) -> list[dict[str, object]]:
    """Reasons to refuse: taught sentences that call for help or for secrecy, under a label that would lose the call."""
    found: list[dict[str, object]] = []
    for one in taught:
        base = one.intent.partition("/")[0]
        heard = live.understand(one.text)
        cries = heard.flags["emergency"] and base not in MAY_BE_EMERGENCY
        hides = heard.intent == SECRECY and heard.confidence >= SURE and base != SECRECY
        if cries or hides:
            found.append({"code": "taught_away", "text": one.text, "name": one.intent})
    return found[:MOST_TAUGHT_AWAY]


def _frozen(rows: Sequence[dict[str, str]], pair: Pair) -> tuple[dict[str, list[Sat]], tuple[float, float]]:
    """The frozen set as intents, as issues and the part that is not Indonesian; and the median milliseconds of both."""
    heard = [(pair[0].understand(row["text"]), pair[1].understand(row["text"])) for row in rows]
    parts: dict[str, list[Sat]] = {"maksud": [], "urusan": [], "bahasa daerah": []}
    for row, (old, new) in zip(rows, heard, strict=True):
        one = Sat(row["text"], row["intent"].removesuffix("/"), old.intent, new.intent)
        parts["maksud"].append(one)
        if row["language"] != "id":
            parts["bahasa daerah"].append(one)
        if row["issue"]:
            label = f"{COMPLAINT}/{row['issue']}"
            parts["urusan"].append(Sat(row["text"], label, _issue(old), _issue(new)))
    if not heard:
        return parts, (0.0, 0.0)
    return parts, (
        statistics.median(old.ms for old, _ in heard),
        statistics.median(new.ms for _, new in heard),
    )


def _sat(pairs: Iterable[tuple[str, str]], models: Pair) -> list[Sat]:
    """Messages with a whole label, intent and issue together."""
    return [
        Sat(text, label, _label(models[0].understand(text), label), _label(models[1].understand(text), label))
        for text, label in pairs
    ]


def _safety(pair: Pair) -> tuple[list[Sat], list[str]]:
    """Sentences where a mistake harms: `wanted` is a flag or an intent. Failed is what the served model gets right and the
    candidate does not."""
    sat = []
    for row in _rows(SAFETY):
        old, new = (_safe(one.understand(row["text"]), row["wanted"]) for one in pair)
        sat.append(Sat(row["text"], row["wanted"], old, new))
    return sat, [one.text for one in sat if one.change < 0]


def _safe(heard: Understood, wanted: str) -> str:
    if wanted in heard.flags:
        return wanted if heard.flags[wanted] else f"tanpa {wanted}"
    return heard.intent.partition("/")[0] if "/" not in wanted else heard.intent


def _label(heard: Understood, wanted: str) -> str:
    return _issue(heard) if wanted.startswith(COMPLAINT + "/") and heard.intent == COMPLAINT else heard.intent


def _issue(heard: Understood) -> str:
    return f"{COMPLAINT}/{heard.issues[0][0]}"


def _told(change: Change) -> dict[str, object]:
    return {
        name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(change).items()
    }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
