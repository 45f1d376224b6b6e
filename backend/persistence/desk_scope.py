"""What one transaction of the officers' login may see: the access module's answer, as row-level security reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.cases.access import Act, Officer, Role, has, opens_sealed

Lane = Literal["", "oversight", "sensitive"]
LANES: dict[Role, Lane] = {Role.INSPECTOR: "oversight", Role.ADMIN: "sensitive"}


@dataclass(frozen=True)
class DeskScope:
    """`desk` is a regency code; `agencies` holds codes whose ordinary cases are seen, or is {"*"}; `sealed_lane` opens one kind of
    sealed cases. Cases assigned to `officer` by name are seen besides; who stands in for somebody absent (`stands_for`, a position's id) sees
    that one's instead, those that are not sealed."""

    officer: str
    desk: str
    agencies: frozenset[str]
    sealed_lane: Lane = ""
    stands_for: str = ""

    @property
    def seat(self) -> str:
        """The position whose cases by name are seen."""
        return self.stands_for or self.officer

    async def apply(self, connection: AsyncConnection) -> None:
        """For the rest of the connection's transaction, and no longer."""
        values = {
            "desk": self.desk,
            "officer": self.officer,
            "agencies": ",".join(sorted(self.agencies)),
            "sealed_lane": self.sealed_lane,
            "stands_for": self.stands_for,
        }
        settings = [
            sa.func.set_config(f"teman_lapor.{name}", value, True).label(name)
            for name, value in values.items()
        ]
        await connection.execute(sa.select(*settings))


def scope_of(officer: Officer) -> DeskScope:
    """The scope that shows an officer what `may_see` says, and no more.

    >>> scope_of(Officer("p1", "Auditor", Role.AUDITOR, "64.08"))
    DeskScope(officer='p1', desk='', agencies=frozenset(), sealed_lane='', stands_for='')
    """
    stands_for = officer.stands_for.id if officer.stands_for else ""
    if not has(officer, Act.SEE_CASES):
        return DeskScope(officer.id, "", frozenset(), stands_for=stands_for)
    if officer.whole_desk:
        agencies = frozenset({"*"})
    else:
        agencies = frozenset({officer.agency} if officer.agency else ())
    lane = LANES.get(officer.role, "") if opens_sealed(officer, officer.role) else ""
    return DeskScope(officer.id, officer.desk, agencies, lane, stands_for)
