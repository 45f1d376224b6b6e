"""A reviewer says what a sentence means, that it is not for us, or passes it on; every tenth is read by two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from backend.review.decisions import DISMISSED, GOLD, SET_ASIDE, SKIP_REASONS, Vote, outcome
from backend.review.marking import Mark
from backend.usecases.ports import ReviewItem, UnitOfWork


class ReviewRefused(Exception):
    """The vote cannot be counted: `code` is `unknown`, `voted`, `closed` or `not_yours`."""

    def __init__(self, code: str) -> None:
        super().__init__(f"review refused: {code}")
        self.code = code


async def review_sentence(
    item_id: str,
    label: str | None,
    reason: str,
    by: str,
    uow: UnitOfWork,
    now: datetime,
    marks: Sequence[Mark] = (),
) -> ReviewItem:
    """The item after this person's vote: a label (and marked words), or none with a reason (`dismissed` or one of `SKIP_REASONS`).
    One whose answer is known stays as it is.

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
    await uow.review.mark(item_id, by, marks)
    if item.source == GOLD:
        return item
    return await _settled(item_id, (*votes, vote), by, uow, now)


async def end_dispute(item_id: str, by: str, uow: UnitOfWork, now: datetime, *, agree: bool) -> ReviewItem:
    """Two differ and nobody else is there to decide: one of them takes the other's opinion, or both put the sentence aside, so that
    it teaches nothing.

    Raises:
        ReviewRefused: no such item, it is disputed no more, or this person is none of the two.
    """
    item = await uow.review.by_id(item_id)
    if item is None:
        raise ReviewRefused("unknown")
    if item.status != "disputed":
        raise ReviewRefused("closed")
    votes = await uow.review.votes(item_id)
    counted = [vote for vote in votes if not vote.is_skip]
    others = [vote for vote in counted if vote.by != by]
    if len(others) == len(counted) or not others:
        raise ReviewRefused("not_yours")
    vote = Vote(by, others[-1].label, others[-1].reason) if agree else Vote(by, None, SET_ASIDE)
    await uow.review.vote(item_id, vote, now)
    return await _settled(item_id, (*votes, vote), by, uow, now)


async def take_back(by: str, uow: UnitOfWork, now: datetime) -> ReviewItem | None:
    """Undo this person's last decision, all of it; returns an item that waits again, None if there is nothing to undo."""
    back = None
    for item_id in await uow.review.last_votes(by):
        item = await uow.review.by_id(item_id)
        if item is None or item.status == "unlearned":
            continue
        await uow.review.take_back(item_id, by)
        votes = await uow.review.votes(item_id)
        back = item if item.source == GOLD else await _settled(item_id, votes, by, uow, now)
    return back


async def _settled(
    item_id: str, votes: tuple[Vote, ...], by: str, uow: UnitOfWork, now: datetime
) -> ReviewItem:
    status, label = outcome(item_id, votes)
    settled = await uow.review.settle(item_id, status, label, by, now)
    if settled is None:
        raise ReviewRefused("unknown")
    return settled
