"""The internal listener answers our engines and nobody else, and repeats nothing it was asked."""

import logging
import secrets
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from backend.cases.tracking_code import mint
from backend.web.internal import internal_app
from tests.support.fakes import FakeUnitOfWork, Store, services
from tests.support.serving import serving

SECRET = secrets.token_hex(16)
NOW = "2026-11-23T09:12:00+08:00"


@pytest.fixture
async def inside() -> AsyncIterator[httpx.AsyncClient]:
    store = Store()
    app = internal_app(f"internal_{secrets.token_hex(4)}", lambda: FakeUnitOfWork(store), services(), SECRET)
    async with (
        serving(app) as url,
        httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {SECRET}"}) as client,
    ):
        yield client


async def ask(inside: httpx.AsyncClient, name: str, **data: Any) -> httpx.Response:
    return await inside.post(f"/internal/questions/{name}", json={"conversation": "c1", "now": NOW, **data})


NOT_OURS = {
    "nothing": "",
    "a scheme alone": "Bearer",
    "another secret": "Bearer salah",
    "another scheme": f"Basic {SECRET}",
    "no scheme": SECRET,
    "no ASCII": "Bearer \u00e9",
}


@pytest.mark.parametrize("given", NOT_OURS.values(), ids=NOT_OURS)
async def test_only_our_engines_are_answered(inside: httpx.AsyncClient, given: str) -> None:
    headers = {"Authorization": given.encode()}
    for path in ("/internal/questions/facts", "/internal/questions/tidak-ada", "/", "/lain"):
        answer = await inside.post(path, headers=headers, json={"now": NOW})
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_one_of_us")


async def test_a_question_is_answered(inside: httpx.AsyncClient) -> None:
    answer = await ask(inside, "facts", topic="emergency", regency_code="64.08")
    assert answer.status_code == 200 and answer.json()["facts"]


async def test_a_look_up_is_counted_but_not_in_a_rehearsal(inside: httpx.AsyncClient) -> None:
    unknown = mint(lambda limit: 7)
    for rehearsal, n in ((True, 8), (False, 5)):
        for _ in range(n):
            answer = await ask(inside, "status", code=unknown, rehearsal=rehearsal)
            assert answer.json()["outcome"] == "unknown"
    assert (await ask(inside, "status", code=unknown)).json()["outcome"] == "slow_down"


async def test_an_unknown_question_is_named(inside: httpx.AsyncClient) -> None:
    answer = await ask(inside, "cuaca")
    assert (answer.status_code, answer.json()["error"]) == (
        404,
        {"code": "unknown_question", "log": "cuaca"},
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"halo",
        b"[1]",
        b"3",
        b'{"now": "kemarin"}',
        b'{"now": 5}',
        b'{"now": "2026-11-23T09:12:00"}',
        b"\xff",
    ],
)
async def test_what_is_no_question_is_refused(inside: httpx.AsyncClient, body: bytes) -> None:
    answer = await inside.post(
        "/internal/questions/facts", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "malformed"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("place", {"text": 5, "home": "64.08"}),
        ("place", {}),
        ("assignment", {"issue": ["a"]}),
        ("assignment", {}),
        ("status", {"code": {"a": 1}}),
        ("status", {"case_ref": "bukan milik saya"}),
        ("similar", {}),
        ("similar", {"place": "x", "happened": 3}),
        ("facts", {"topic": None}),
        ("my_reports", {"conversation": 7}),
    ],
)
async def test_a_question_of_the_wrong_shape_never_breaks_the_listener(
    inside: httpx.AsyncClient, name: str, data: dict[str, Any]
) -> None:
    answer = await ask(inside, name, **data)
    assert answer.status_code in {200, 400, 422}, answer.text


async def test_nothing_asked_stands_in_the_log(
    inside: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    canary = "kanarirahasia"
    await ask(inside, "place", text=canary, home="64.08")
    await ask(inside, "assignment", issue=canary, text=canary)
    await ask(inside, "status", code=canary)
    assert canary not in caplog.text
