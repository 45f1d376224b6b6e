"""What an officer may see of a case and do with it: the only way to a case from the desk. Default is no.

Sources: `security.md` of the design (who asks, sees what), `domain.md` (roles), UU 25/2009 (a complaint is not handled by the one
complained about).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from backend.cases.case import Case, IdentityLevel
from backend.cases.workflow import Mover


class Role(StrEnum):
    """Roles of the desk; the words are those of the regencies."""

    ADMIN = "admin_induk"
    VERIFIER = "verifikator"
    AGENCY = "narahubung"
    LIAISON = "pejabat_penghubung"
    INSPECTOR = "inspektorat"
    LEADER = "pimpinan"
    LANGUAGE = "peninjau_bahasa"
    VILLAGE = "operator_desa"
    AUDITOR = "auditor"


class Act(StrEnum):
    """What an officer may want to do; each page and each button names one."""

    SEE_CASES = "see_cases"
    REVEAL_IDENTITY = "reveal_identity"
    VERIFY = "verify"
    ASSIGN = "assign"
    HANDLE = "handle"
    ANSWER = "answer"
    APPROVE = "approve"
    REPLY = "reply"
    NOTE = "note"
    MERGE = "merge"
    REDACT = "redact"
    OPEN_ORIGINAL = "open_original"
    MANAGE_OFFICERS = "manage_officers"
    EDIT_REFERENCE = "edit_reference"
    REVIEW_LANGUAGE = "review_language"
    FILE_FOR_OTHERS = "file_for_others"
    READ_AUDIT = "read_audit"
    SEE_FIGURES = "see_figures"
    EXPORT = "export"
    HAND_ON = "hand_on"
    MANAGE_CONNECTIONS = "manage_connections"
    SEE_CONDITION = "see_condition"


_DESK = frozenset(
    {
        Act.SEE_CASES,
        Act.VERIFY,
        Act.ASSIGN,
        Act.REPLY,
        Act.NOTE,
        Act.MERGE,
        Act.REDACT,
        Act.OPEN_ORIGINAL,
        Act.SEE_FIGURES,
        Act.EXPORT,
        Act.HAND_ON,
        Act.SEE_CONDITION,
    }
)
_AGENCY = frozenset(
    {Act.SEE_CASES, Act.HANDLE, Act.ANSWER, Act.REPLY, Act.NOTE, Act.REDACT, Act.SEE_FIGURES, Act.EXPORT}
)

ACTS: dict[Role, frozenset[Act]] = {
    Role.ADMIN: _DESK
    | {
        Act.REVEAL_IDENTITY,
        Act.MANAGE_OFFICERS,
        Act.EDIT_REFERENCE,
        Act.REVIEW_LANGUAGE,
        Act.MANAGE_CONNECTIONS,
    },
    Role.VERIFIER: _DESK,
    Role.AGENCY: _AGENCY,
    Role.LIAISON: _AGENCY | {Act.APPROVE},
    Role.INSPECTOR: _AGENCY | {Act.APPROVE, Act.REVEAL_IDENTITY, Act.OPEN_ORIGINAL, Act.VERIFY, Act.ASSIGN},
    Role.LEADER: frozenset({Act.SEE_CASES, Act.SEE_FIGURES, Act.SEE_CONDITION}),
    Role.LANGUAGE: frozenset({Act.REVIEW_LANGUAGE}),
    Role.VILLAGE: frozenset({Act.FILE_FOR_OTHERS}),
    Role.AUDITOR: frozenset({Act.READ_AUDIT}),
}

# Acts that do not need a case in view.
WITHOUT_CASE = frozenset(
    {
        Act.MANAGE_OFFICERS,
        Act.EDIT_REFERENCE,
        Act.REVIEW_LANGUAGE,
        Act.FILE_FOR_OTHERS,
        Act.READ_AUDIT,
        Act.SEE_FIGURES,
        Act.MANAGE_CONNECTIONS,
        Act.EXPORT,
        Act.SEE_CONDITION,
    }
)

# What somebody who stands in may do in the absent officer's place: the work on cases. Who reporters are, figures, rows, accounts and the
# audit stay with those who hold them.
HANDED_ON = frozenset(
    {
        Act.SEE_CASES,
        Act.VERIFY,
        Act.ASSIGN,
        Act.HANDLE,
        Act.ANSWER,
        Act.APPROVE,
        Act.REPLY,
        Act.NOTE,
        Act.MERGE,
        Act.REDACT,
        Act.OPEN_ORIGINAL,
        Act.HAND_ON,
    }
)

_WHOLE_DESK = frozenset({Role.ADMIN, Role.VERIFIER, Role.LEADER})


@dataclass(frozen=True)
class Absent:
    """The position that somebody works in the place of: its id and title, the role which the one who stands in has anyway, and the
    last day of it."""

    id: str
    title: str
    own_role: Role
    last_day: date


@dataclass(frozen=True)
class Officer:
    """A position, not a person: `id` is the position's random id, `title` what people call it, `desk` the regency's Kemendagri
    code, `agency` a code of `agencies.csv` (None for roles of the whole desk), `area` a district or village code that narrows a
    village operator's view. In the place of somebody absent (`stands_for`) the id is still of the one who works; role, agency and area
    are the absent one's."""

    id: str
    title: str
    role: Role
    desk: str
    agency: str | None = None
    area: str | None = None
    stands_for: Absent | None = None

    @property
    def seat(self) -> str:
        """The position whose cases these are: the own one, or the absent one's."""
        return self.stands_for.id if self.stands_for else self.id

    @property
    def mover(self) -> Mover:
        """As whom this officer moves a case by the table of moves."""
        return Mover.DESK if self.role in {Role.ADMIN, Role.VERIFIER} else Mover.AGENCY

    @property
    def whole_desk(self) -> bool:
        """Sees the ordinary cases of every agency of the regency."""
        return self.role in _WHOLE_DESK


