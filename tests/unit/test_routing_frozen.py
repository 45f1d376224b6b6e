"""Complaints as people write them, with level and office decided by hand from the law: the set is frozen, the rows are tuned."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from backend.places import service
from backend.reference.loader import load
from backend.route import answer, route

HERE = Path(__file__).parent
ON = date(2026, 11, 23)
HOME = "64.08"
REFERENCE = load()
LEVEL_RIGHT, AGENCY_RIGHT, ASKED_AT_MOST = 0.92, 0.88, 0.25


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> service.Places:
    return service.load(REFERENCE.regencies, tmp_path_factory.mktemp("no-polygons"))


def test_level_and_agency_of_the_frozen_set(places: service.Places) -> None:
    rows = list(csv.DictReader((HERE / "routing_frozen.csv").open(encoding="utf-8")))
    assert len(rows) >= 300
    wrong_level, wrong_agency, n_asked = [], [], 0
    for row in rows:
        asked = {"text": row["text"], "issue": row["issue"], "place": row["place"] or None}
        got = answer(asked, REFERENCE, places, HOME, ON)
        n_asked += got["question"] is not None
        line = f"{row['issue']}: {row['text'][:60]} → {got['level']} {got['agency']}, not {row['level']} {row['agency']}"
        wrong_level += [line] if got["level"] != row["level"] else []
        wrong_agency += [line] if got["agency"] != row["agency"] else []
    figures = (
        f"{len(rows)} sentences: level {1 - len(wrong_level) / len(rows):.3f}, "
        f"agency {1 - len(wrong_agency) / len(rows):.3f}, asked {n_asked / len(rows):.3f}"
    )
    print("\n".join([figures, *dict.fromkeys(wrong_level + wrong_agency)]))
    assert 1 - len(wrong_level) / len(rows) >= LEVEL_RIGHT, figures
    assert 1 - len(wrong_agency) / len(rows) >= AGENCY_RIGHT, figures
    assert n_asked / len(rows) <= ASKED_AT_MOST, figures


def test_the_command_answers_line_by_line_and_names_what_it_cannot_read(tmp_path: Path) -> None:
    lines = [
        json.dumps({"text": "jalan poros sangatta-bengalon rusak", "issue": "jalan_rusak"}),
        "",
        "no json",
        json.dumps({"issue": "sampah"}),
        json.dumps({"text": "sampah", "issue": "sampah", "place": 7}),
        json.dumps({"text": "entah apa"}),
        json.dumps({"text": "sampah", "issue": "sampah", "place": {"codes": {"regency": "62.02"}}}),
        json.dumps({"text": "jalan rusak", "issue": "jalan_rusak", "objection": "itu jalan provinsi"}),
    ]
    out = io.StringIO()
    assert route(tmp_path, HOME, ON, io.StringIO("\n".join(lines)), out) == 1
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [sorted(one) == ["error"] for one in answers] == [False, True, True, True, False, False, False]
    assert [one.get("agency_code") for one in answers] == [
        "bpjn-64",
        None,
        None,
        None,
        "diskominfo-64.08",
        "dlh-62.02",
        "dpupr_prov-64",
    ]
    assert answers[-1]["rule"].startswith("objection:")
    assert {"level", "agency", "agency_name", "reason", "rule", "confidence", "question"} <= answers[0].keys()


def test_the_one_question_changes_the_result(places: service.Places) -> None:
    asked = {"text": "jalan rusak berlubang", "issue": "jalan_rusak", "place": "sangatta utara"}
    before = answer(asked, REFERENCE, places, HOME, ON)
    options = before["question"]["options"]
    offices = set()
    for option in options:
        told = {**asked, "attributes": {before["question"]["attribute"]: option["value"]}}
        after = answer(told, REFERENCE, places, HOME, ON)
        assert after["question"] is None
        offices.add(after["agency"])
    assert len(offices) > 1
