"""`python -m bot lint-data`: what is wrong with the training data, and how varied they are."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from bot.training.data import Example, examples
from bot.training.likeness import Pair, near_pairs
from bot.training.suspects import markup, personal_data

ROOT = Path(__file__).resolve().parent.parent.parent
FROZEN = ROOT / "tests" / "nlu" / "frozen.csv"
ISSUES = ROOT / "backend" / "reference" / "issues.csv"
DOMAIN = ROOT / "domain.yml"
LEAST_INTENT, LEAST_ISSUE, LEAST_COMMON = 60, 60, 120
LEAST_TOPIC = 24
COMMON = frozenset(
    "jalan_rusak lampu_jalan drainase_banjir air_bersih sampah pencemaran listrik sekolah_dasar_menengah puskesmas "
    "ktp_kk_akta bansos upah_thr_phk".split()
)
SHORTEST_TELLING = 4  # words; "ya betul" is the same in any data
COMPLAINT, QUESTION = "keluhan", "tanya"


def lint(out: TextIO) -> int:
    """Write every fault and a table of variety; 1 if there is a fault."""
    data = examples()
    with FROZEN.open(encoding="utf-8", newline="") as lines:
        kept_apart = [row["text"] for row in csv.DictReader(lines)]
    faults = list(faults_in(data, kept_apart, known_issues(), known_intents()))
    out.write(variety(data))
    for fault in faults:
        out.write(f"FAULT {fault}\n")
    out.write(f"{len(data)} examples, {len(faults)} faults\n")
    return 1 if faults else 0


def known_issues(path: Path = ISSUES) -> frozenset[str]:
    """The codes of the catalogue."""
    with path.open(encoding="utf-8", newline="") as lines:
        return frozenset(row["code"] for row in csv.DictReader(lines))


def known_intents(path: Path = DOMAIN) -> frozenset[str]:
    """The base intents that the dialogue knows."""
    import yaml

    domain = yaml.safe_load(path.read_text(encoding="utf-8"))
    return frozenset(next(iter(one)) if isinstance(one, dict) else one for one in domain["intents"])


def faults_in(
    data: Sequence[Example], kept_apart: Sequence[str], issues: frozenset[str], intents: frozenset[str]
) -> Iterator[str]:
    """Every fault as one line: labels, counts, doubles, leaks, personal data, markup."""
    yield from _labels(data, issues, intents)
    yield from _counts(data, issues)
    yield from _doubles(data)
    yield from _leaks(data, kept_apart)
    for example in data:
        for what in (*personal_data(example.raw), *markup(example.raw)):
            yield f"{example.file}: {what} in an example of {example.intent}"


def _labels(data: Sequence[Example], issues: frozenset[str], intents: frozenset[str]) -> Iterator[str]:
    for name in sorted({example.intent for example in data}):
        base, _, detail = name.partition("/")
        if base not in intents:
            yield f"intent {base} is not in domain.yml"
        if base == COMPLAINT and detail not in issues:
            yield f"issue {detail or '(none)'} is not in the catalogue"
        if detail and base not in (COMPLAINT, QUESTION):
            yield f"{name}: only {COMPLAINT} and {QUESTION} have details"


def _counts(data: Sequence[Example], issues: frozenset[str]) -> Iterator[str]:
    counts = Counter(example.intent for example in data)
    for code in sorted(issues - {name.partition("/")[2] for name in counts if name.startswith(COMPLAINT)}):
        yield f"{COMPLAINT}/{code} has no examples"
    for name, n in sorted(counts.items()):
        base, _, detail = name.partition("/")
        least = LEAST_COMMON if detail in COMMON else LEAST_ISSUE if base == COMPLAINT else LEAST_INTENT
        least = LEAST_TOPIC if base == QUESTION else least
        if n < least:
            yield f"{name} has {n} examples, {least} are the least"


def _doubles(data: Sequence[Example]) -> Iterator[str]:
    seen: dict[str, Example] = {}
    for example in data:
        first = seen.setdefault(example.text.casefold(), example)
        if first is not example:
            yield f"twice: {first.intent} ({first.file}) and {example.intent} ({example.file}): {example.text[:60]}"
    for pair in near_pairs([example.text for example in data]):
        one, other = data[pair.first], data[pair.second]
        if (
            one.intent != other.intent
            and _is_told(one.text, pair)
            and one.text.casefold() != other.text.casefold()
        ):
            yield f"nearly the same under {one.intent} and {other.intent}: {one.text[:50]} | {other.text[:50]}"


def _leaks(data: Sequence[Example], kept_apart: Sequence[str]) -> Iterator[str]:
    n = len(kept_apart)
    texts = [*kept_apart, *(example.text for example in data)]
    for pair in near_pairs(texts):
        if pair.first < n <= pair.second and len(texts[pair.first].split()) >= SHORTEST_TELLING:
            example = data[pair.second - n]
            yield f"stands in the frozen set, or nearly: {example.intent} ({example.file}): {example.text[:60]}"


def _is_told(text: str, pair: Pair) -> bool:
    """Short answers are alike by nature; only the same words under two labels are a fault there."""
    return len(text.split()) >= SHORTEST_TELLING or pair.likeness == 1.0


def variety(data: Sequence[Example]) -> str:
    """Per class: examples, distinct words and word pairs per hundred, and the share of near-doubles."""
    lines = [f"{'class':34} {'n':>5} {'words':>6} {'pairs':>6} {'near':>5}"]
    near = _near_by_class(data)
    by_class: dict[str, list[str]] = {}
    for example in data:
        by_class.setdefault(example.intent, []).append(example.text.casefold())
    for name, texts in sorted(by_class.items()):
        words, pairs = _distinct(texts)
        lines.append(
            f"{name:34} {len(texts):5} {words:6.2f} {pairs:6.2f} {near.get(name, 0) / len(texts):5.2f}"
        )
    return "\n".join(lines) + "\n"


def _distinct(texts: Sequence[str]) -> tuple[float, float]:
    """Share of distinct words and of distinct word pairs among all of them."""
    words = [word for text in texts for word in text.split()]
    pairs = [pair for text in texts for pair in zip(text.split(), text.split()[1:], strict=False)]
    return len(set(words)) / max(1, len(words)), len(set(pairs)) / max(1, len(pairs))


def _near_by_class(data: Sequence[Example]) -> Counter[str]:
    pairs = near_pairs([example.text for example in data])
    again = {pair.second for pair in pairs if data[pair.first].intent == data[pair.second].intent}
    return Counter(data[number].intent for number in again)
