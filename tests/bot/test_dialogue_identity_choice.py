"""A short wish about identity reads like a question about the levels; it is a choice, and taken as one."""

import pytest

from tests.bot.talking import Talk

pytestmark = pytest.mark.model


def lamp_told(talk: Talk) -> None:
    talk.say("lampu jalan mati di bengalon", "keluhan", issue="lampu_jalan", place="bengalon")


def test_anonim_aja_before_sending_is_a_choice() -> None:
    talk = Talk()
    lamp_told(talk)
    reply = talk.say("anonim aja", "tanya", topic="beda_anonim_rahasia", identity_level="anonymous", sure=1.0)
    assert "Anonim" in reply["text"]
    assert talk.draft["identity_level"] == "anonymous"
    talk.say("kirim", "kirim")
    assert talk.effects[-1]["data"]["identity_level"] == "anonymous"


def test_a_question_about_the_levels_stays_a_question() -> None:
    talk = Talk()
    lamp_told(talk)
    reply = talk.say("anonim itu apa?", "tanya", topic="beda_anonim_rahasia", identity_level="anonymous")
    assert reply["responses"][0] == "utter_tanya_beda_anonim_rahasia"
    assert talk.slot("identity_level") in (None, "open")


def test_the_choice_before_any_matter_is_kept() -> None:
    talk = Talk()
    talk.say("anonim aja", "tanya", topic="beda_anonim_rahasia", identity_level="anonymous", sure=1.0)
    lamp_told(talk)
    talk.say("kirim", "kirim")
    assert talk.effects[-1]["data"]["identity_level"] == "anonymous"
