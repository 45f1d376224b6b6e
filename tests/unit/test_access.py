"""Who sees which case: a small table read against `security.md`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.cases.access import ACTS, Act, Officer, Role, has, may, may_see
from backend.cases.case import Case, IdentityLevel
from tests.support.builders import a_case

DESK = "64.08"


def officer(role: Role, agency: str | None = None, desk: str = DESK) -> Officer:
    return Officer(f"p-{role}-{agency}", role.value, role, desk, agency)


@pytest.fixture
def case() -> Case:
    return a_case()


def test_every_role_is_listed() -> None:
    assert set(ACTS) == set(Role)


@pytest.mark.parametrize(
    ("role", "own", "other_agency", "sensitive", "oversight"),
    [
        (Role.ADMIN, True, True, True, False),
        (Role.VERIFIER, True, True, False, False),
        (Role.LEADER, True, True, False, False),
        (Role.AGENCY, True, False, False, False),
        (Role.LIAISON, True, False, False, False),
        (Role.INSPECTOR, False, False, False, True),
        (Role.LANGUAGE, False, False, False, False),
        (Role.VILLAGE, False, False, False, False),
        (Role.AUDITOR, False, False, False, False),
    ],
)
def test_who_sees_what(
    case: Case, role: Role, own: bool, other_agency: bool, sensitive: bool, oversight: bool
) -> None:
    at_home = case.assignment.agency if role is not Role.INSPECTOR else f"inspektorat-{DESK}"
    elsewhere = officer(role, "dinkes-64.08" if role is not Role.INSPECTOR else f"inspektorat-{DESK}")
    assert may_see(officer(role, at_home), case) is own
    assert may_see(elsewhere, case) is other_agency
    assert may_see(officer(role, at_home), replace(case, sensitive=True)) is sensitive
    assert may_see(officer(role, at_home), replace(case, sensitive=True, oversight=True)) is oversight


def test_another_regency_sees_nothing(case: Case) -> None:
    for role in Role:
        assert not may_see(officer(role, case.assignment.agency, "62.02"), case)


def test_an_officer_who_was_given_a_sensitive_case_sees_it(case: Case) -> None:
    handler = officer(Role.AGENCY, case.assignment.agency)
    assert may_see(handler, replace(case, sensitive=True), frozenset({handler.id}))


def test_an_anonymous_reporter_cannot_be_revealed(case: Case) -> None:
    admin = officer(Role.ADMIN)
    assert may(admin, Act.REVEAL_IDENTITY, case)
    hidden = replace(case, identity_level=IdentityLevel.ANONYMOUS)
    assert not may(admin, Act.REVEAL_IDENTITY, hidden)
    assert not has(officer(Role.VERIFIER), Act.REVEAL_IDENTITY)
