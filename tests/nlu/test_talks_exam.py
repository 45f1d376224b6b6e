"""The golden talks as a part of the exam: a talk knows what it filed itself, and one that broke is a reason to refuse."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.training import shown, talks_verdict
from bot.training.register import TalkRegister
from bot.training.talks import Played, Scene, fits, golden, lasting, play, play_all
from tests.bot.fake_backend import FakeBackend

ROOT = Path(__file__).resolve().parents[2]
TALKS = ROOT / "tests" / "conversations" / "talks"
GOOD, BAD = Played("a"), Played("a", 2, "kirim", ("utter_receipt_open",), ("utter_fallback",))


def test_all_talks_are_read_and_a_missing_folder_has_none() -> None:
    talks = golden(TALKS)
    assert len(talks) >= 50 and all({"talk", "now", "turns"} <= set(talk) for talk in talks)
    assert golden(TALKS / "tidak-ada") == []


def scene() -> Scene:
    now = datetime.fromisoformat("2026-11-23T09:12+08:00")
    return Scene(cast(Any, None), {}, TalkRegister(FakeBackend(), "2026-11-23"), now)


def test_a_turn_is_what_the_engine_reads() -> None:
    turn = {"user": ["satu", "dua"], "location": {"latitude": 0.5, "longitude": 117.5}}
    assert [next(iter(set(one) - {"id"})) for one in scene().messages_of(turn, 1) or []] == [
        "text",
        "text",
        "location",
    ]
    tapping = scene()
    assert tapping.messages_of({"choice": "Kirim"}, 1) is None
    tapping.choices = {"Kirim": "q1-1"}
    assert tapping.messages_of({"choice": "Kirim"}, 2) == [{"id": "m2-0", "choice": "q1-1"}]


def test_silence_is_time_that_passes_and_a_reminder() -> None:
    waiting = scene()
    began = waiting.now
    assert waiting.messages_of({"silence": "25h"}, 1) == [{"id": "m1-0", "event": "silence_reminder"}]
    assert waiting.now - began > timedelta(hours=25)
    with pytest.raises(ValueError, match="besok"):
        lasting("besok")


async def test_an_officers_question_and_its_direct_answer_are_no_turns_of_a_model() -> None:
    playing = scene()
    filed(playing.register, "open")
    assert playing.is_between_people({"officer": "Tiang nomor berapa?", "bot": []})
    assert (await playing.register.ask("my_reports"))["cases"][0]["open_question"] is True
    assert playing.is_between_people({"user": "yang biru", "bot": []})
    assert (await playing.register.ask("my_reports"))["cases"][0]["open_question"] is False
    assert not playing.is_between_people({"user": "makasih", "bot": []}), "only right after the question"
    assert playing.is_between_people({"officer": "Masih gelap?", "bot": []})
    assert not playing.is_between_people({"user": "laporan saya", "bot": ["utter_my_reports"]})


async def test_a_turn_that_a_model_fails_is_a_talk_gone_wrong_and_not_the_end_of_the_exam() -> None:
    class Broken:
        async def take(self, turn: Any) -> Any:
            raise LookupError("no response for this situation")

    talk = {"talk": "t", "now": "2026-11-23T09:12+08:00", "turns": [{"user": "halo", "bot": ["utter_greet"]}]}
    assert await play(cast(Any, Broken()), talk, FakeBackend()) == Played(
        "t", 1, "halo", ("utter_greet",), ("LookupError",)
    )


def filed(register: TalkRegister, level: str) -> dict[str, Any]:
    return register.carry_out({"kind": "file_complaint", "data": {"identity_level": level}})


async def test_a_talk_can_ask_for_what_it_filed() -> None:
    register = TalkRegister(FakeBackend(), "2026-11-23")
    assert await register.ask("my_reports") == {"cases": []}
    assert filed(register, "open")["outcome"] == "done"
    (mine,) = (await register.ask("my_reports"))["cases"]
    assert (await register.ask("status", code=register.filled("{code}")))["case"] is mine
    assert (await register.ask("status", code=register.filled("{typo}")))["outcome"] == "mistyped"
    assert (await register.ask("status", case_ref="ref-9"))["outcome"] == "unknown"
    register.carry_out({"kind": "withdraw_case", "data": {"case_ref": mine["case_ref"]}})
    assert (mine["state"], mine["may"]) == ("withdrawn", [])
    register.carry_out({"kind": "forget", "data": {}})
    assert await register.ask("my_reports") == {"cases": []}


async def test_an_anonymous_report_is_found_by_its_code_alone_and_others_near_by_never() -> None:
    register = TalkRegister(FakeBackend(similar=2), "2026-11-23")
    filed(register, "anonymous")
    assert await register.ask("my_reports") == {"cases": []}
    assert (await register.ask("status", code=register.code))["outcome"] == "found"
    assert await register.ask("similar", text="lampu") == {"cases": []}
    assert (await register.ask("place", home="64.08", text="bengalon"))["status"] == "resolved"


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
