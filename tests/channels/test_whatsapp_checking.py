"""`python -m backend whatsapp check`: what is wrong with the line, in the order in which it must be mended."""

from __future__ import annotations

import httpx
import pytest
from pydantic import SecretStr

from backend.channels.whatsapp.channel import transport_of
from backend.channels.whatsapp.checking import check
from backend.channels.whatsapp.graph import Graph
from backend.channels.whatsapp.templates import register
from backend.doctor import Verdict
from backend.settings import Settings
from tests.fake_meta.graph import FakeMeta
from tests.fake_meta.server import graph
from tests.support.whatsapp import Line, settings_for


async def said(settings: Settings) -> dict[str, Verdict]:
    async with httpx.AsyncClient() as client:
        checked = await check(settings, Graph(transport_of(settings), client), register())
    return {one.what: one.verdict for one in checked.findings}


@pytest.mark.parametrize("missing", ["whatsapp_provider", "whatsapp_account_id"])
async def test_without_settings_it_says_which(missing: str) -> None:
    settings = settings_for(FakeMeta(url="http://127.0.0.1:9")).model_copy(update={missing: ""})
    async with httpx.AsyncClient() as client:
        transport = transport_of(settings_for(FakeMeta()))
        checked = await check(settings, Graph(transport, client), register())
    assert [one.verdict for one in checked.findings] == [Verdict.BAD]
    assert missing.upper() in checked.findings[0].todo


async def test_a_token_that_has_expired_is_named() -> None:
    meta = FakeMeta()
    async with graph(meta):
        settings = settings_for(meta).model_copy(update={"whatsapp_token": SecretStr("lama")})
        async with httpx.AsyncClient() as client:
            checked = await check(settings, Graph(transport_of(settings), client), register())
    told = next(one for one in checked.findings if one.what == "number")
    assert (told.verdict, told.how, told.todo) == (
        Verdict.BAD,
        "refused, code 190",
        "make a new permanent token",
    )


@pytest.mark.database
async def test_a_line_that_is_well(line: Line) -> None:
    for row in register().rows:
        line.meta.templates[row.name, row.language] = "APPROVED"
    settings = line.whatsapp.settings.model_copy(update={"public_url": line.webhook.split("/api/")[0]})
    assert set((await said(settings)).values()) == {Verdict.GOOD}
    line.meta.templates.popitem()
    line.meta.webhook = ""
    told = await said(settings)
    assert told["account"] is Verdict.BAD
    assert told["webhook"] is Verdict.GOOD
    assert list(told.values()).count(Verdict.DOUBTFUL) == 1
