"""The rows that decide whose job something is, as one value: rules, offices, lanes for oversight, questions and signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from backend.cases.case import Level
from backend.cases.catalogue import Issue
from backend.cases.routing import CatchAll, Clarification, Rule
from backend.cases.signs import Signs

EVERYWHERE = "id"


@dataclass(frozen=True)
class Agency:
    """An office. `code` is `<role>-<area>`; `area` a regency, a province, or `id` for a national body without a local
    office; `owner` one of pemerintah, instansi_vertikal, bumn, bumd, desa, swasta, lembaga_independen."""

    code: str
    role: str
    area: str
    name: str
    level: Level
    owner: str
    contact: str
    source: str
    valid_from: date = date.min
    valid_until: date = date.max


@dataclass(frozen=True)
class OversightLane:
    """Who looks into complaints about an office of this level; rows are tried in order."""

    level: Level
    role: str
    reason: str
    source: str


@dataclass(frozen=True)
class Policy:
    """Everything that decides, as rows. `desks` maps a served regency to its catch-all office's code; `elsewhere` is the reason
    given when the place is not served, `one_up` when an office must not judge itself."""

    rules: tuple[Rule, ...]
    agencies: tuple[Agency, ...]
    lanes: tuple[OversightLane, ...]
    clarifications: Mapping[str, Clarification]
    desks: Mapping[str, str]
    catch_all: CatchAll
    elsewhere: str
    signs: Signs
    one_up: str

    def agency_for(self, role: str, area: str, on: date) -> Agency | None:
        """The office with this role that serves the area: the regency's own, then the province's, then the national one."""
        for wanted in (area, area[:2], EVERYWHERE):
            for agency in self.agencies:
                if (
                    agency.role == role
                    and agency.area == wanted
                    and agency.valid_from <= on <= agency.valid_until
                ):
                    return agency
        return None

    def agency(self, code: str, on: date) -> Agency | None:
        """The office with this code under the name that is valid on that day, else its latest name."""
        named = [agency for agency in self.agencies if agency.code == code]
        valid = [agency for agency in named if agency.valid_from <= on <= agency.valid_until]
        found = valid or named
        return found[-1] if found else None

    def readable(self, issue: Issue) -> frozenset[str]:
        """The attributes that some rule of this issue asks about."""
        names = {name for rule in self.rules if rule.is_about(issue.code) for name in rule.when}
        return frozenset(names | ({issue.asks} if issue.asks else set()))