def has(officer: Officer, act: Act) -> bool:
    """Whether the role has this act at all.

    >>> has(Officer("p1", "Admin", Role.ADMIN, "64.08"), Act.ASSIGN)
    True
    """
    return act in ACTS[officer.role] and (officer.stands_for is None or act in HANDED_ON)


def opens_sealed(officer: Officer, role: Role) -> bool:
    """Whether the lane of sealed cases that belongs to a role is this officer's. It is not handed on: who stands in needs the role himself."""
    return officer.role is role and (officer.stands_for is None or officer.stands_for.own_role is role)


def may_see(officer: Officer, case: Case, assigned: frozenset[str] = frozenset()) -> bool:
    """Whether the case exists for this officer; a case that may not be seen answers "not found".

    A case of the oversight lane is seen by the inspectorate, another sensitive one by the admin induk, who gives it to somebody; both also by
    officers `assigned` by name (position ids), never by an office that only handles the matter: it may be whom the report is about. A name on a sealed case is meant for that person, not for who stands in.
    """
    if not has(officer, Act.SEE_CASES) or case.desk != officer.desk:
        return False
    lane = case.oversight or case.assignment.oversight_lane
    if officer.seat in assigned and not (officer.stands_for and (lane or case.sensitive)):
        return True
    if lane:
        return opens_sealed(officer, Role.INSPECTOR)
    if case.sensitive:
        return opens_sealed(officer, Role.ADMIN)
    if officer.whole_desk:
        return True
    return officer.agency is not None and case.assignment.agency == officer.agency


def may(officer: Officer, act: Act, case: Case, assigned: frozenset[str] = frozenset()) -> bool:
    """Whether the officer may do this to the case: the role has the act, the case is in view, and the case allows it."""
    if not has(officer, act) or not may_see(officer, case, assigned):
        return False
    if act is Act.REVEAL_IDENTITY:
        return case.identity_level is not IdentityLevel.ANONYMOUS
    return True
