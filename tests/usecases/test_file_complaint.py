"""Filing: once, with a promise and a code, and nothing kept that the reporter did not leave."""

import json
import random

import pytest

from backend.cases.case import IdentityLevel
from backend.cases.errors import DraftInvalid
from backend.cases.tracking_code import grouped, is_valid, mint
from backend.cases.workflow import State
from backend.usecases.effects import Turn, UnknownEffect, carry_out
from tests.support.builders import NOW, draft_data, later
from tests.usecases.conftest import Town

CODE = mint(random.Random(3).randrange)


async def test_the_receipt_names_code_office_and_a_date(town: Town) -> None:
    result = await town.effect("file_complaint", draft_data())
    assert result.code is not None
    assert is_valid(result.code)
    assert result.data == {
        "kind": "file_complaint",
        "outcome": "done",
        "agency_name": "Dinas Perhubungan Kabupaten Kutai Timur",
        "level": "kabupaten",
        "level_label": "kewenangan kabupaten",
        "reason": "Lampu jalan mati: biasanya ditangani Dinas Perhubungan Kabupaten Kutai Timur.",
        "due_on": "2026-12-11",
        "due_label": "Jumat, 11 Desember 2026",
        "case_number": town.only_case().number,
        "identity_level": "open",
    }


async def test_the_code_is_in_no_result_and_in_no_store(town: Town) -> None:
    result = await town.effect("file_complaint", draft_data())
    assert result.code
    for kept in (json.dumps(result.data), repr(town.store)):
        assert result.code not in kept
        assert grouped(result.code) not in kept


async def test_filing_twice_is_one_case_and_one_code(town: Town) -> None:
    first = await town.effect("file_complaint", draft_data())
    second = await town.effect("file_complaint", draft_data())
    assert len(town.store.cases) == 1
    assert second.code is None
    assert second.data == first.data


async def test_the_same_words_in_two_drafts_are_two_cases(town: Town) -> None:
    codes = {(await town.effect("file_complaint", draft_data(n))).code for n in (1, 2)}
    assert len(town.store.cases) == 2
    assert len(codes) == 2


async def test_history_begins_with_the_filing(town: Town) -> None:
    await town.effect("file_complaint", draft_data())
    (event,) = town.only_case().events
    assert (event.what, event.old, event.new) == ("filed", None, State.RECEIVED)
    assert [entry.action for entry in town.store.audit] == ["case_filed"]


@pytest.mark.parametrize("level", ["open", "confidential"])
async def test_a_contact_is_kept_when_it_may_be(town: Town, level: str) -> None:
    await town.effect("file_complaint", draft_data(identity_level=level))
    assert town.store.contacts == {town.only_case().id: "talk-1"}
    assert town.store.emptied == {}


async def test_an_anonymous_case_leads_nowhere(town: Town) -> None:
    town.uploaded("a1")
    result = await town.effect("file_complaint", draft_data(identity_level="anonymous", attachments=["a1"]))
    case = town.only_case()
    assert town.store.contacts == {}
    assert result.empties_conversation
    assert town.store.emptied == {"talk-1": later(hours=24)}
    assert (case.filed_at.minute, case.filed_at.second) == (0, 0)
    assert {(entry.at.minute, entry.at.second) for entry in town.store.audit} == {(0, 0)}
    assert town.store.attachments["a1"].conversation is None
    assert "talk-1" not in repr((case, town.store.attachments, town.store.audit, town.store.thread))


async def test_identifiers_typed_into_an_anonymous_report_are_masked(town: Town) -> None:
    nik, phone = "6" * 16, "08" + "5" * 10
    told = {"text": f"rumah dekat {phone}", "landmark": f"rumah dekat {phone}", "source": "text"}
    await town.effect(
        "file_complaint",
        draft_data(identity_level="anonymous", description=f"saya nik {nik} hp {phone} lapor", place=told),
    )
    case = town.only_case()
    assert case.description == "saya nik [NIK] hp [TELEPON] lapor"
    assert case.place.landmark == "rumah dekat [TELEPON]"
    assert nik not in repr(town.store)
    assert phone not in repr(town.store)


