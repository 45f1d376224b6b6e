"""A running site and visitors for the web tests."""

from collections.abc import AsyncIterator

import pytest

from backend.persistence.database import Database
from tests.support.live_site import LiveSite, Visitor, live_site


@pytest.fixture
async def live(database: Database) -> AsyncIterator[LiveSite]:
    """The site with its pipeline at work."""
    async with live_site(database) as running:
        yield running


@pytest.fixture
async def visitor(live: LiveSite) -> Visitor:
    """Somebody with a session."""
    return await live.visitor()
