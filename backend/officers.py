"""The operator's commands about positions of the desk: the first officer, and those that nobody at the desk may appoint."""

from __future__ import annotations

import asyncio
import secrets
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from backend.persistence.accounts import AccountRows, Accounts
from backend.persistence.database import Database
from backend.persistence.errors import DatabaseRefused, DatabaseUnavailable, KeysRefused
from backend.persistence.officer_rows import LoginTaken
from backend.reference import loader
from backend.settings import Settings
from backend.usecases.ports import AuditEntry
from backend.web import urls
from backend.web.desk.position_form import Written, read_holder, read_position

INVITED_FOR = timedelta(hours=72)
TOKEN_BYTES = 32
OPERATOR = "operator"


class PositionRefused(Exception):
    """The position cannot be made or changed; the text says what to correct."""


def add_officer(settings: Settings, arguments: Namespace) -> int:
    """Make a position and print the link for its holder. Returns the exit code."""
    return _told(settings, lambda rows: _add(rows, settings, arguments))


def hand_over(settings: Settings, arguments: Namespace) -> int:
    """Give any position to a new holder and print the link. Returns the exit code."""
    return _told(settings, lambda rows: _hand_over(rows, arguments))


async def _add(rows: AccountRows, settings: Settings, arguments: Namespace) -> str:
    reference, now = loader.load(), datetime.now(UTC)
    desk = arguments.desk or settings.home_regency
    today = reference.today(now, desk)
    offices = {one.code for one in reference.policy.agencies if one.area == desk and one.valid_until >= today}
    written = _written(arguments)
    officer, login = read_position(written, secrets.token_hex(16), desk, offices)
    holder = read_holder(written, today)
    _refuse_wrong(written)
    await rows.positions.add(officer, login, holder, now)
    await rows.audit.add(_entry(now, "position_added", officer.id, str(officer.role)))
    return await _link(rows, officer.id, now)


async def _hand_over(rows: AccountRows, arguments: Namespace) -> str:
    now = datetime.now(UTC)
    found = await rows.positions.by_login(arguments.login)
    if found is None:
        raise PositionRefused(f"no position has the login {arguments.login}")
    officer, written = found.position.officer, _written(arguments)
    holder = read_holder(written, loader.load().today(now, officer.desk))
    _refuse_wrong(written)
    await rows.positions.hand_over(officer.id, holder, now)
    await rows.audit.add(_entry(now, "position_handed_over", officer.id, str(officer.role)))
    return await _link(rows, officer.id, now)


def _written(arguments: Namespace) -> Written:
    return Written({name: str(value or "") for name, value in vars(arguments).items()})


def _refuse_wrong(written: Written) -> None:
    if written.wrong:
        raise PositionRefused(f"not usable: {', '.join(sorted(written.wrong))}")


def _entry(now: datetime, action: str, position: str, role: str) -> AuditEntry:
    return AuditEntry(now, OPERATOR, action, details={"position": position, "role": role})


async def _link(rows: AccountRows, position: str, now: datetime) -> str:
    token = secrets.token_bytes(TOKEN_BYTES)
    await rows.positions.invite(position, token, now + INVITED_FOR)
    return f"{urls.INVITATION}/{token.hex()}"


def _told(settings: Settings, work: Callable[[AccountRows], Awaitable[str]]) -> int:
    async def done() -> str:
        database = await Database.open(settings)
        try:
            async with Accounts(database.requests, database.keys.vault).begin() as rows:
                return await work(rows)
        finally:
            await database.close()

    try:
        link = asyncio.run(done())
    except LoginTaken as taken:
        print(f"refused: the login {taken} is another position's (hand-over gives it on)", file=sys.stderr)
        return 1
    except (PositionRefused, DatabaseRefused, DatabaseUnavailable, KeysRefused) as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
        return 1
    print(f"{settings.public_url.rstrip('/')}{link}")
    print("  Good once, for 72 hours: give it to the holder in person.", file=sys.stderr)
    return 0
