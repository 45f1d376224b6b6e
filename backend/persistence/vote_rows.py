"""What reviewers said of sentences, as rows: votes in their order, marked words, and how they fared with sentences whose answer is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from backend.persistence.tables import review_items, review_spans, review_votes
from backend.persistence.transaction import Transaction
from backend.review.decisions import DISMISSED, GOLD, Vote
from backend.review.marking import Mark

# Whoever passes a sentence on has no opinion on it.
COUNTED = sa.or_(review_votes.c.label.is_not(None), review_votes.c.reason == DISMISSED)


class SqlVotes:
    """The half of `backend.usecases.ports.Review` that knows of people."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def votes(self, item_id: str) -> tuple[Vote, ...]:
        rows = await self._tx.connection.execute(
            sa.select(review_votes.c.by, review_votes.c.label, review_votes.c.reason)
            .where(review_votes.c.item_id == item_id)
            .order_by(review_votes.c.seq)
        )
        return tuple(Vote(*row) for row in rows)

    async def vote(self, item_id: str, vote: Vote, at: datetime) -> None:
        number = sa.select(sa.func.coalesce(sa.func.max(review_votes.c.seq), 0) + 1).where(
            review_votes.c.item_id == item_id
        )
        await self._tx.connection.execute(
            sa.insert(review_votes).values(
                item_id=item_id,
                seq=number.scalar_subquery(),
                by=vote.by,
                label=vote.label,
                reason=vote.reason,
                at=at,
            )
        )

    async def last_votes(self, by: str) -> tuple[str, ...]:
        """The sentences of this person's last decision: several when they were decided together."""
        mine = review_votes.alias("mine")
        last = sa.select(sa.func.max(mine.c.at)).where(mine.c.by == by).scalar_subquery()
        found = await self._tx.connection.scalars(
            sa.select(review_votes.c.item_id)
            .where(review_votes.c.by == by, review_votes.c.at == last)
            .distinct()
            .order_by(review_votes.c.item_id)
        )
        return tuple(found)

    async def take_back(self, item_id: str, by: str) -> None:
        mine = review_votes.alias("mine")
        last = sa.select(sa.func.max(mine.c.seq)).where(mine.c.item_id == item_id, mine.c.by == by)
        await self._tx.connection.execute(
            sa.delete(review_votes).where(
                review_votes.c.item_id == item_id, review_votes.c.seq == last.scalar_subquery()
            )
        )
        await self._tx.connection.execute(
            sa.delete(review_spans).where(review_spans.c.item_id == item_id, review_spans.c.by == by)
        )

    async def mark(self, item_id: str, by: str, marks: Sequence[Mark]) -> None:
        """These words, and no others, are what this person marked."""
        await self._tx.connection.execute(
            sa.delete(review_spans).where(review_spans.c.item_id == item_id, review_spans.c.by == by)
        )
        if marks:
            rows = [
                {"item_id": item_id, "by": by, "kind": one.kind, "start": one.start, "stop": one.stop}
                for one in marks
            ]
            await self._tx.connection.execute(sa.insert(review_spans), rows)

    async def marked(self) -> tuple[tuple[str, str, str], ...]:
        """(sentence, kind, words) of everything marked in approved sentences."""
        rows = await self._tx.connection.execute(
            sa.select(review_items.c.text, review_spans.c.kind, review_spans.c.start, review_spans.c.stop)
            .join(review_items, review_items.c.id == review_spans.c.item_id)
            .where(review_items.c.status == "approved")
            .order_by(review_items.c.id, review_spans.c.start, review_spans.c.by)
        )
        return tuple(dict.fromkeys((text, kind, text[start:stop]) for text, kind, start, stop in rows))

    async def double_votes(self) -> tuple[tuple[str, str], ...]:
        """The first two labels of every sentence that two people read; `dismissed` counts as a label."""
        said = sa.func.coalesce(review_votes.c.label, review_votes.c.reason)
        rows = await self._tx.connection.execute(
            sa.select(sa.func.array_agg(postgresql.aggregate_order_by(said, review_votes.c.seq)))
            .join(review_items, review_items.c.id == review_votes.c.item_id)
            .where(COUNTED, review_items.c.source != GOLD)
            .group_by(review_votes.c.item_id)
            .having(sa.func.count() > 1)
        )
        return tuple((labels[0], labels[1]) for (labels,) in rows)

    async def gold_votes(self, by: str) -> dict[str, str]:
        """Of the sentences whose answer is known, what this person said, by item."""
        rows = await self._tx.connection.execute(
            sa.select(review_votes.c.item_id, sa.func.coalesce(review_votes.c.label, review_votes.c.reason))
            .join(review_items, review_items.c.id == review_votes.c.item_id)
            .where(review_votes.c.by == by, review_items.c.source == GOLD)
        )
        return {str(item): str(said) for item, said in rows}
