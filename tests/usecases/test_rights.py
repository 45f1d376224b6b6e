"""A reporter's rights over one case; what the system can say about an anonymous one is a list, and no line longer."""

from dataclasses import replace
from typing import Any

import pytest

from backend.cases.case import IdentityLevel
from backend.cases.errors import CaseNotFound, CodeMistyped, DraftInvalid
from backend.cases.submission import Way, is_due
from backend.cases.tracking_code import mint
from backend.cases.workflow import State
from backend.usecases.ports import Attachment, Author, ThreadMessage
from backend.usecases.rights import case_of, erase_case, everything_about, rectify_case, restrict_case
from tests.support.builders import NOW, a_case
from tests.support.fakes import FakeUnitOfWork, SeededRandom, Store, services

CODE = mint(SeededRandom(9).randbelow)
WHITELIST = {
    "number", "report_class", "issue", "identity_level", "description", "place", "happened", "attributes", "objection",
    "sensitive", "oversight", "agency", "reason", "due_on", "filed_at", "state", "rating", "history", "messages", "files",
    "lapor", "has_contact",
}  # fmt: skip
PHONE = "0812" + "5550" + "1779"


@pytest.fixture
async def uow() -> Any:
    store = Store()
    async with FakeUnitOfWork(store) as uow:
        case = a_case(1, state=State.ASSIGNED, identity_level=IdentityLevel.ANONYMOUS)
        await uow.cases.add(case, services().codes.digest(CODE))
        await uow.thread.add(ThreadMessage("b" * 32, case.id, Author.REPORTER, "masih mati", NOW))
        await uow.attachments.add(Attachment("c" * 32, "photo", "image/jpeg", 9, None, case.id))
        yield uow


async def test_a_case_is_found_by_its_code_or_its_number(uow: FakeUnitOfWork) -> None:
    for code, number in ((CODE, None), (None, " test-0001 ")):
        assert (await case_of(code, number, services().codes, uow)).number == "TEST-0001"
    with pytest.raises(CaseNotFound):
        await case_of(None, "TEST-0002", services().codes, uow)
    with pytest.raises(CodeMistyped):
        await case_of("1234", None, services().codes, uow)


async def test_all_that_can_be_said_about_an_anonymous_case_is_the_whitelist(uow: FakeUnitOfWork) -> None:
    told = await everything_about(a_case(1, identity_level=IdentityLevel.ANONYMOUS), uow)
    assert told.keys() == WHITELIST
    assert told["place"].keys() == {"text", "landmark", "label", "latitude", "longitude"}
    assert told["messages"] == [{"author": Author.REPORTER, "text": "masih mati", "at": NOW}]
    assert told["files"] == [{"kind": "photo", "media_type": "image/jpeg", "n_bytes": 9}]
    assert [set(one) for one in told["history"]] == [{"what", "state", "at", "by", "note"}]
    assert told["filed_at"].minute == 0 and told["has_contact"] is False
    assert a_case(1).id not in repr(told) and a_case(1).draft_id not in repr(told)


async def test_words_are_corrected_and_identifiers_in_them_masked(uow: FakeUnitOfWork) -> None:
    case = await case_of(CODE, None, services().codes, uow)
    saved = await rectify_case(
        case, "description", f" yang benar: dua lampu, telepon {PHONE} ", "operator", uow, NOW
    )
    assert saved.description.startswith("yang benar: dua lampu") and PHONE not in saved.description
    saved = await rectify_case(saved, "landmark", "depan pasar baru", "operator", uow, NOW)
    assert (saved.place.landmark, saved.place.label) == ("depan pasar baru", case.place.label)
    assert [entry.action for entry in uow._own.audit] == ["case_rectified"] * 2
    for field, text in (("number", "X"), ("description", "  "), ("description", "x" * 10_001)):
        with pytest.raises(DraftInvalid):
            await rectify_case(saved, field, text, "operator", uow, NOW)


async def test_a_restricted_case_is_left_alone_by_programs(uow: FakeUnitOfWork) -> None:
    case = await case_of(CODE, None, services().codes, uow)
    assert is_due(case, Way.API)
    saved = await restrict_case(case, "operator", uow, NOW)
    assert (
        saved.sensitive and saved.is_restricted and not is_due(saved, Way.API) and is_due(saved, Way.MANUAL)
    )
    assert await restrict_case(saved, "operator", uow, NOW) == saved


async def test_an_erased_case_still_answers_but_has_no_words(uow: FakeUnitOfWork) -> None:
    case = await case_of(CODE, None, services().codes, uow)
    assert await erase_case(case, "operator", uow, NOW) == 2
    bare = await case_of(CODE, None, services().codes, uow)
    assert (bare.description, bare.place.label, bare.is_erased, bare.issue) == ("", None, True, case.issue)
    assert await erase_case(bare, "operator", uow, NOW) == 0
    assert not is_due(bare, Way.MANUAL)
    told = await everything_about(replace(bare), uow)
    assert (told["messages"], told["files"], told["has_contact"]) == ([], [], False)
