"""Positions of the desk and what lets their holders in: password hash, TOTP secret (sealed), recovery codes (HMAC)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from backend.cases.access import Officer, Role
from backend.persistence.sealing import WrappedKey
from backend.persistence.tables import absences, desk_sessions, officer_sign_ons, officer_terms, officers
from backend.persistence.transaction import Transaction


class LoginTaken(Exception):
    """Another position has this login name."""


@dataclass(frozen=True)
class Holder:
    """Who holds a position: by which decree (SK), and until when."""

    name: str
    sk_number: str
    sk_until: date


@dataclass(frozen=True)
class Position:
    """A position as administrators see it. `waits` until its holder has set a password and a second factor."""

    officer: Officer
    login: str
    holder: Holder
    active: bool
    waits: bool
    invite_until: datetime | None


@dataclass(frozen=True)
class Credentials:
    """What a log-in is checked against. `totp` is the base32 secret, `totp_step` the last step that was used."""

    position: Position
    password_hash: str | None = field(repr=False)
    totp: str | None = field(repr=False)
    totp_step: int
    n_recovery: int


@dataclass(frozen=True)
class Term:
    """One holder's time in a position; `ended_at` None for the present one."""

    holder: str
    sk_number: str
    began_at: datetime
    ended_at: datetime | None


