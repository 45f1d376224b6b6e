"""The review queue as rows: sentences folded by id, votes in their order, and the words of one person that can be unlearned."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from backend.persistence.sealing import WrappedKey
from backend.persistence.tables import (
    conversation_activity,
    conversations,
    review_items,
    review_spans,
    review_votes,
    talk_proposals,
    trial_turns,
)
from backend.persistence.thread import SqlContacts
from backend.persistence.vote_rows import COUNTED, SqlVotes
from backend.review.decisions import GOLD
from backend.review.priority import CERTAINLY_WRONG, TOLD_BY_SOMEBODY
from backend.usecases.ports import ReviewItem

LONGEST_TOKEN = 32
_SEALED = ("context", "key_version", "key_wrapped")
_PLAIN = tuple(column.name for column in review_items.columns if column.name not in _SEALED)
WAITING = ("pending", "second", "disputed")
# Uncertainty × frequency × harm; a sentence said often counts with the logarithm of how often.
PRIORITY = review_items.c.uncertainty * sa.func.ln(1 + review_items.c.n) * review_items.c.harm


class SqlReview(SqlVotes):
    """`backend.usecases.ports.Review`."""

    async def add(self, item: ReviewItem) -> None:
        row = {name: getattr(item, name) for name in _PLAIN}
        row["ranking"] = [list(pair) for pair in item.ranking]
        if item.context:
            # Whole turns of a talk, masked or not, are not kept in the clear.
            sealer, wrapped = self._tx.vault.new_key(_owner(item.id))
            row["context"] = sealer.seal_json([list(turn) for turn in item.context], _owner(item.id))
            row |= {"key_version": wrapped.version, "key_wrapped": wrapped.wrapped}
        insert = postgresql.insert(review_items).values(row)
        # The same sentence, or nearly, has the same id: it waits once and is counted. What somebody did about it is told.
        told = sa.and_(
            insert.excluded.reason.in_(TOLD_BY_SOMEBODY), review_items.c.reason.not_in(CERTAINLY_WRONG)
        )
        right = sa.and_(told, insert.excluded.reason.in_(CERTAINLY_WRONG))
        counted = insert.on_conflict_do_update(
            index_elements=["id"],
            set_={
                "n": review_items.c.n + 1,
                "reason": sa.case((told, insert.excluded.reason), else_=review_items.c.reason),
                "ranking": sa.case((right, insert.excluded.ranking), else_=review_items.c.ranking),
                "uncertainty": sa.func.greatest(review_items.c.uncertainty, insert.excluded.uncertainty),
                "harm": sa.func.greatest(review_items.c.harm, insert.excluded.harm),
            },
        )
        await self._tx.connection.execute(counted)

    async def add_of_case(self, case_id: str, item: ReviewItem) -> None:
        conversation = await SqlContacts(self._tx).recipient(case_id)
        sender = (await self.tokens(conversation))[0] if conversation else None
        await SqlReview.add(self, replace(item, sender=sender, talk=self._of_case(case_id)))

    def _of_case(self, case_id: str) -> str:
        """Pseudonym of a case, in the place of a talk's."""
        return self._tx.vault.identifier("review_case", case_id).hex()[:LONGEST_TOKEN]

    async def unlearn_case(self, case_id: str) -> None:
        """Nothing of this case teaches any more."""
        await self.unlearn(talk=self._of_case(case_id))

    async def pending(
        self, limit: int = 50, by: str | None = None, issue: str | None = None
    ) -> tuple[ReviewItem, ...]:
        """What waits, the most worth first; with `by`, only what that person has not yet voted on."""
        query = sa.select(review_items).where(
            review_items.c.status.in_(WAITING), review_items.c.source != GOLD
        )
        if by is None:
            query = query.where(review_items.c.status == "pending")
        else:
            voted = sa.select(review_votes.c.item_id).where(review_votes.c.by == by)
            query = query.where(review_items.c.id.not_in(voted))
        if issue is not None:
            query = query.where(review_items.c.issue == issue)
        return await self._read(
            query.order_by(PRIORITY.desc(), review_items.c.at, review_items.c.id).limit(limit)
        )

    async def disputes(self, by: str) -> tuple[ReviewItem, ...]:
        mine = sa.select(review_votes.c.item_id).where(review_votes.c.by == by, COUNTED)
        return await self._read(
            sa.select(review_items)
            .where(review_items.c.status == "disputed", review_items.c.id.in_(mine))
            .order_by(review_items.c.decided_at, review_items.c.id)
        )

    async def propose(self, item_id: str, by: str, at: datetime) -> None:
        insert = postgresql.insert(talk_proposals).values(item_id=item_id, by=by, at=at)
        await self._tx.connection.execute(insert.on_conflict_do_nothing())

    async def proposed(self) -> tuple[ReviewItem, ...]:
        return await self._read(
            sa.select(review_items)
            .join(talk_proposals, talk_proposals.c.item_id == review_items.c.id)
            .where(review_items.c.context.is_not(None))
            .order_by(talk_proposals.c.at.desc(), review_items.c.id)
        )

    async def by_id(self, item_id: str) -> ReviewItem | None:
        found = await self._read(sa.select(review_items).where(review_items.c.id == item_id))
        return found[0] if found else None

    async def settle(
        self, item_id: str, status: str, label: str | None, by: str, at: datetime
    ) -> ReviewItem | None:
        done = {"decided_by": by, "decided_at": at} if status != "pending" else {}
        await self._tx.connection.execute(
            sa.update(review_items)
            .where(review_items.c.id == item_id)
            .values(status=status, label=label, **done)
        )
        return await self.by_id(item_id)

    async def approved(self) -> tuple[ReviewItem, ...]:
        return await self._read(
            sa.select(review_items)
            .where(review_items.c.status == "approved")
            .order_by(review_items.c.decided_at, review_items.c.id)
        )

    async def counts(self, by: str, since: datetime) -> dict[str, int]:
        """How many sentences stand where, and `mine`: how many this person read since then."""
        rows = await self._tx.connection.execute(
            sa.select(review_items.c.status, sa.func.count())
            .where(review_items.c.source != GOLD)
            .group_by(review_items.c.status)
        )
        mine = await self._tx.connection.scalar(
            sa.select(sa.func.count())
            .select_from(review_votes)
            .where(review_votes.c.by == by, review_votes.c.at >= since)
        )
        return {**{str(status): int(n) for status, n in rows}, "mine": int(mine or 0)}

    async def tokens(self, conversation: str) -> tuple[str, str]:
        """Pseudonyms of a conversation's sender and of the conversation itself."""
        sender = await self._tx.connection.scalar(
            sa.select(conversations.c.sender_hmac).where(conversations.c.id == conversation)
        )
        whose = sender.hex() if sender else conversation
        vault = self._tx.vault
        return (
            vault.identifier("review_sender", whose).hex()[:LONGEST_TOKEN],
            vault.identifier("review_talk", conversation).hex()[:LONGEST_TOKEN],
        )

    async def last_seq(self, conversation: str) -> int:
        """Place of the newest event of a conversation."""
        query = sa.select(conversation_activity.c.last_seq).where(
            conversation_activity.c.conversation_id == conversation
        )
        return int(await self._tx.connection.scalar(query) or 0)

    async def unlearn_sender_of(self, conversation: str) -> None:
        """Nothing that this conversation's sender ever said teaches any more."""
        sender, talk = await self.tokens(conversation)
        await self.unlearn(sender=sender, talk=talk)

    async def unlearn(
        self, *, item_id: str | None = None, sender: str | None = None, talk: str | None = None
    ) -> int:
        """Empty the sentences of one item, person or conversation: they teach no further round; returns how many. What trials
        kept of the person or conversation goes, too."""
        wanted = {"id": item_id, "sender": sender, "talk": talk}
        whose = [trial_turns.c[name] == value for name, value in wanted.items() if value and name != "id"]
        if whose:
            await self._tx.connection.execute(sa.update(trial_turns).where(sa.or_(*whose)).values(text=None))
        where = [review_items.c[name] == value for name, value in wanted.items() if value is not None]
        if not where:
            return 0
        gone = sa.select(review_items.c.id).where(sa.or_(*where))
        await self._tx.connection.execute(sa.delete(review_spans).where(review_spans.c.item_id.in_(gone)))
        done = await self._tx.connection.execute(
            sa.update(review_items)
            .where(sa.or_(*where), review_items.c.status != "unlearned")
            .values(status="unlearned", text="", context=None, key_wrapped=None, label=None, ranking=[])
        )
        return done.rowcount

    async def _read(self, query: sa.Select[Any]) -> tuple[ReviewItem, ...]:
        return tuple(self._item(row) for row in await self._tx.connection.execute(query))

    def _item(self, row: sa.Row[Any]) -> ReviewItem:
        context: tuple[tuple[str, str], ...] = ()
        if row.context is not None:
            sealer = self._tx.vault.unwrap(WrappedKey(row.key_version, row.key_wrapped), _owner(row.id))
            context = tuple((who, words) for who, words in sealer.open_json(row.context, _owner(row.id)))
        plain = {name: row._mapping[name] for name in _PLAIN}
        plain["ranking"] = tuple((label, confidence) for label, confidence in row.ranking)
        return ReviewItem(**plain, context=context)


def _owner(item_id: str) -> str:
    return f"review:{item_id}"
