"""The forms about positions: what was written, and which fields are wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from backend.cases.access import Officer, Role
from backend.persistence.officer_rows import Holder

# Roles that look after the desk itself are given by the operator of the server: nobody at the desk may make their own judge.
BY_OPERATOR = frozenset({Role.INSPECTOR, Role.AUDITOR})
WITH_AGENCY = frozenset({Role.AGENCY, Role.LIAISON, Role.INSPECTOR})
LONGEST_DECREE_Y = 6
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
_AREA = re.compile(r"\d\d\.\d\d\.\d\d(\.\d{4})?")


@dataclass
class Written:
    """Values as they were written, and the names of the fields that cannot be taken."""

    values: Mapping[str, str]
    wrong: set[str] = field(default_factory=set)

    def text(self, name: str, shortest: int = 2, longest: int = 100) -> str:
        value = " ".join(self.values.get(name, "").split())
        if not shortest <= len(value) <= longest:
            self.wrong.add(name)
        return value

    def day(self, name: str, today: date) -> date:
        """A day from today on, within six years."""
        try:
            day = date.fromisoformat(self.values.get(name, "").strip())
        except ValueError:
            self.wrong.add(name)
            return today
        if not today <= day <= today.replace(year=today.year + LONGEST_DECREE_Y, day=1):
            self.wrong.add(name)
        return day


def read_holder(written: Written, today: date) -> Holder:
    """Who holds the position; look at `written.wrong` before using it."""
    return Holder(written.text("holder"), written.text("sk_number", 1, 80), written.day("sk_until", today))


def read_position(
    written: Written, officer_id: str, desk: str, agencies: Collection[str]
) -> tuple[Officer, str]:
    """A new position of this regency and its login name; look at `written.wrong` before using it."""
    login = written.text("login").lower()
    if not _LOGIN.fullmatch(login):
        written.wrong.add("login")
    try:
        role = Role(written.values.get("role", ""))
    except ValueError:
        written.wrong.add("role")
        role = Role.LANGUAGE
    agency = written.values.get("agency") or None
    if (role in WITH_AGENCY and agency is None) or (agency is not None and agency not in agencies):
        written.wrong.add("agency")
    area = written.values.get("area", "").strip() or None
    if role is Role.VILLAGE and not (area and _AREA.fullmatch(area) and area.startswith(f"{desk}.")):
        written.wrong.add("area")
    officer = Officer(
        id=officer_id,
        title=written.text("title", 3),
        role=role,
        desk=desk,
        agency=agency if role in WITH_AGENCY else None,
        area=area if role is Role.VILLAGE else None,
    )
    return officer, login
