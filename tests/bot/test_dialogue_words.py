"""The copy deck: every sentence said exists, varies, is short; every declaration has its action, label and row."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.actions import draft, words
from bot.actions.action_answer_question import TOPICS
from bot.actions.action_small_talk import TALK
from bot.actions.action_tell_result import FILING, KINDS
from bot.actions.reading import ATTRIBUTES
from tests.bot.talking import ROOT, whole_domain

DOMAIN = whole_domain()
RESPONSES: dict[str, list[dict[str, Any]]] = {
    k: v for k, v in DOMAIN["responses"].items() if k != "utter_labels"
}
ACTIONS = sorted((ROOT / "bot/actions").glob("*.py"))
LONGEST_SENTENCES = 320
LONGEST_BUTTON, LONGEST_ROW = 20, 24
# Said at most once in a conversation.
SAID_ONCE = {f"utter_language_{language}" for language in ("jv", "su", "bjn", "en")}


def _strings(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


LITERALS = set().union(*(_strings(file) for file in ACTIONS))
COMPOSED = (
    {f"utter_tanya_{topic}" for topic in TOPICS}
    | {f"utter_{i.removeprefix('EXTERNAL_')}{s}" for i in TALK for s in ("", "_meanwhile")}
    | {f"utter_result_{kind}" for kind in KINDS - set(FILING)}
    | {f"utter_receipt_{level}" for level in ("open", "confidential", "anonymous")}
    | {f"utter_{q}_declined" for q in ("cancel", "start_over", "forget", "person", "second")}
    | {f"utter_code_{outcome}" for outcome in ("mistyped", "unknown", "slow_down")}
    | {f"utter_ask_note_{kind}{again}" for kind in ("add", "contest") for again in ("", "_again")}
    | {f"utter_{kind}_sure{again}" for kind in ("withdraw", "erase") for again in ("", "_again")}
    | {f"utter_{kind}_declined" for kind in ("withdraw", "erase")}
    | {f"utter_no_such_answer{meanwhile}" for meanwhile in ("", "_meanwhile")}
    | SAID_ONCE
)


def test_everything_said_has_words_and_all_words_are_said() -> None:
    said = (
        {s for s in LITERALS if re.fullmatch(r"utter_[a-z0-9_]*[a-z0-9]", s)} | COMPOSED | {"utter_default"}
    )
    said -= {"utter_labels"}
    assert said - set(RESPONSES) == set(), "said without words"
    assert set(RESPONSES) - said == set(), "words nobody says"


@pytest.mark.parametrize("name", sorted(set(RESPONSES) - SAID_ONCE))
def test_what_can_repeat_has_other_words(name: str) -> None:
    texts = [variation["text"] for variation in RESPONSES[name]]
    assert len(set(texts)) == len(texts) >= 2


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_sentences_are_short_and_choices_fit_a_button(name: str) -> None:
    for variation in RESPONSES[name]:
        assert len(variation["text"]) <= LONGEST_SENTENCES
        for button in variation.get("buttons", []):
            assert len(button["title"]) <= LONGEST_BUTTON


@pytest.mark.parametrize("family", ["button", "identity_button", "change_button", "case_button", "reading"])
def test_labels_fit_whatsapp(family: str) -> None:
    labels = words._labels()[family]
    most = LONGEST_ROW if family == "reading" else LONGEST_BUTTON
    assert [label for label in labels.values() if len(label) > most] == []


def test_domain_names_exactly_the_actions_that_exist() -> None:
    named = {s for s in LITERALS if re.fullmatch(r"(action|validate)_[a-z_]+", s)}
    files = {f.stem for f in ACTIONS if f.stem.startswith(("action_", "validate_"))}
    assert set(DOMAIN["actions"]) == files
    assert files <= named


def test_every_intent_has_a_rule_or_is_only_a_fact() -> None:
    rules = [
        rule
        for file in (ROOT / "bot/data/rules").glob("*.yml")
        for rule in yaml.safe_load(file.read_text(encoding="utf-8"))["rules"]
    ]
    handled = {step["intent"] for rule in rules for step in rule["steps"] if "intent" in step}
    assert handled == set(DOMAIN["intents"])


def test_every_slot_the_draft_names_is_declared_and_filled_only_by_actions() -> None:
    assert set(draft.DRAFT_SLOTS) <= set(DOMAIN["slots"])
    assert {str(slot["mappings"]) for slot in DOMAIN["slots"].values()} == {str([{"type": "custom"}])}


def test_issues_have_the_labels_and_the_protection_of_the_reference_data() -> None:
    with (ROOT / "backend/reference/issues.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    labels = {code: label for code, label in words._labels()["issue"].items() if code != "unknown"}
    assert labels == {row["code"]: row["label_id"] for row in rows}
    assert {r["code"] for r in rows if r["sensitive"] == "yes"} == draft.SENSITIVE_ISSUES
    assert {row["code"] for row in rows} >= draft.TIME_MATTERS


def test_attributes_are_those_of_the_backends_questions() -> None:
    with (ROOT / "backend/reference/questions.csv").open(encoding="utf-8") as file:
        attributes = {row["attribute"] for row in csv.DictReader(file)}
    assert attributes == ATTRIBUTES
    assert set(DOMAIN["entities"]) >= ATTRIBUTES


def test_no_sentence_for_people_stands_in_python() -> None:
    spoken = re.compile(r"\b(?:Anda|laporan|silakan|maaf|kami)\b.*\s", re.IGNORECASE)
    for file in ACTIONS:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        documented = {ast.get_docstring(n, clean=False) for n in ast.walk(tree) if isinstance(n, DOCUMENTED)}
        assert [s for s in _strings(file) - documented if spoken.search(s)] == []


DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
