"""What reviewers approved becomes training data: escaped, sorted, each once, and never with an identifier."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from backend.maintenance import ExportRefused, one_line, write_reviewed
from backend.usecases.ports import ReviewItem

AT = datetime(2026, 11, 23, tzinfo=UTC)


def item(n: int, text: str, label: str | None) -> ReviewItem:
    return ReviewItem(f"{n:032x}", text, "fallback", "keluhan", None, 0.2, AT, label=label)


def read(path: Path) -> dict[str, list[str]]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert data["version"] == "3.1"
    return {
        one["intent"]: [line.removeprefix("- ") for line in one["examples"].splitlines()]
        for one in data["nlu"]
    }


def test_sentences_stand_by_label_sorted_and_once(tmp_path: Path) -> None:
    target = tmp_path / "reviewed.yml"
    items = [
        item(1, "lampu mati", "keluhan/lampu_jalan"),
        item(2, "apa kabar", "salam"),
        item(3, "gelap pol", "keluhan/lampu_jalan"),
        item(4, "lampu  mati", "keluhan/lampu_jalan"),
    ]
    assert write_reviewed(items, target) == 3
    assert read(target) == {"keluhan/lampu_jalan": ["gelap pol", "lampu mati"], "salam": ["apa kabar"]}
    first = target.read_bytes()
    assert write_reviewed(list(reversed(items)), target) == 3
    assert target.read_bytes() == first
    assert b"examples: |\n  - " in first or b"examples: |\n    - " in first


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("- item: nilai # bukan komentar", "item: nilai # bukan komentar"),
        ("dua\nbaris\r\n- tiga", "dua baris - tiga"),
        ("[pasar](place) dan {x}", "(pasar)(place) dan {x}"),
        ("/restart", "restart"),
        ("\"kutip\" 'satu' `dua` %!&*@", "\"kutip\" 'satu' `dua` %!&*@"),
        ("emoji 😡 dan\u200b kosong\x00", "emoji 😡 dan kosong"),
        ("yes", "yes"),
        ("2026-11-23", "2026-11-23"),
    ],
)
def test_whatever_was_written_is_read_back_as_the_same_words(tmp_path: Path, text: str, kept: str) -> None:
    target = tmp_path / "reviewed.yml"
    assert write_reviewed([item(1, text, "salam")], target) == 1
    assert read(target) == {"salam": [kept]} and one_line(text) == kept


def test_an_identifier_stops_the_export_and_changes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "reviewed.yml"
    write_reviewed([item(1, "baik", "salam")], target)
    before = target.read_bytes()
    phone = "0812" + "3456" + "7890"
    with pytest.raises(ExportRefused, match=f"{2:032x}"):
        write_reviewed([item(1, "baik", "salam"), item(2, f"hubungi {phone}", "salam")], target)
    assert target.read_bytes() == before


def test_without_approvals_there_is_no_file(tmp_path: Path) -> None:
    target = tmp_path / "reviewed.yml"
    write_reviewed([item(1, "baik", "salam")], target)
    assert write_reviewed([item(1, "- / ", "salam")], target) == 0
    assert not target.exists()
