"""The golden talks as a part of the exam: played up to what needs a register, and one that broke is a reason to refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.training import shown, talks_verdict
from bot.training.talks import Played, fits, golden, messages_of, needs_store, play_all
from tests.bot.fake_backend import FakeBackend

ROOT = Path(__file__).resolve().parents[2]
TALKS = ROOT / "tests" / "conversations" / "talks"
GOOD, BAD = Played("a"), Played("a", 2, "kirim", ("utter_receipt_open",), ("utter_fallback",))


def test_all_talks_are_read_and_a_missing_folder_has_none() -> None:
    talks = golden(TALKS)
    assert len(talks) >= 50 and all({"talk", "now", "turns"} <= set(talk) for talk in talks)
    assert golden(TALKS / "tidak-ada") == []


def test_a_turn_is_what_the_engine_reads() -> None:
    turn = {"user": ["satu", "dua"], "location": {"latitude": 0.5, "longitude": 117.5}}
    assert [next(iter(set(one) - {"id"})) for one in messages_of(turn, {}, 1) or []] == [
        "text",
        "text",
        "location",
    ]
    assert messages_of({"choice": "Kirim"}, {"Kirim": "q1-1"}, 2) == [{"id": "m2-0", "choice": "q1-1"}]
    assert messages_of({"choice": "Kirim"}, {}, 2) is None


@pytest.mark.parametrize(
    ("turn", "needed"),
    [({"silence": "25h"}, True), ({"user": "cek {code}"}, True), ({"user": "halo"}, False)],
)
def test_what_needs_a_register_is_not_played(turn: dict[str, object], needed: bool) -> None:
    assert needs_store(turn) is needed


def test_names_fit_one_by_one() -> None:
    assert fits(["utter_a", "utter_b_again"], ["utter_a", "utter_b*"])
    assert not fits(["utter_a"], ["utter_a", "utter_b"])


def test_only_what_the_candidate_breaks_is_a_reason() -> None:
    pairs = [(GOOD, GOOD), (BAD, BAD), (BAD, GOOD), (GOOD, BAD)]
    assert talks_verdict.broken(pairs) == [{"code": "talk_broken", "name": "a", "text": "kirim"}]
    told = talks_verdict.told(pairs)
    assert (told["n"], told["live"], told["candidate"], told["mended"]) == (4, 2, 2, ["a"])
    assert [talks_verdict.as_sat(pair).change for pair in pairs] == [0, 0, 1, -1]


def test_marked_words_are_looked_for_by_kind() -> None:
    text = "lampu depan pasar sangatta mati sejak kemarin kata dishub"
    rows = [
        {"text": text, "kind": kind, "words": words}
        for kind, words in (
            ("tempat", "depan pasar sangatta"),
            ("waktu", "sejak kemarin"),
            ("waktu", "lampu"),
        )
    ] + [{"text": text, "kind": "instansi", "words": "dishub"}]
    told = {str(one["kind"]): (one["found"], one["n"], one["missed"]) for one in shown.marks(rows)}
    assert told == {"instansi": (0, 1, ["dishub"]), "tempat": (1, 1, []), "waktu": (1, 2, ["lampu"])}


@pytest.mark.model
def test_the_model_plays_the_talks_and_a_wrong_expectation_shows() -> None:
    archive = max((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    talks = golden(TALKS / ".." / "talks")[:12]
    spoilt = {**talks[0], "talk": "rusak", "turns": [{**talks[0]["turns"][0], "bot": ["utter_lain"]}]}
    played = play_all(archive, [*talks, spoilt], FakeBackend())
    assert sum(one.is_right for one in played[:-1]) >= 8
    assert (played[-1].is_right, played[-1].turn) == (False, 1)
