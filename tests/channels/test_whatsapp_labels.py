"""Everything the bot can say and offer fits into what WhatsApp draws; whatever else is made up fits too, and loses no choice."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.channels.whatsapp.rendering import Template, Words, drawn, envelope, templated
from backend.channels.whatsapp.templates import register
from backend.reference import loader
from backend.usecases.ports import News
from tests.fake_meta.phone import screen
from tests.fake_meta.rules import check

ROOT = Path(__file__).resolve().parent.parent.parent
SENTENCE = loader.load().sentence
WORDS = Words(SENTENCE("whatsapp_numbered"), SENTENCE("whatsapp_list_button"), SENTENCE("whatsapp_more"))


def responses() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in sorted((ROOT / "bot" / "data" / "responses").glob("*.yml")):
        for name, variants in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].items():
            yield from ((name, one) for one in variants)


def button_groups() -> Iterator[tuple[str, list[str]]]:
    """Choices that are offered together: a response's own, the words for buttons, the options of a question."""
    for name, one in responses():
        if one.get("buttons"):
            yield name, [button["title"] for button in one["buttons"]]
        for group, labels in (one.get("custom") or {}).items():
            if "button" in group:
                yield from ((f"{group} {key}", [str(label)]) for key, label in labels.items())
    with (ROOT / "backend" / "reference" / "options.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for attribute, options in groupby(rows, key=lambda row: row["attribute"]):
        yield attribute, [row["label"] for row in options]


def message(text: str, labels: Sequence[str], ask: str | None = None) -> dict[str, Any]:
    choices = [{"id": f"q1-{number}", "label": label} for number, label in enumerate(labels, 1)]
    body = {"text": text, "choices": choices, "ask": ask}
    return {**envelope("15550000101", "kirim-1"), **drawn(body, WORDS)}


@pytest.mark.parametrize(
    ("name", "labels"), list(button_groups()), ids=lambda one: one if isinstance(one, str) else ""
)
def test_choices_can_be_tapped(name: str, labels: list[str]) -> None:
    sent = message("Yang mana?", labels)
    check(sent)
    assert sent["type"] == "interactive", name
    assert set(screen("wamid.x", sent).choices) == set(labels)


@pytest.mark.parametrize(("name", "labels"), [one for one in button_groups() if len(one[1]) == 1])
def test_words_of_buttons_fit_buttons(name: str, labels: list[str]) -> None:
    """Three of them may stand together, so each must fit a button and not only a row of a list."""
    assert message("Yang mana?", labels)["interactive"]["type"] == "button"


def test_texts_leave_room_for_buttons() -> None:
    long = {name for name, one in responses() if len(str(one.get("text") or "")) > 700}
    assert long == set()


def test_issues_fit_a_row() -> None:
    for issue in loader.load().issues.values():
        check(message("Yang mana?", [issue.label]))
        assert message("Yang mana?", [issue.label])["type"] == "interactive"


@pytest.mark.parametrize("seed", range(50))
def test_whatever_is_said_fits(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    for _ in range(20):
        text = "".join(
            chance.choice(["kata ", "panjang ", "\n", "*tebal* ", "🙏"])
            for _ in range(chance.choice([1, 40, 300, 1500]))
        )
        labels = [
            f"{number} " + "x" * chance.choice([1, 10, 17, 18, 21, 22, 60, 70, 71, 90])
            for number in range(chance.choice([0, 1, 2, 3, 4, 9, 10, 11, 20]))
        ]
        sent = message("a" + text, labels, chance.choice([None, "location", "photo"]))
        check(sent)
        seen = screen("wamid.x", sent)
        assert all(label in seen.choices or label in seen.text for label in labels)


def test_alike_labels_stay_apart() -> None:
    sent = message("Yang mana?", ["Ya", "Ya"])
    check(sent)
    assert "1. Ya\n2. Ya" in screen("wamid.x", sent).text


def test_whatever_a_case_may_tell_on_its_own_has_a_template() -> None:
    states = {(row.name, row.language): "approved" for row in register().rows}
    for news in News:
        assert register().choose("notice", {"sentence": news}, states), news
        assert news in loader.load().sentences, news


def test_templates_fit() -> None:
    for row in register().rows:
        assert len(row.body) <= 1024
        assert row.body.count("{{1}}") == 1
        assert not row.body.startswith("{{1}}")
        assert not row.body.endswith("{{1}}")
        body = {"text": "Kabar\n\nlaporan.    " * 100}
        check({**envelope("15550000101", "kirim-1"), **templated(body, Template(row.name, row.language))})
