"""The training data as the tools see them: every example with its intent and the line it stands in, read without Rasa."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

DATA = Path(__file__).resolve().parent.parent / "data"
FOLDERS = ("issues", "nlu")
REVIEWED = "reviewed.yml"
_MARKUP = re.compile(r"\[(?P<said>[^\]\[]+)\](?:\([^)]*\)|\{[^}]*\})")


class DataMalformed(Exception):
    """A file of examples is not Rasa's YAML; the message names it."""


@dataclass(frozen=True)
class Example:
    """One example; `raw` is as it stands in the file, `text` without entity markup."""

    text: str
    intent: str
    file: str
    raw: str


def in_order(paths: Iterable[Path]) -> list[Path]:
    """By name, the reviewed sentences last: noise is drawn by the place of an example, so what was taught before stays as it was, and a
    candidate differs from the served model by nothing but what it was taught."""
    return sorted(paths, key=lambda path: (path.name == REVIEWED, path))


def examples(data: Path = DATA) -> list[Example]:
    """All examples of `issues/` and `nlu/`, in the order of their files.

    Raises:
        DataMalformed: a file cannot be read.
    """
    files = in_order(path for folder in FOLDERS for path in (data / folder).glob("*.yml"))
    return [example for path in files for example in examples_of(path, data)]


def examples_of(path: Path, data: Path) -> Iterator[Example]:
    """The examples of one file, named from the folder `data` on.

    Raises:
        DataMalformed: the file cannot be read.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as failure:
        raise DataMalformed(f"{path.name} is not YAML") from failure
    for block in (content or {}).get("nlu") or []:
        if not isinstance(block, dict) or not isinstance(block.get("examples"), str):
            raise DataMalformed(f"{path.name} has a block that is not `intent` with `examples: |`")
        for line in block["examples"].splitlines():
            if line.startswith("- "):
                raw = line[2:].strip()
                yield Example(
                    _MARKUP.sub(r"\g<said>", raw),
                    str(block["intent"]),
                    path.relative_to(data).as_posix(),
                    raw,
                )
