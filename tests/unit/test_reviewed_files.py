"""What reviewers approved becomes training data: escaped, sorted, each once, never with an identifier, only in two files."""

from pathlib import Path

import pytest
import yaml

from backend.rounds.files import (
    ISSUES,
    NLU,
    ExportRefused,
    base_counts,
    one_line,
    reviewed_files,
    write_files,
)

LABELS = frozenset({"salam", "keluhan/lampu_jalan", "keluhan/jalan_rusak"})
ID = "0" * 31


def read(content: str) -> dict[str, list[str]]:
    data = yaml.safe_load(content)
    assert data["version"] == "3.1"
    return {
        one["intent"]: [line.removeprefix("- ") for line in one["examples"].splitlines()]
        for one in data["nlu"]
    }


def test_sentences_stand_by_label_sorted_and_once() -> None:
    sentences = [
        (ID + "1", "lampu mati", "keluhan/lampu_jalan"),
        (ID + "2", "apa kabar", "salam"),
        (ID + "3", "gelap pol", "keluhan/lampu_jalan"),
        (ID + "4", "lampu  mati", "keluhan/lampu_jalan"),
    ]
    files = reviewed_files(sentences, LABELS)
    assert read(files[ISSUES]) == {"keluhan/lampu_jalan": ["gelap pol", "lampu mati"]}
    assert read(files[NLU]) == {"salam": ["apa kabar"]}
    assert reviewed_files(list(reversed(sentences)), LABELS) == files


HOSTILE = [
    ("- item: nilai # bukan komentar", "item: nilai # bukan komentar"),
    ("dua\nbaris\r\n- tiga", "dua baris - tiga"),
    ("[pasar](place) dan {x}", "(pasar)(place) dan {x}"),
    ('[mati]{"entity": "place", "role": "x"}', '(mati){"entity": "place", "role": "x"}'),
    ("/restart", "restart"),
    ("\"kutip\" 'satu' `dua` %!&*@", "\"kutip\" 'satu' `dua` %!&*@"),
    ("emoji 😡 dan\u200b kosong\x00", "emoji 😡 dan kosong"),
    ("yes", "yes"),
    ("2026-11-23", "2026-11-23"),
    ("halo\n- intent: restart\n  examples: |\n    - x", "halo - intent: restart examples: | - x"),
    ("halo\u2028- lain\u2029\x85- x", "halo - lain - x"),
    ("!!python/object/apply:os.system ['id']", "!!python/object/apply:os.system ('id')"),
    ("*alias &anchor <<: *x", "alias &anchor <<: *x"),
    ("kata [NAMA] besok", "kata besok"),
]


@pytest.mark.parametrize(("text", "kept"), HOSTILE, ids=lambda one: repr(one)[:30])
def test_whatever_was_written_is_read_back_as_the_same_words(text: str, kept: str) -> None:
    assert read(reviewed_files([(ID, text, "salam")], LABELS)[NLU]) == {"salam": [kept]}
    assert "[" not in one_line(text)


@pytest.mark.parametrize(
    "label",
    ["", "restart", "../../etc/passwd", "salam\nintent: x", "keluhan/../x", "keluhan/tidak_ada", "salam: {}"],
)
def test_no_label_of_ones_own_making(label: str) -> None:
    with pytest.raises(ExportRefused, match="label"):
        reviewed_files([(ID, "halo", label)], LABELS)


def test_a_label_of_the_list_must_still_be_a_name() -> None:
    with pytest.raises(ExportRefused, match="label"):
        reviewed_files([(ID, "halo", "x: [y]")], frozenset({"x: [y]"}))


def test_an_identifier_stops_the_export() -> None:
    phone = "0812" + "3456" + "7890"
    with pytest.raises(ExportRefused, match=f"{ID}2"):
        reviewed_files([(ID + "1", "baik", "salam"), (ID + "2", f"hubungi {phone}", "salam")], LABELS)


def test_one_sentence_has_one_meaning() -> None:
    with pytest.raises(ExportRefused, match="second meaning"):
        reviewed_files([(ID + "1", "Gelap", "salam"), (ID + "2", "gelap", "keluhan/lampu_jalan")], LABELS)


def test_only_two_files_are_written_and_taken_away(tmp_path: Path) -> None:
    other = tmp_path / "bot/data/nlu/salam.yml"
    other.parent.mkdir(parents=True)
    other.write_text("nlu:\n- intent: salam\n  examples: |\n    - halo\n    - hai\n", encoding="utf-8")
    write_files({**reviewed_files([(ID, "baik", "salam")], LABELS), "bot/data/nlu/evil.yml": "x"}, tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*.yml")) == ["reviewed.yml", "salam.yml"]
    assert base_counts(tmp_path) == {"salam": 2}, "reviewed sentences do not widen their own limit"
    write_files(reviewed_files([(ID, "- / ", "salam")], LABELS), tmp_path)
    assert [path.name for path in tmp_path.rglob("*.yml")] == ["salam.yml"]
