"""The register of cases in PostgreSQL: the port `Cases`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from backend.cases.case import Case, Event
from backend.cases.errors import StaleCase
from backend.cases.workflow import KIND, Kind, State
from backend.persistence.case_tables import CLOSED
from backend.persistence.rows import case_from, case_row, chained, event_from, event_rows
from backend.persistence.sealing import Sealer, WrappedKey
from backend.persistence.tables import case_history, cases
from backend.persistence.transaction import Transaction
from backend.usecases.ports import DuplicateCase
from backend.usecases.reach import Reach

NOT_SIMILAR = [str(state) for state in State if KIND[state] is Kind.CLOSED or state is State.MERGED]


class SqlCases:
    """`backend.usecases.ports.Cases`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, case: Case, code_digest: bytes) -> None:
        sealer, wrapped = self._tx.new_case_key(case.id)
        row = {
            **case_row(case, sealer, self._tx.vault),
            "key_version": wrapped.version,
            "key_wrapped": wrapped.wrapped,
            "code_digest": code_digest,
            "version": case.version,
        }
        added = await self._tx.connection.scalar(
            insert(cases).values(row).on_conflict_do_nothing().returning(cases.c.id)
        )
        if added is None:
            raise DuplicateCase(await self._taken(case, code_digest))
        await self._append(case.id, case.events, sealer, last=None)

    async def _taken(self, case: Case, code_digest: bytes) -> str:
        for field, condition in (
            ("draft_id", cases.c.draft_id == case.draft_id),
            ("code", cases.c.code_digest == code_digest),
        ):
            if await self._tx.connection.scalar(sa.select(cases.c.id).where(condition)):
                return field
        return "number"

    async def save(self, case: Case) -> Case:
        connection = self._tx.connection
        stored = await connection.scalar(
            sa.select(cases.c.version).where(cases.c.id == case.id).with_for_update(key_share=True)
        )
        if stored != case.version:
            raise StaleCase(case.id)
        await self._tx.hold(case.id)
        sealer = await self._tx.case_key(case.id)
        last = (
            await connection.execute(
                sa.select(case_history.c.seq, case_history.c.link)
                .where(case_history.c.case_id == case.id)
                .order_by(case_history.c.seq.desc())
                .limit(1)
            )
        ).one()
        # History first: afterwards the case may have left the writer's own scope.
        await self._append(case.id, case.events[last.seq :], sealer, last.link)
        row = {**case_row(case, sealer, self._tx.vault), "version": case.version + 1}
        await connection.execute(sa.update(cases).where(cases.c.id == case.id).values(row))
        return replace(case, version=case.version + 1)

    async def _append(
        self, case_id: str, events: Sequence[Event], sealer: Sealer, last: bytes | None
    ) -> None:
        previous = last or b""
        for row in event_rows(case_id, events, sealer, self._tx.on_behalf):
            link = chained(self._tx.vault, previous, row)
            await self._tx.connection.execute(
                sa.insert(case_history).values(**row, previous=previous, link=link)
            )
            previous = link

    async def replace_code(self, case_id: str, digest: bytes) -> None:
        await self._tx.connection.execute(
            sa.update(cases).where(cases.c.id == case_id).values(code_digest=digest)
        )

    async def by_id(self, case_id: str) -> Case | None:
        return await self._one(cases.c.id == case_id)

    async def by_draft_id(self, draft_id: str) -> Case | None:
        return await self._one(cases.c.draft_id == draft_id)

    async def by_number(self, number: str) -> Case | None:
        return await self._one(cases.c.number == number)

    async def by_numbers(self, numbers: Collection[str]) -> tuple[Case, ...]:
        """Those of the numbers that there are, by due date."""
        wanted = cases.c.number.in_(list(numbers))
        return await self.select(sa.select(cases).where(wanted).order_by(cases.c.due_on, cases.c.id))

    async def by_code_digest(self, digest: bytes) -> Case | None:
        return await self._one(cases.c.code_digest == digest)

    async def by_lapor_number(self, number: str) -> Case | None:
        return await self._one(cases.c.lapor_tracking_id == number)

    async def followers(self, case_id: str) -> tuple[Case, ...]:
        return await self.select(
            sa.select(cases).where(cases.c.parent_id == case_id).order_by(cases.c.filed_at, cases.c.id)
        )

    async def similar_candidates(
        self, issues: Sequence[str], regency_code: str, since: datetime, limit: int = 50
    ) -> tuple[Case, ...]:
        return await self.select(
            sa.select(cases)
            .where(
                cases.c.regency_code == regency_code,
                cases.c.issue.in_(issues),
                cases.c.filed_at >= since,
                cases.c.state.not_in(NOT_SIMILAR),
                ~cases.c.sensitive,
                ~cases.c.oversight,
            )
            .order_by(cases.c.filed_at.desc(), cases.c.id)
            .limit(limit)
        )

    async def page(self, after: str = "", limit: int = 200) -> tuple[Case, ...]:
        return await self.select(sa.select(cases).where(cases.c.id > after).order_by(cases.c.id).limit(limit))

    async def n_filed_since(self, since: datetime, among: Reach | None = None) -> int:
        query = (
            sa.select(sa.func.count()).select_from(cases).where(cases.c.filed_at >= since, *_touched(among))
        )
        return int(await self._tx.connection.scalar(query) or 0)

    async def filed_since(
        self, since: datetime, before: Case | None = None, limit: int = 200, among: Reach | None = None
    ) -> tuple[Case, ...]:
        query = sa.select(cases).where(cases.c.filed_at >= since, *_touched(among))
        if before is not None:
            # The first condition is what the index reads from.
            query = query.where(
                cases.c.filed_at <= before.filed_at,
                sa.tuple_(cases.c.filed_at, cases.c.id) < sa.tuple_(before.filed_at, before.id),
            )
        return await self.select(query.order_by(cases.c.filed_at.desc(), cases.c.id.desc()).limit(limit))

    async def _one(self, condition: sa.ColumnElement[bool]) -> Case | None:
        found = await self.select(sa.select(cases).where(condition))
        return found[0] if found else None

    async def select(self, query: sa.Select[Any]) -> tuple[Case, ...]:
        """Two queries whatever the number of cases: the cases, and all their histories."""
        rows = (await self._tx.connection.execute(query)).all()
        if not rows:
            return ()
        sealers = {row.id: self._sealer(row) for row in rows}
        lines: dict[str, list[Event]] = {row.id: [] for row in rows}
        history = await self._tx.connection.execute(
            sa.select(case_history)
            .where(case_history.c.case_id.in_(list(lines)))
            .order_by(case_history.c.case_id, case_history.c.seq)
        )
        for line in history:
            lines[line.case_id].append(event_from(line, sealers[line.case_id]))
        return tuple(case_from(row, sealers[row.id], tuple(lines[row.id])) for row in rows)

    def _sealer(self, row: sa.Row[Any]) -> Sealer | None:
        if row.key_wrapped is None:
            return None
        return self._tx.open_case_key(row.id, WrappedKey(row.key_version, row.key_wrapped))


def _touched(among: Reach | None) -> list[sa.ColumnElement[bool]]:
    """What keeps the cases that a draft can touch."""
    if among is None or among.issues is None:
        return []
    about = cases.c.issue.in_(sorted(among.issues))
    return [about | cases.c.state.not_in(CLOSED)] if among.dates else [about]
