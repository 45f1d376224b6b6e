"""The verdict on a candidate: what is refused, and that one lost message alone is chance."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.training.compare import taught_away
from bot.training.data import Example
from bot.training.gate import Sat, by_class, change_of, refusals
from bot.training.round import assemble, faults_of

SAME = ((2.0, 2.0), (100, 100))


def sat(n: int, lost: int = 0, gained: int = 0, wanted: str = "sapa") -> list[Sat]:
    """n messages that both models know, of which the candidate lost some; and gained ones on top."""
    kept = [Sat(f"k{i}", wanted, wanted, wanted) for i in range(n - lost)]
    gone = [Sat(f"l{i}", wanted, wanted, "lain") for i in range(lost)]
    return [*kept, *gone, *(Sat(f"g{i}", wanted, "lain", wanted) for i in range(gained))]


def codes(some: list[Sat], safety: tuple[str, ...] = (), speed=SAME[0], size=SAME[1]) -> list[str]:  # type: ignore[no-untyped-def]
    whole = change_of("maksud", some)
    return [str(one["code"]) for one in refusals([whole], by_class(some), safety, speed, size)]


def test_the_same_answers_pass() -> None:
    assert codes(sat(50)) == []


def test_a_class_that_fell_is_refused() -> None:
    assert codes([*sat(20, lost=2), *sat(500, gained=20, wanted="batal")]) == ["class_fell"]


def test_one_lost_message_is_chance() -> None:
    assert codes([*sat(5, lost=1), *sat(500, wanted="batal")]) == []


def test_the_whole_may_not_fall_either() -> None:
    spread = [one for name in "abcdefgh" for one in sat(40, lost=1, wanted=name)]
    assert codes(spread) == ["set_fell"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"safety": ("tolong kebakaran",)}, "safety_failed"),
        ({"speed": (2.0, 9.0)}, "slower"),
        ({"size": (100, 200)}, "larger"),
    ],
)
def test_safety_speed_and_size_are_gates(more: dict[str, object], code: str) -> None:
    assert codes(sat(50), **more) == [code]  # type: ignore[arg-type]


def test_the_interval_holds_the_difference_and_narrows() -> None:
    few, many = change_of("x", sat(10, lost=1)), change_of("x", sat(1000, lost=100))
    for one in (few, many):
        assert one.low < one.difference < one.high
    assert many.high - many.low < few.high - few.low


def test_a_candidate_tree_has_the_reviewed_files_and_nothing_else_of_theirs(tmp_path: Path) -> None:
    root, reviewed, tree = tmp_path / "root", tmp_path / "reviewed", tmp_path / "tree"
    for folder, name in ((root, "salam.yml"), (root, "reviewed.yml"), (reviewed, "evil.yml")):
        (folder / "bot/data/nlu").mkdir(parents=True, exist_ok=True)
        (folder / "bot/data/nlu" / name).write_text("version: '3.1'\n", encoding="utf-8")
    assemble(tree, reviewed, root)
    assert [path.name for path in tree.rglob("*.yml")] == ["salam.yml"]


@pytest.mark.parametrize(
    ("text", "intent", "fault"),
    [
        ("halo", "restart", "restart is no label"),
        ("[x](place)", "salam", "entity markup in an example of salam"),
        ("hub " + "0812" + "34567890", "salam", "a phone number in an example of salam"),
        ("/restart", "salam", "a leading slash in an example of salam"),
    ],
)
def test_what_is_no_training_data_stops_a_round(text: str, intent: str, fault: str) -> None:
    data = [Example("hai", "salam", "nlu/salam.yml", "hai"), Example(text, intent, "nlu/reviewed.yml", text)]
    assert fault in faults_of(data)


class Listener:
    """Hears a cry for help in every sentence with `tolong`, and a wish for secrecy in `rahasia`."""

    def understand(self, text: str) -> SimpleNamespace:
        secret = "rahasia" in text
        return SimpleNamespace(
            flags={"emergency": "tolong" in text},
            intent="identitas" if secret else "salam",
            confidence=0.95 if secret else 0.5,
        )


def test_a_cry_for_help_is_not_taught_away() -> None:
    taught = [
        Example(text, label, "nlu/reviewed.yml", text)
        for text, label in (
            ("tolong kebakaran", "bercanda"),
            ("tolong kebakaran di pasar", "darurat"),
            ("tolong lampu", "keluhan/lampu_jalan"),
            ("rahasia ya", "bercanda"),
            ("rahasia dong", "identitas"),
            ("halo", "bercanda"),
        )
    ]
    found = taught_away(Listener(), taught)  # type: ignore[arg-type]
    assert [one["text"] for one in found] == ["tolong kebakaran", "rahasia ya"]