class SqlPositions:
    """Rows of `officers` and `officer_terms`; only the app's login reaches them."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, officer: Officer, login: str, holder: Holder, now: datetime) -> None:
        """A new position whose holder has yet to be invited; raises `LoginTaken`."""
        taken = await self._tx.connection.scalar(sa.select(officers.c.id).where(officers.c.login == login))
        if taken is not None:
            raise LoginTaken(login)
        row = {
            **{name: getattr(officer, name) for name in ("id", "title", "desk", "agency", "area")},
            **{"role": str(officer.role), "login": login, "active": True, "made_at": now},
            **{"holder": holder.name, "sk_number": holder.sk_number, "sk_until": holder.sk_until},
        }
        await self._tx.connection.execute(sa.insert(officers).values(row))
        await self._begin_term(officer.id, holder, now)

    async def hand_over(self, officer_id: str, holder: Holder, now: datetime) -> None:
        """The position goes to a new holder: nothing of the old one lets in any more, and the terms remember both."""
        await self._lock_out(officer_id)
        await self._set(
            officer_id, holder=holder.name, sk_number=holder.sk_number, sk_until=holder.sk_until, active=True
        )
        await self._end_term(officer_id, now)
        await self._begin_term(officer_id, holder, now)

    async def extend(self, officer_id: str, sk_number: str, sk_until: date) -> None:
        """A new decree for the same holder."""
        await self._set(officer_id, sk_number=sk_number, sk_until=sk_until)

    async def end(self, officer_id: str, now: datetime) -> None:
        """Nobody holds the position; what it did stays."""
        await self._lock_out(officer_id)
        await self._set(officer_id, active=False)
        await self._end_term(officer_id, now)

    async def invite(self, officer_id: str, token: bytes, until: datetime) -> None:
        """Whoever brings the token (kept as HMAC) may set a password and a second factor; the old ones and every session end."""
        await self._lock_out(officer_id)
        await self._set(officer_id, invite=self._digest("invite", token), invite_until=until)

    async def invited(self, token: bytes, now: datetime) -> Credentials | None:
        """Whom a token invites; None for a used, old or unknown one."""
        return await self._one(
            officers.c.invite == self._digest("invite", token),
            officers.c.invite_until > now,
            officers.c.active,
        )

    async def by_login(self, login: str) -> Credentials | None:
        return await self._one(officers.c.login == login)

    async def by_id(self, officer_id: str) -> Credentials | None:
        return await self._one(officers.c.id == officer_id)

    async def of_desk(self, desk: str) -> tuple[Position, ...]:
        """Active ones first, by title."""
        rows = await self._tx.connection.execute(
            sa.select(officers)
            .where(officers.c.desk == desk)
            .order_by(officers.c.active.desc(), officers.c.title, officers.c.id)
        )
        return tuple(_position(row) for row in rows)

    async def terms(self, officer_id: str) -> tuple[Term, ...]:
        """Newest first."""
        rows = await self._tx.connection.execute(
            sa.select(officer_terms)
            .where(officer_terms.c.officer_id == officer_id)
            .order_by(officer_terms.c.seq.desc())
        )
        return tuple(Term(row.holder, row.sk_number, row.began_at, row.ended_at) for row in rows)

    async def choose_password(self, officer_id: str, password_hash: str, totp: str) -> None:
        """First half of a set-up; the secret counts when a code of it was shown."""
        sealer, wrapped = self._tx.vault.new_key(f"officer:{officer_id}")
        await self._set(
            officer_id,
            password_hash=password_hash,
            key_version=wrapped.version,
            key_wrapped=wrapped.wrapped,
            totp=sealer.seal_text(totp, f"totp:{officer_id}"),
        )

    async def set_up(self, officer_id: str, recovery: Sequence[str]) -> None:
        """Second half: the invitation is used up, the recovery codes count."""
        digests = [self._recovery(officer_id, code) for code in recovery]
        await self._set(officer_id, invite=None, invite_until=None, recovery=digests)

    async def change_password(self, officer_id: str, password_hash: str) -> None:
        await self._set(officer_id, password_hash=password_hash)

    async def use_step(self, officer_id: str, step: int) -> bool:
        """Whether this TOTP step had not been used; it has been now."""
        done = await self._tx.connection.execute(
            sa.update(officers)
            .where(officers.c.id == officer_id, officers.c.totp_step < step)
            .values(totp_step=step)
        )
        return done.rowcount == 1

    async def use_recovery(self, officer_id: str, code: str) -> bool:
        """Whether this recovery code was one; it is none any more."""
        digest = self._recovery(officer_id, code)
        done = await self._tx.connection.execute(
            sa.update(officers)
            .where(officers.c.id == officer_id, sa.literal(digest) == sa.any_(officers.c.recovery))
            .values(recovery=sa.func.array_remove(officers.c.recovery, digest))
        )
        return done.rowcount == 1

    async def _lock_out(self, officer_id: str) -> None:
        gone = ("password_hash", "key_version", "key_wrapped", "totp", "invite", "invite_until")
        await self._set(officer_id, **dict.fromkeys(gone), totp_step=0, recovery=[])
        await self._tx.connection.execute(
            sa.delete(desk_sessions).where(desk_sessions.c.officer_id == officer_id)
        )
        await self._tx.connection.execute(
            sa.delete(officer_sign_ons).where(officer_sign_ons.c.officer_id == officer_id)
        )

    async def _set(self, officer_id: str, **values: Any) -> None:
        await self._tx.connection.execute(
            sa.update(officers).where(officers.c.id == officer_id).values(**values)
        )

    async def _begin_term(self, officer_id: str, holder: Holder, now: datetime) -> None:
        last = await self._tx.connection.scalar(
            sa.select(sa.func.max(officer_terms.c.seq)).where(officer_terms.c.officer_id == officer_id)
        )
        row = {"holder": holder.name, "sk_number": holder.sk_number, "began_at": now}
        await self._tx.connection.execute(
            sa.insert(officer_terms).values(officer_id=officer_id, seq=(last or 0) + 1, **row)
        )

    async def _end_term(self, officer_id: str, now: datetime) -> None:
        await self._tx.connection.execute(
            sa.update(officer_terms)
            .where(officer_terms.c.officer_id == officer_id, officer_terms.c.ended_at.is_(None))
            .values(ended_at=now)
        )
        # Whom a holder named, and who was named, were persons: the next holder names anew.
        await self._tx.connection.execute(
            sa.update(absences)
            .where(
                sa.or_(absences.c.officer_id == officer_id, absences.c.stand_in_id == officer_id),
                absences.c.ended_at.is_(None),
            )
            .values(ended_at=now)
        )

    async def _one(self, *conditions: sa.ColumnElement[bool]) -> Credentials | None:
        row = (await self._tx.connection.execute(sa.select(officers).where(*conditions))).one_or_none()
        if row is None:
            return None
        totp = None
        if row.totp is not None:
            wrapped = WrappedKey(row.key_version, row.key_wrapped)
            sealer = self._tx.vault.unwrap(wrapped, f"officer:{row.id}")
            totp = sealer.open_text(row.totp, f"totp:{row.id}")
        return Credentials(_position(row), row.password_hash, totp, row.totp_step, len(row.recovery))

    def _digest(self, kind: str, value: bytes) -> bytes:
        return self._tx.vault.identifier(kind, value.hex())

    def _recovery(self, officer_id: str, code: str) -> bytes:
        return self._tx.vault.identifier("recovery", f"{officer_id}\0{code}")


def _position(row: sa.Row[Any]) -> Position:
    return Position(
        officer=officer_from(row),
        login=row.login,
        holder=Holder(row.holder, row.sk_number, row.sk_until),
        active=row.active,
        waits=row.active and (row.password_hash is None or row.invite is not None),
        invite_until=row.invite_until,
    )


def officer_from(row: sa.Row[Any]) -> Officer:
    """The access module's officer of a row that has its columns."""
    return Officer(row.id, row.title, Role(row.role), row.desk, row.agency, row.area)
