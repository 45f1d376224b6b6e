"""Absences and who stands in, as rows; only the app's login reaches them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from backend.cases.absence import Absence, can_stand_in, in_the_place_of
from backend.cases.access import Officer, Role
from backend.persistence.tables import absences, desk_sessions, officers
from backend.persistence.transaction import Transaction


@dataclass(frozen=True)
class Duty:
    """An absence and the position that is away."""

    absence: Absence
    absent: Officer

    def taken_by(self, stand_in: Officer) -> Officer:
        """The officer who works in the place of the one who is away."""
        return in_the_place_of(self.absent, stand_in, self.absence.last_day)


class SqlAbsences:
    """An absence that was ended early is one no more; days are those of the regency."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, absence: Absence, now: datetime) -> bool:
        """Whether it was written: of one position's absences no two share a day."""
        await self._tx.connection.execute(
            sa.select(officers.c.id).where(officers.c.id == absence.officer_id).with_for_update()
        )
        a = absences.c
        taken = await self._tx.connection.scalar(
            sa.select(a.id).where(
                a.officer_id == absence.officer_id,
                a.ended_at.is_(None),
                a.first_day <= absence.last_day,
                a.last_day >= absence.first_day,
            )
        )
        if taken is not None:
            return False
        values = {name: getattr(absence, name) for name in Absence.__dataclass_fields__}
        await self._tx.connection.execute(sa.insert(absences).values(**values, made_at=now))
        return True

    async def end(self, absence_id: str, officer_id: str, now: datetime) -> bool:
        """Whether it was one of this position's, and is over now; whoever worked under it is back in the own place."""
        done = await self._tx.connection.execute(
            sa.update(absences)
            .where(
                absences.c.id == absence_id,
                absences.c.officer_id == officer_id,
                absences.c.ended_at.is_(None),
            )
            .values(ended_at=now)
        )
        return done.rowcount == 1

    async def of_officer(self, officer_id: str, today: date) -> tuple[Absence, ...]:
        """What is planned or runs, soonest first."""
        a = absences.c
        rows = await self._tx.connection.execute(
            sa.select(absences)
            .where(a.officer_id == officer_id, a.ended_at.is_(None), a.last_day >= today)
            .order_by(a.first_day)
        )
        return tuple(_absence(row._mapping) for row in rows)

    async def duties(self, stand_in: Officer, today: date, absence_id: str = "") -> tuple[Duty, ...]:
        """Absences in force on which this position may stand in, for positions that are still held; with an id, that one."""
        a, o = absences.c, officers.c
        query = (
            sa.select(absences, *[o[name].label(f"of_{name}") for name in OFFICER])
            .join(officers, o.id == a.officer_id)
            .where(a.stand_in_id == stand_in.id, a.ended_at.is_(None), o.active, o.sk_until >= today)
            .where(a.first_day <= today, a.last_day >= today)
            .order_by(a.last_day, a.id)
        )
        if absence_id:
            query = query.where(a.id == absence_id)
        rows = (await self._tx.connection.execute(query)).all()
        found = [Duty(_absence(row._mapping), _absent(row._mapping)) for row in rows]
        return tuple(duty for duty in found if can_stand_in(stand_in, duty.absent))

    async def take_place(self, secret: str, absence_id: str | None) -> None:
        """The session works in the place of the one who is away; None: in the own one again."""
        digest = self._tx.vault.identifier("desk session", secret)
        await self._tx.connection.execute(
            sa.update(desk_sessions).where(desk_sessions.c.token == digest).values(absence_id=absence_id)
        )


OFFICER = ("id", "title", "role", "desk", "agency", "area")


def _absence(row: Any) -> Absence:
    return Absence(**{name: row[name] for name in Absence.__dataclass_fields__})


def _absent(row: Any) -> Officer:
    of = {name: row[f"of_{name}"] for name in OFFICER}
    return Officer(**{**of, "role": Role(of["role"])})
