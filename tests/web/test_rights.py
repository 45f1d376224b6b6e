"""The rights of a reporter on the status page: correct, restrict, erase, each with a receipt; never a copy."""

import re
from html import unescape

import httpx
import pytest

from backend.cases.workflow import State
from backend.usecases.right_receipts import is_genuine
from tests.support.live_site import LiveSite, Visitor
from tests.web.test_form import WHAT, case_of
from tests.web.test_status import ask, filed

pytestmark = pytest.mark.database


@pytest.fixture
async def person(live: LiveSite) -> Visitor:
    return await live.visitor(session=False)


async def token_of(person: Visitor, level: str = "anonymous") -> str:
    shown = await ask(person, await filed(person, level))
    token = re.search(
        r'action="/status/hak"[^>]*>\s*<input type="hidden" name="token" value="([^"]+)"', shown.text
    )
    assert token
    questions = await person.http.post("/status/hak", data={"token": token[1]})
    assert questions.status_code == 200 and WHAT not in questions.text
    return token[1]


async def use(person: Visitor, **values: str) -> httpx.Response:
    return await person.http.post("/status/hak/pakai", data=values)


def receipt_in(answer: httpx.Response) -> str:
    found = re.search(r'<pre class="card paper">(.*?)</pre>', answer.text, re.DOTALL)
    assert found
    return unescape(found[1])


async def test_words_are_replaced_unseen(live: LiveSite, person: Visitor) -> None:
    token = await token_of(person)
    answer = await use(
        person, token=token, right="rectified", field="description", text="Lampunya dua yang mati."
    )
    assert answer.status_code == 200 and is_genuine(receipt_in(answer), live.talk.services.stamper)
    case = await case_of(live)
    assert case.description == "Lampunya dua yang mati." and WHAT not in repr(case)
    assert case.number not in answer.text, "a sealed report keeps its number to itself"


async def test_restricting_is_written_once(live: LiveSite, person: Visitor) -> None:
    token = await token_of(person, "open")
    for _ in range(2):
        assert "dibatasi" in (await use(person, token=token, right="restricted")).text
    case = await case_of(live)
    assert case.is_restricted and [event.what for event in case.events].count("restricted") == 1


async def test_erasing_needs_a_yes_and_then_leaves_no_word(live: LiveSite, person: Visitor) -> None:
    token = await token_of(person, "open")
    asked = await use(person, token=token, right="erased")
    assert asked.status_code == 422 and "Belum ada yang dihapus" in asked.text
    assert (await case_of(live)).description == WHAT
    answer = await use(person, token=token, right="erased", sure="ya")
    assert answer.status_code == 200 and is_genuine(receipt_in(answer), live.talk.services.stamper)
    case = await case_of(live)
    assert (case.is_erased, case.state, case.description) == (True, State.WITHDRAWN, "")
    assert not is_genuine(receipt_in(answer).replace("dihapus", "dijaga"), live.talk.services.stamper)


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"token": "palsu", "right": "erased", "sure": "ya"}, 404),
        ({"right": "rectified", "field": "description", "text": " "}, 422),
        ({"right": "rectified", "field": "issue", "text": "lain"}, 422),
        ({"right": "exported"}, 409),
    ],
)
async def test_what_cannot_be_done_changes_nothing(
    live: LiveSite, person: Visitor, values: dict[str, str], status: int
) -> None:
    token = await token_of(person)
    before = await case_of(live)
    assert (await use(person, **{"token": token, **values})).status_code == status
    assert await case_of(live) == before
