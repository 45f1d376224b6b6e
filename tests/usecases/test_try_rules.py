"""A dry run decides every past case twice and changes none."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from backend.cases.errors import RowInvalid
from backend.dry_run import report
from backend.reference.loader import FOLDER, Reference, with_rules
from backend.usecases.try_rules import Trial, try_rules
from tests.support.builders import draft_data
from tests.usecases.conftest import Town

ON = date(2026, 11, 23)


def changed_table(folder: Path, old: str, new: str) -> Path:
    text = (FOLDER / "routing.csv").read_text(encoding="utf-8")
    assert old in text
    file = folder / "other.csv"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


async def tried(town: Town, reference: Reference, file: Path) -> Trial:
    async with town.open_uow() as uow:
        return await try_rules(reference, with_rules(reference, file), uow, "64.08", ON)


async def filed(town: Town) -> None:
    for n, (issue, text) in enumerate(
        [
            ("jalan_rusak", "jalan provinsi berlubang"),
            ("jalan_rusak", "jalan kabupaten berlubang"),
            ("sampah", "sampah menumpuk"),
        ],
        start=1,
    ):
        await town.effect("file_complaint", draft_data(n, issue=issue, description=text))


async def test_only_the_cases_of_the_changed_row_are_named(
    town: Town, reference: Reference, tmp_path: Path
) -> None:
    await filed(town)
    before = dict(town.store.cases)
    file = changed_table(
        tmp_path,
        "jalan_rusak_provinsi,jalan_rusak,road_status=provinsi,,provinsi,dpupr_prov",
        "jalan_rusak_provinsi,jalan_rusak,road_status=provinsi,,pusat,bpjn",
    )
    trial = await tried(town, reference, file)
    (change,) = trial.changes
    assert (trial.n_cases, trial.findings) == (3, ())
    assert (change.now.agency, change.then.agency) == ("dpupr_prov-64", "bpjn-64")
    assert town.store.cases == before


async def test_the_same_table_changes_nothing(town: Town, reference: Reference, tmp_path: Path) -> None:
    await filed(town)
    file = changed_table(tmp_path, "id,issue", "id,issue")
    assert await tried(town, reference, file) == Trial(3, (), ())


async def test_hidden_rows_are_found_before_they_are_in_force(
    town: Town, reference: Reference, tmp_path: Path
) -> None:
    old = "jalan_rusak_provinsi,"
    general = "semua_jalan,jalan_rusak,,,kabupaten,dpupr,{agency},0.9,tes,2020-01-01,\n"
    trial = await tried(town, reference, changed_table(tmp_path, old, general + old))
    hidden = {one.rule for one in trial.findings}
    assert {"jalan_rusak_provinsi", "jalan_rusak_desa", "default_jalan_rusak"} <= hidden


def test_a_table_that_cannot_be_read_is_refused_by_row(reference: Reference, tmp_path: Path) -> None:
    with pytest.raises(RowInvalid, match="no dpupr_pusat"):
        with_rules(reference, changed_table(tmp_path, ",provinsi,dpupr_prov,", ",provinsi,dpupr_pusat,"))


async def test_more_cases_than_a_page_are_all_tried(town: Town, reference: Reference, tmp_path: Path) -> None:
    await filed(town)
    case = next(iter(town.store.cases.values()))
    for n in range(250):
        town.store.cases[f"{n:032x}"] = replace(case, id=f"{n:032x}")
    trial = await tried(town, reference, changed_table(tmp_path, "id,issue", "id,issue"))
    assert trial.n_cases == 253


async def test_the_report_names_numbers_and_no_words(
    town: Town, reference: Reference, tmp_path: Path
) -> None:
    await filed(town)
    file = changed_table(tmp_path, ",provinsi,dpupr_prov,Jalan provinsi", ",pusat,bpjn,Jalan provinsi")
    lines = report(await tried(town, reference, file))
    assert lines[-1] == {"cases": 3, "changed": 1, "findings": 0}
    assert "berlubang" not in str(lines)
