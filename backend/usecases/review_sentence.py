"""A reviewer says what a sentence means, that it is not for us, or passes it on; every tenth is read by two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.review.decisions import DISMISSED, SKIP_REASONS, Vote, outcome
from backend.usecases.ports import ReviewItem, UnitOfWork


class ReviewRefused(Exception):
    """The vote cannot be counted: `code` is `unknown`, `voted` or `closed`."""

    def __init__(self, code: str) -> None:
        super().__init__(f"review refused: {code}")
        self.code = code


@dataclass(frozen=True)
class Progress:
    """Where the queue stands for one reviewer today."""

    waiting: int
    mine_today: int
    approved: int
    disputed: int


async def review_sentence(
    item_id: str, label: str | None, reason: str, by: str, uow: UnitOfWork, now: datetime
) -> ReviewItem:
    """The item after this person's vote: a label, or none with a reason (`dismissed` or one of `SKIP_REASONS`).

    Raises:
        ReviewRefused: no such item, it is closed, or this person has voted on it.
    """
    item = await uow.review.by_id(item_id)
    if item is None or (label is None and reason not in (DISMISSED, *SKIP_REASONS)):
        raise ReviewRefused("unknown")
    if item.status not in ("pending", "second", "disputed"):
        raise ReviewRefused("closed")
    votes = await uow.review.votes(item_id)
    if by in {vote.by for vote in votes}:
        raise ReviewRefused("voted")
    vote = Vote(by, label, "" if label else reason)
    await uow.review.vote(item_id, vote, now)
    return await _settled(item_id, (*votes, vote), by, uow, now)


async def take_back(by: str, uow: UnitOfWork, now: datetime) -> ReviewItem | None:
    """Undo this person's last vote; returns the item that waits again, None if there is nothing to undo."""
    item_id = await uow.review.last_vote(by)
    if item_id is None:
        return None
    item = await uow.review.by_id(item_id)
    if item is None or item.status == "unlearned":
        return None
    await uow.review.take_back(item_id, by)
    return await _settled(item_id, await uow.review.votes(item_id), by, uow, now)


async def _settled(
    item_id: str, votes: tuple[Vote, ...], by: str, uow: UnitOfWork, now: datetime
) -> ReviewItem:
    status, label = outcome(item_id, votes)
    settled = await uow.review.settle(item_id, status, label, by, now)
    if settled is None:
        raise ReviewRefused("unknown")
    return settled
