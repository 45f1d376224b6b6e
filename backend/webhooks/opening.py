"""The sender of a running product: what it tells is what Open311 shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from backend.conversations.pipeline import Pipeline
from backend.persistence.database import Database
from backend.persistence.public_requests import Wanted
from backend.persistence.unit_of_work import opener
from backend.usecases.services import Services
from backend.web.open311.rows import request_row
from backend.webhooks.worker import Webhooks


def outgoing(
    database: Database, pipeline: Pipeline, services: Services, clock: Callable[[], datetime]
) -> Webhooks:
    """Nothing is sent before `run` or `once`."""

    async def public_row(number: str) -> Mapping[str, Any] | None:
        found = await pipeline.public_requests(Wanted(numbers=[number]))
        return request_row(found[0], services, clock()) if found else None

    vault = database.keys.vault
    return Webhooks(opener(database.workers, vault), public_row, vault.webhook_secret, clock)
