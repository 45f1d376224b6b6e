"""The page that looks like a phone talks through the real webhook."""

import httpx
import pytest

from tests.fake_meta.demo import demo_app
from tests.support.serving import serving
from tests.support.whatsapp import Line

pytestmark = pytest.mark.database


async def test_the_demo_phone_talks(line: Line) -> None:
    async with serving(demo_app(line.meta)) as url, httpx.AsyncClient(base_url=url, timeout=20) as http:
        assert "Ponsel coba" in (await http.get("/")).text
        await http.post("/say", content="pilih")
        phone = next(iter(line.meta.phones.values()))
        await line.screens(phone, 1)
        await http.post("/tap", content="Anonim")
        await line.screens(phone, 2)
        told = (await http.get("/talk")).json()
    assert [one["mine"] for one in told] == [True, False, True, False]
    assert "Anonim" in told[1]["choices"]
    assert told[-1]["text"] == "dengar: q1-3"
