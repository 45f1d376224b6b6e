"""Status: who sees what, what a wrong code costs, and that nobody can tell *no such code* from *not yours*."""

import random
from datetime import timedelta

import pytest

from backend.cases.tracking_code import grouped, mint
from backend.cases.workflow import State
from backend.usecases.find_status import FREE_FAILURES, find_status
from backend.usecases.ports import Asker
from tests.support.builders import NOW, draft_data, later
from tests.support.fakes import FakeSealer
from tests.usecases.conftest import Town

STRANGE = [mint(random.Random(n).randrange) for n in range(20)]
WHOLE = {
    *("case_ref", "state", "state_label", "what_next", "agency_name", "since", "filed_on", "due_on"),
    *("due_label", "overdue", "month", "replies", "may"),
}
SEALED = {"case_ref", "state", "state_label", "month", "replies", "may"}


async def filed(town: Town, **changes: object) -> str:
    code = (await town.effect("file_complaint", draft_data(**changes))).code
    assert code
    return code


ASKERS = [
    ("open", "talk-1", WHOLE, "the reporter of an open case"),
    ("open", "talk-9", WHOLE, "a stranger with the code of an open case"),
    ("confidential", "talk-1", WHOLE, "the reporter of a confidential case"),
    ("confidential", "talk-9", SEALED, "a stranger with the code of a confidential case"),
    ("anonymous", "talk-1", SEALED, "the conversation that filed anonymously: nobody knows it did"),
    ("anonymous", "talk-9", SEALED, "a stranger with the code of an anonymous case"),
]


@pytest.mark.parametrize(
    ("level", "who", "fields"), [row[:3] for row in ASKERS], ids=[row[3] for row in ASKERS]
)
async def test_each_asker_sees_the_whitelist(town: Town, level: str, who: str, fields: set[str]) -> None:
    code = await filed(town, identity_level=level)
    found = await town.ask("status", {"code": grouped(code)}, who=who)
    assert found["outcome"] == "found"
    assert set(found["case"]) == fields
    assert "pasar" not in repr(found)


async def test_the_words_are_plain_and_the_date_is_a_date(town: Town) -> None:
    code = await filed(town)
    case = (await town.ask("status", {"code": code}))["case"]
    assert case["state_label"] == "Diterima"
    assert case["due_label"] == "Jumat, 11 Desember 2026"
    assert case["month"] == "November 2026"
    assert case["overdue"] is False
    assert case["may"] == ["add", "withdraw"]


async def test_overdue_is_said_openly(town: Town) -> None:
    code = await filed(town)
    case = (await town.ask("status", {"code": code}, now=later(days=30)))["case"]
    assert case["overdue"] is True


async def test_a_mistyped_code_never_reaches_pepper_or_database(town: Town) -> None:
    code = await filed(town)
    sealer = town.services.codes
    assert isinstance(sealer, FakeSealer)
    before = sealer.n_calls
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert (await town.ask("status", {"code": wrong}))["outcome"] == "mistyped"
    assert (await town.ask("status", {"code": "kodenya lupa"}))["outcome"] == "mistyped"
    assert sealer.n_calls == before
    assert town.store.failures == []


async def test_five_failures_an_hour_are_free_then_the_wait_grows(town: Town) -> None:
    code = await filed(town)
    for n in range(FREE_FAILURES):
        assert (await town.ask("status", {"code": STRANGE[n]}, who="guesser"))["outcome"] == "unknown"
    waits, now = [], NOW
    for n in range(FREE_FAILURES, FREE_FAILURES + 3):
        slow = await town.ask("status", {"code": STRANGE[n]}, who="guesser", now=now)
        assert slow["outcome"] == "slow_down"
        waits.append(slow["wait_s"])
        now += timedelta(seconds=slow["wait_s"])
        assert (await town.ask("status", {"code": STRANGE[n]}, who="guesser", now=now))[
            "outcome"
        ] == "unknown"
    assert waits == sorted(waits)
    assert waits[-1] > 3 * waits[0]
    assert (await town.ask("status", {"code": code}, who="guesser", now=now))["outcome"] == "slow_down"


async def test_one_guesser_slows_nobody_else_and_no_code_is_locked(town: Town) -> None:
    code = await filed(town)
    for n in range(FREE_FAILURES + 1):
        await town.ask("status", {"code": STRANGE[n]}, who="guesser")
    assert (await town.ask("status", {"code": code}, who="talk-1"))["outcome"] == "found"


async def test_failures_are_forgotten_after_an_hour(town: Town) -> None:
    for n in range(FREE_FAILURES + 1):
        await town.ask("status", {"code": STRANGE[n]}, who="guesser")
    fresh = await town.ask("status", {"code": STRANGE[9]}, who="guesser", now=later(hours=1, seconds=1))
    assert fresh["outcome"] == "unknown"


async def test_a_reference_opens_only_in_its_own_conversation(town: Town) -> None:
    case_ref = await town.ref(await filed(town))
    assert (await town.ask("status", {"case_ref": case_ref}))["outcome"] == "found"
    assert (await town.ask("status", {"case_ref": case_ref}, who="talk-9"))["outcome"] == "unknown"
    assert (await town.ask("status", {"case_ref": "0" * 32}))["outcome"] == "unknown"


async def test_found_and_unknown_take_the_same_queries(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    code = await filed(town, identity_level="anonymous")

    async def queries(typed: str) -> list[str]:
        called: list[str] = []
        async with town.open_uow() as uow:
            for repository in (uow.cases, uow.thread, uow.contacts, uow.lookups):
                for name in ("by_code_digest", "cases_of", "of_case", "failures"):
                    if real := getattr(repository, name, None):
                        monkeypatch.setattr(
                            repository,
                            name,
                            lambda *a, _real=real, _name=name: (called.append(_name), _real(*a))[1],
                        )
            await find_status(Asker("x", "talk-9"), typed, None, uow, town.services, NOW)
        return called

    unknown = await queries(STRANGE[0])
    assert unknown == ["failures", "by_code_digest", "cases_of", "of_case"]
    assert (await queries(code))[: len(unknown)] == unknown


async def test_a_status_page_asks_without_a_conversation(town: Town) -> None:
    code = await filed(town)
    async with town.open_uow() as uow:
        status = await find_status(Asker("address-hash"), code, None, uow, town.services, NOW)
    assert status.outcome == "found"
    assert status.case is not None
    assert status.case["case_ref"] == ""
    assert status.case_id == town.only_case().id


async def test_my_reports_are_the_senders_own_and_never_anonymous(town: Town) -> None:
    await filed(town, n=1)
    await filed(town, n=2, identity_level="anonymous")
    await filed(town, n=3, identity_level="confidential")
    mine = (await town.ask("my_reports", {}))["cases"]
    assert len(mine) == 2
    assert {row["label"] for row in mine} == {"Lampu jalan mati, November 2026"}
    assert (await town.ask("my_reports", {}, who="talk-9"))["cases"] == []
    assert (await town.ask("status", {"case_ref": mine[0]["case_ref"]}))["case"].keys() == WHOLE


async def test_my_reports_show_where_an_answer_is_awaited(town: Town) -> None:
    await filed(town)
    await town.worked_on(State.AWAITING_REPORTER)
    (row,) = (await town.ask("my_reports", {}))["cases"]
    assert row["open_question"] is True
    assert row["state_label"] == "Menunggu keterangan Anda"
