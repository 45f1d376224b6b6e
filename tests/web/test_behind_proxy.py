"""Behind a proxy that ends TLS: people see https, we are asked over http."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest

from backend.cases.tracking_code import mint
from backend.persistence.database import Database
from tests.support.live_site import LiveSite, live_site

pytestmark = pytest.mark.database
PUBLIC = "https://lapor.kutim.example"


class Fixed(NamedTuple):
    """Chance that always throws the same."""

    value: int

    def randbelow(self, limit: int) -> int:
        return self.value % limit


@pytest.fixture
async def proxied(database: Database) -> AsyncIterator[LiveSite]:
    async with live_site(database, public_url=PUBLIC, proxies=1) as running:
        yield running


@pytest.mark.parametrize(("origin", "status"), [(PUBLIC, 200), ("http://lapor.kutim.example", 403)])
async def test_only_the_origin_people_see_may_write(proxied: LiveSite, origin: str, status: int) -> None:
    visitor = await proxied.visitor(session=False)
    answer = await visitor.http.post("/api/web/session", headers={"Origin": origin, "Host": "127.0.0.1:8000"})
    assert answer.status_code == status


async def test_guesses_are_counted_by_the_address_the_proxy_saw(proxied: LiveSite) -> None:
    """What a visitor writes into the header does not count: only the last entry is the proxy's."""
    visitor = await proxied.visitor(session=False)
    statuses = []
    for n in range(7):
        headers = {"X-Forwarded-For": f"6.6.6.{n}, 203.0.113.{9 if n < 6 else 10}"}
        code = mint(Fixed(n).randbelow)
        answer = await visitor.http.post("/status", data={"code": code}, headers=headers)
        statuses.append(answer.status_code)
    assert statuses == [404, 404, 404, 404, 404, 429, 404]
