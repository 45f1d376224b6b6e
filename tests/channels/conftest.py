"""A running WhatsApp channel for the tests of this folder."""

from collections.abc import AsyncIterator

import pytest

from backend.persistence.database import Database
from tests.support.whatsapp import Line, live_line


@pytest.fixture
async def line(database: Database) -> AsyncIterator[Line]:
    """The channel at work."""
    async with live_line(database) as running:
        yield running
