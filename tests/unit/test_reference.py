"""The rows: complete, consistent with each other, and every broken one named by file, row and column."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from backend.cases import errors
from backend.cases.errors import DomainError, RowInvalid
from backend.cases.workdays import Zone
from backend.cases.workflow import State
from backend.reference.editors import choices_of, kinds, problem_words
from backend.reference.loader import FOLDER, load

REFERENCE = load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in FOLDER.glob("*.csv"):
        shutil.copy(file, tmp_path)
    return tmp_path


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


BROKEN = [
    ("issues.csv", ",kabupaten,dishub,", ",kabupatan,dishub,", "level_default", "a level nobody knows"),
    ("issues.csv", "lampu_jalan,", "jalan_rusak,", "code", "the same code twice"),
    ("issues.csv", ",no,no,PERHUBUNGAN", ",maybe,no,PERHUBUNGAN", "sensitive", "neither yes nor no"),
    ("issues.csv", "asks_when", "asked_when", "asks_when", "a column is missing"),
    ("issues.csv", "road_status,always", "road_state,always", "ask", "a question nobody wrote"),
    (
        "issues.csv",
        "LAMPU PENERANGAN JALAN UMUM",
        "LAMPU TAMAN",
        "lapor_leaf",
        "a leaf that LAPOR! does not have",
    ),
    ("agencies.csv", "dpupr-64.08,dpupr", "dpupr_64.08,dpupr", "code", "a code that is not role and area"),
    ("agencies.csv", "pemerintah", "pemerintahan", "owner", "an owner nobody knows"),
    ("agencies.csv", "bpjn-62,bpjn,62,", "bpjx-62,bpjx,62,", "role", "a rule without its office"),
    ("routing.csv", "road_status=nasional", "road_status:nasional", "when", "a condition that is none"),
    ("routing.csv", "road_status=nasional", "road_status=negara", "when", "a value that is no option"),
    ("routing.csv", ",0.95,", ",9.5,", "confidence", "a confidence above 1"),
    ("routing.csv", ",2020-01-01,", ",2020-13-01,", "valid_from", "a month 13"),
    ("routing.csv", ",2020-01-01,", ",2020-01-01,,", "", "an extra cell"),
    ("routing.csv", ",2020-01-01,", ",2020-01-01,2019-01-01", "valid_until", "an end before its beginning"),
    ("routing.csv", "{agency}", "kantor itu", "reason", "a reason that names no office"),
    ("sla.csv", ",14,workdays", ",-14,workdays", "amount", "a negative limit"),
    ("sla.csv", "complaint,no,answer,14", "complaint,no,respond,14", "step", "a class without a limit"),
    ("states.csv", "answered,Dijawab", "replied,Dijawab", "state", "a state nobody knows"),
    ("states.csv", ",closed,box", ",open,box", "kind", "a kind that the workflow does not say"),
    ("regencies.csv", "WITA", "WITB", "zone", "a zone nobody knows"),
    ("regencies.csv", "diskominfo-64.08", "diskominfo-64.99", "desk", "a desk that is no office"),
    ("holidays.csv", "08-17", "08-32", "date", "a day 32"),
    ("sentences.csv", "Senin|", "", "text", "a week of six days"),
    ("options.csv", "water_body,parit", "water_bodi,parit", "attribute", "an option without its question"),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "column"), [row[:4] for row in BROKEN], ids=[row[4] for row in BROKEN]
)
def test_a_broken_row_is_named(folder: Path, file: str, old: str, new: str, column: str) -> None:
    change(folder, file, old, new)
    with pytest.raises(RowInvalid) as caught:
        load(folder)
    assert caught.value.column == column
    assert caught.value.file.endswith(".csv")


def test_the_row_number_is_the_one_a_spreadsheet_shows(folder: Path) -> None:
    change(folder, "agencies.csv", "pemerintah", "pemerintahan")
    with pytest.raises(RowInvalid, match=r"agencies\.csv, row 2, column owner"):
        load(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "sla.csv").unlink()
    with pytest.raises(RowInvalid, match=r"sla\.csv"):
        load(folder)


def test_every_error_has_words_for_the_person() -> None:
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, DomainError)]
    assert {kind.code for kind in kinds} <= set(REFERENCE.sentences)
    assert len({kind.code for kind in kinds}) == len(kinds)


def test_there_are_63_issues_each_with_a_place_in_lapors_own_tree() -> None:
    assert len(REFERENCE.issues) == 63
    assert all(issue.lapor_category.isupper() for issue in REFERENCE.issues.values())


def test_offices_of_officials_are_oversight_and_sensitive() -> None:
    oversight = {code for code, issue in REFERENCE.issues.items() if issue.is_oversight}
    sensitive = {code for code, issue in REFERENCE.issues.items() if issue.is_sensitive}
    assert oversight == {"korupsi_pungli", "disiplin_asn"}
    assert sensitive == oversight | {"perempuan_anak", "disabilitas_odgj"}


def test_every_state_has_words_and_a_shape_of_its_own() -> None:
    assert set(REFERENCE.states) == set(State)
    assert len({words.shape for words in REFERENCE.states.values()}) == len(State)
    assert len({words.label for words in REFERENCE.states.values()}) == len(State)


def test_dates_are_written_out() -> None:
    assert REFERENCE.date_label(date(2026, 12, 10)) == "Kamis, 10 Desember 2026"
    assert REFERENCE.month_label(date(2026, 11, 1)) == "November 2026"


def test_each_regency_has_its_own_time() -> None:
    assert {code: REFERENCE.zone(code) for code in REFERENCE.regencies} == {
        "64.08": Zone.WITA,
        "62.10": Zone.WIB,
        "62.02": Zone.WIB,
    }


def test_an_office_keeps_its_old_name_for_old_dates(folder: Path) -> None:
    old = "dlh-64.08,dlh,64.08,Badan Lingkungan Lama,kabupaten,pemerintah,,2010-01-01,2024-12-31,tes\n"
    with (folder / "agencies.csv").open("a", encoding="utf-8") as file:
        file.write(old)
    reference = load(folder)
    assert reference.agency_name("dlh-64.08", date(2020, 1, 1)) == "Badan Lingkungan Lama"
    assert reference.agency_name("dlh-64.08", date(2026, 1, 1)).startswith("Dinas Lingkungan Hidup")


def test_a_regional_holiday_counts_only_there(folder: Path) -> None:
    with (folder / "holidays.csv").open("a", encoding="utf-8") as file:
        file.write("2026-11-24,Hari jadi daerah,libur_daerah,62.02,tes\n")
    reference = load(folder)
    assert not reference.calendar("62.02").is_workday(date(2026, 11, 24))
    assert reference.calendar("64.08").is_workday(date(2026, 11, 24))


def test_emergency_numbers_exist_for_every_served_regency() -> None:
    for area in REFERENCE.regencies:
        numbers = REFERENCE.facts("emergency", area)
        assert {numbers[name].value for name in ("police", "medical", "fire")} == {"110", "119", "113"}
        assert all(fact.source for fact in numbers.values())


def test_the_more_special_fact_holds_only_where_it_belongs() -> None:
    assert "outer_days" in REFERENCE.facts("limits", "64.08")
    assert "outer_days" not in REFERENCE.facts("limits", "62.02")


def test_a_cancelled_holiday_is_a_working_day_and_a_complete_year_is_known(folder: Path) -> None:
    file = folder / "holidays.csv"
    rows = "2027-01-01,Dibatalkan,hari_kerja,,uji\n2031,Lengkap,libur_nasional,,uji\n"
    file.write_text(file.read_text(encoding="utf-8") + rows, encoding="utf-8")
    calendar = load(folder).calendar("64.08")
    assert calendar.is_workday(date(2027, 1, 1)) and not REFERENCE.calendar("64.08").is_workday(
        date(2027, 1, 1)
    )
    assert 2031 in calendar.known_years and 2031 not in REFERENCE.known_years


@pytest.mark.parametrize(
    ("file", "old", "new", "column", "sentence"), BROKEN, ids=[row[-1] for row in BROKEN]
)
def test_every_refusal_has_words_for_who_edits(
    folder: Path, file: str, old: str, new: str, column: str, sentence: str
) -> None:
    change(folder, file, old, new)
    with pytest.raises(RowInvalid) as refusal:
        load(folder)
    assert file not in {kind.table.file for kind in kinds().values()} or problem_words(refusal.value)


def test_every_condition_of_a_rule_has_words() -> None:
    choices = choices_of(
        next(c for c in kinds()["routing"].columns if c.name == "when"), REFERENCE, date(2026, 11, 27)
    )
    assert [value for value, label in choices.items() if value == label] == []
