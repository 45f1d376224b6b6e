"""Approved sentences as the two files that the training reads: sorted, each once, and nothing in them means more than itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from backend.review.masking import has_identifier

FORMAT = "3.1"
HEADER = "# Sentences that people reviewed. Written by `python -m backend export-reviewed`; do not edit.\n"
NLU, ISSUES = "bot/data/nlu/reviewed.yml", "bot/data/issues/reviewed.yml"
LABEL = re.compile(r"[a-z][a-z0-9_]{1,60}(?:/[a-z][a-z0-9_]{1,60})?")
# In training data `[word](entity)` is an annotation, a leading dash an item and a leading slash a command.
BRACKETS = str.maketrans("[]", "()")
MASK = re.compile(r"\[[A-Z]{3,9}\]")
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


def reviewed_files(sentences: Iterable[tuple[str, str, str]], labels: frozenset[str]) -> dict[str, str]:
    """Path in the tree → content, of (item id, text, label). The same sentences give the same bytes, in any order.

    Both files are always named; an empty content means that there is no such file.

    Raises:
        ExportRefused: an identifier is left in a sentence, or a label is none of `labels`.
    """
    groups: dict[str, dict[str, set[str]]] = {NLU: {}, ISSUES: {}}
    labels_of: dict[str, str] = {}
    for item_id, text, label in sentences:
        if has_identifier(text):
            raise ExportRefused(
                f"review item {item_id} still holds an identifier; dismiss it and export again"
            )
        if label not in labels or LABEL.fullmatch(label) is None:
            raise ExportRefused(f"review item {item_id} has a label that no list knows")
        sentence = one_line(MASK.sub(" ", text))
        if not sentence:
            continue
        if labels_of.setdefault(sentence.casefold(), label) != label:
            raise ExportRefused(f"review item {item_id} gives a sentence a second meaning")
        file = ISSUES if label.startswith("keluhan/") else NLU
        groups[file].setdefault(label, set()).add(sentence)
    return {file: _content(labelled) for file, labelled in groups.items()}


def _content(labelled: Mapping[str, set[str]]) -> str:
    if not labelled:
        return ""
    blocks = [
        {"intent": label, "examples": _Block("".join(f"- {one}\n" for one in sorted(sentences)))}
        for label, sentences in sorted(labelled.items())
    ]
    text = yaml.dump(
        {"version": FORMAT, "nlu": blocks}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000
    )
    return HEADER + text


def write_files(files: Mapping[str, str], tree: Path) -> None:
    """Put exactly these two files into `tree`; one without content goes. Each is replaced whole."""
    for name in (NLU, ISSUES):
        target, content = tree / name, files.get(name, "")
        if not content:
            target.unlink(missing_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_name(f".{target.name}.half")
        half.write_text(content, encoding="utf-8")
        half.replace(target)


def one_line(text: str) -> str:
    """A sentence as one line of training data that means nothing but itself.

    >>> one_line("- lampu:  mati\\n[di sini](place) ")
    'lampu: mati (di sini)(place)'
    """
    plain = "".join(" " if unicodedata.category(sign).startswith(("C", "Z")) else sign for sign in text)
    return " ".join(plain.translate(BRACKETS).split()).lstrip(LEADING)


def base_counts(tree: Path) -> dict[str, int]:
    """How many examples each label has in the tree, without the reviewed ones."""
    counts: dict[str, int] = {}
    for folder in ("nlu", "issues"):
        for path in sorted((tree / "bot" / "data" / folder).glob("*.yml")):
            if path.name == "reviewed.yml":
                continue
            content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
            for block in (content or {}).get("nlu") or []:
                n = sum(line.startswith("- ") for line in str(block.get("examples", "")).splitlines())
                counts[str(block["intent"])] = counts.get(str(block["intent"]), 0) + n
    return counts


_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
