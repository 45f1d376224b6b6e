"""The linter finds what it promises to find; and the project's own data are clean."""

import pytest

from bot.training.data import DataMalformed, Example, examples
from bot.training.likeness import near_pairs
from bot.training.lint import faults_in, known_intents, known_issues
from bot.training.suspects import markup, personal_data

ISSUES, INTENTS = frozenset({"sampah"}), frozenset({"keluhan", "salam", "pamit"})


def example(text: str, intent: str = "keluhan/sampah") -> Example:
    return Example(text, intent, "nlu/x.yml", text)


def faults(*data: Example, frozen: tuple[str, ...] = ()) -> str:
    return "\n".join(faults_in(data, frozen, ISSUES, INTENTS))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ((example("halo", "sapaan"),), "sapaan is not in domain.yml"),
        ((example("bau", "keluhan/bau"),), "bau is not in the catalogue"),
        ((example("bau"),), "keluhan/sampah has 1 examples, 120 are the least"),
        ((example("sampah numpuk"), example("Sampah numpuk")), "twice"),
        (
            (example("sampah numpuk depan pasar induk"), example("smph numpuk dpn pasar induk", "salam")),
            "nearly the same under keluhan/sampah and salam",
        ),
        (
            (example("ga usah", "salam"), example("tidak usah", "pamit")),
            "nearly the same under salam and pamit",
        ),
        ((example("/restart"),), "a leading slash"),
        ((example("depan [pasar](place)"),), "entity markup"),
    ],
    ids=["unknown intent", "unknown issue", "too few", "twice", "near", "contradiction", "slash", "markup"],
)
def test_fault(data: tuple[Example, ...], words: str) -> None:
    assert words in faults(*data)


def test_a_leak_into_the_frozen_set_is_a_fault() -> None:
    assert "stands in the frozen set" in faults(
        example("sampah numpuk di depan pasar induk"), frozen=("smph numpuk di dpn pasar induk",)
    )


def test_short_answers_may_stand_in_both() -> None:
    assert "frozen" not in faults(example("ya betul"), frozen=("ya betul",))


@pytest.mark.parametrize(
    "text", ["1" * 16, "0812" + "34567890", "nama" + "@" + "contoh.id", "KT 1" + "234 AB"]
)
def test_personal_data(text: str) -> None:
    assert list(personal_data(f"hubungi {text} ya"))


@pytest.mark.parametrize("text", ["31415926 5358 9793 2384", "rt 12 no 15", "Rp 1.500.000", "tahun 2026"])
def test_no_personal_data(text: str) -> None:
    assert not list(personal_data(text)) and not list(markup(text))


def test_near_pairs_are_near() -> None:
    texts = [
        "jalan rusak parah depan kantor camat",
        "jalan rusk parah depan kantor camat",
        "air pdam tidak mengalir lagi",
    ]
    assert [(pair.first, pair.second) for pair in near_pairs(texts)] == [(0, 1)]


def test_the_catalogue_and_the_domain_are_found() -> None:
    assert len(known_issues()) == 63 and "keluhan" in known_intents()


def test_a_broken_file_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "nlu").mkdir()
    (tmp_path / "nlu" / "rusak.yml").write_text("nlu: [{intent: a", encoding="utf-8")
    with pytest.raises(DataMalformed, match=r"rusak\.yml"):
        examples(tmp_path)


def test_the_projects_data_are_clean() -> None:
    import csv

    from bot.training.lint import FROZEN

    with FROZEN.open(encoding="utf-8", newline="") as lines:
        frozen = [row["text"] for row in csv.DictReader(lines)]
    assert list(faults_in(examples(), frozen, known_issues(), known_intents())) == []
