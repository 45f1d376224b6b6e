"""Somebody asks for a person: officers see it, in masked words."""

from __future__ import annotations

from datetime import datetime

from backend.review.masking import masked
from backend.usecases.ports import HumanRequest, UnitOfWork
from backend.usecases.services import Services

LONGEST_SUMMARY = 1_000


async def request_human(
    conversation: str, reason: str, summary: str, uow: UnitOfWork, services: Services, now: datetime
) -> HumanRequest:
    """The request waits on the desk."""
    request = HumanRequest(
        services.random.token_hex(16), conversation, reason, masked(summary[:LONGEST_SUMMARY]), now
    )
    await uow.conversations.request_human(request)
    return request