async def test_a_tracking_code_is_never_kept_in_a_text(town: Town) -> None:
    await town.effect("file_complaint", draft_data(description=f"lanjutan {grouped(CODE)}, masih gelap"))
    assert town.only_case().description == "lanjutan [KODE], masih gelap"


async def test_files_of_this_conversation_come_along_and_foreign_ones_do_not(town: Town) -> None:
    town.uploaded("a1")
    town.uploaded("b1", who="talk-2")
    await town.effect("file_complaint", draft_data(attachments=["a1", "b1", "nonsense"]))
    assert town.store.attachments["a1"].case_id == town.only_case().id
    assert town.store.attachments["b1"].case_id is None


async def test_oversight_is_sealed_sensitive_and_never_judged_by_its_own_office(town: Town) -> None:
    await town.effect("file_complaint", draft_data(oversight=True, identity_level="confidential"))
    case = town.only_case()
    assert case.sensitive
    assert case.assignment.oversight_lane
    assert case.assignment.agency == "inspektorat-64.08"
    assert case.due.on.isoformat() == "2027-02-22"


async def test_a_place_in_another_served_regency_belongs_to_its_desk(town: Town) -> None:
    place = {**draft_data()["place"], "regency_code": "62.02", "district_code": None}
    await town.effect("file_complaint", draft_data(place=place))
    assert town.only_case().desk == "62.02"
    assert town.only_case().assignment.agency == "dishub-62.02"


async def test_nobody_knows_where_and_it_is_filed_all_the_same(town: Town) -> None:
    await town.effect("file_complaint", draft_data(place={"text": "", "source": "unknown"}))
    assert town.only_case().desk == "64.08"


async def test_an_unknown_issue_goes_to_the_catch_all_desk(town: Town) -> None:
    await town.effect("file_complaint", draft_data(issue="belum_ada"))
    assert town.only_case().issue == "lainnya"
    assert town.only_case().assignment.agency == "diskominfo-64.08"


@pytest.mark.parametrize(
    ("objection", "agency"),
    [
        ("bukan, itu jalan provinsi", "dpupr_prov-64"),
        ("itu jalan nasional", "bpjn-64"),
        ("pusat", "bpjn-64"),
        ("bukan itu", "dpupr-64.08"),
        (None, "dpupr-64.08"),
    ],
)
async def test_the_citizen_who_objects_is_believed(town: Town, objection: str | None, agency: str) -> None:
    await town.effect("file_complaint", draft_data(issue="jalan_rusak", objection=objection))
    assert town.only_case().assignment.agency == agency


BROKEN = {
    "draft_id": "not-hex",
    "report_class": "gossip",
    "issue": "",
    "description": "  ",
    "identity_level": "secret",
    "attributes": ["road"],
    "objection": 7,
}


@pytest.mark.parametrize(("field", "value"), BROKEN.items(), ids=BROKEN)
async def test_a_malformed_draft_fails_the_turn_and_leaves_nothing(
    town: Town, field: str, value: object
) -> None:
    with pytest.raises(DraftInvalid) as caught:
        await town.effect("file_complaint", draft_data(**{field: value}))
    assert caught.value.field == field
    assert town.store.cases == {}


async def test_an_unknown_effect_fails_the_turn(town: Town) -> None:
    with pytest.raises(UnknownEffect):
        await town.effect("drop_tables", {})


async def test_a_failed_turn_leaves_nothing(town: Town) -> None:
    async with town.open_uow() as uow:
        await carry_out("file_complaint", draft_data(), Turn("talk-1", "web", NOW, uow, town.services))
    assert town.store.cases == {}
    assert town.store.contacts == {}


async def test_identity_level_of_a_case_is_the_chosen_one(town: Town) -> None:
    for n, level in enumerate(IdentityLevel, start=1):
        await town.effect("file_complaint", draft_data(n, identity_level=level.value))
    assert [case.identity_level for case in town.store.cases.values()] == list(IdentityLevel)
