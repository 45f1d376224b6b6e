"""A dry run of a draft opens only what the draft can touch, finds what deciding everything finds, and stops at no number."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from backend.cases.case import Case, ReportClass
from backend.cases.policy import Policy
from backend.cases.workdays import Holiday, HolidayKind
from backend.cases.workflow import State
from backend.reference.loader import Reference
from backend.usecases.clock import promised_by
from backend.usecases.reach import Reach, reach
from backend.usecases.try_reference import PAGE, TOLD, DryRun, try_reference
from backend.usecases.try_rules import decided
from tests.support.builders import NOW, SANGATTA, a_case
from tests.support.fakes import FakeCases, Store

HOME = "64.08"
WORDS = (
    "jalan provinsi berlubang dekat pasar",
    "lampu jalan mati, jaringan pln putus",
    "atap smpn 2 bocor",
    "obat di rsud habis sejak kemarin",
    "kades minta uang untuk surat tanah",
    "sampah menumpuk di depan gang",
)
Draft = Callable[[Reference], Reference]


def of_policy(change: Callable[[Policy], Policy]) -> Draft:
    return lambda reference: replace(reference, policy=change(reference.policy))


def without_rule(policy: Policy) -> Policy:
    n = next(n for n, rule in enumerate(policy.rules) if rule.issue == "jalan_rusak")
    return replace(policy, rules=(*policy.rules[:n], *policy.rules[n + 1 :]))


def turned_around(policy: Policy) -> Policy:
    return replace(policy, rules=policy.rules[::-1])


def without_offices(policy: Policy) -> Policy:
    return replace(
        policy, agencies=tuple(one for one in policy.agencies if not one.code.startswith("dishub"))
    )


def renamed(policy: Policy) -> Policy:
    return replace(policy, agencies=tuple(replace(one, name=f"Kantor {one.name}") for one in policy.agencies))


def without_signs(policy: Policy) -> Policy:
    return replace(policy, signs=replace(policy.signs, signs=()))


def longer_limits(reference: Reference) -> Reference:
    return replace(reference, limits=tuple(replace(one, amount=one.amount + 2) for one in reference.limits))


def a_holiday(reference: Reference) -> Reference:
    day = Holiday(date(2026, 11, 26), "Hari jadi", HolidayKind.REGIONAL, "SK", HOME)
    return replace(reference, holidays=(*reference.holidays, day))


def an_issue_of_oversight(reference: Reference) -> Reference:
    issues = {**reference.issues, "sampah": replace(reference.issues["sampah"], is_oversight=True)}
    return replace(reference, issues=issues)


DRAFTS: dict[str, Draft] = {
    "nothing": lambda reference: reference,
    "a rule goes": of_policy(without_rule),
    "the order of rules": of_policy(turned_around),
    "an office goes": of_policy(without_offices),
    "offices get other names": of_policy(renamed),
    "signs go": of_policy(without_signs),
    "limits": longer_limits,
    "a holiday": a_holiday,
    "an issue": an_issue_of_oversight,
    "a rule and a holiday": lambda reference: a_holiday(of_policy(without_rule)(reference)),
}


def register(reference: Reference) -> FakeCases:
    """Every issue, in several words, states and classes; one case of an issue that is no longer in the catalogue."""
    store = Store()
    codes = [*reference.issues, "gone"]
    for n in range(1, 3 * len(codes) + 1):
        case = a_case(
            n,
            at=NOW - timedelta(hours=n),
            issue=codes[n % len(codes)],
            description=WORDS[n % len(WORDS)],
            place=replace(SANGATTA, village_code="64.08.04.2001" if n % 2 else None),
            state=State.ARCHIVED if n % 3 == 0 else State.RECEIVED,
            report_class=list(ReportClass)[n % 3],
        )
        store.cases[case.id] = case
    return FakeCases(store)


class Watched(FakeCases):
    """Remembers what was opened."""

    opened: list[Case]

    async def filed_since(
        self, since: datetime, before: Case | None = None, limit: int = PAGE, among: Reach | None = None
    ) -> tuple[Case, ...]:
        page = await super().filed_since(since, before, limit, among)
        self.opened = [*getattr(self, "opened", []), *page]
        return page


def found(trial: DryRun) -> tuple[object, ...]:
    return trial.n_cases, trial.n_changes, trial.n_dates, trial.pairs, trial.changes, trial.dates


@pytest.mark.parametrize("name", DRAFTS)
async def test_it_finds_what_deciding_every_case_finds(reference: Reference, name: str) -> None:
    cases, changed = register(reference), DRAFTS[name](reference)
    trial = await try_reference(reference, changed, cases, HOME, NOW)
    on = reference.today(NOW, HOME)
    moved, dated = set(), set()
    for case in await cases.filed_since(NOW - timedelta(days=90), limit=10_000):
        now, then = decided(case, reference, HOME, on), decided(case, changed, HOME, on)
        if (now.level, now.agency, now.forward_to) != (then.level, then.agency, then.forward_to):
            moved.add(case.number)
        if not case.is_closed and promised_by(case, reference).on != promised_by(case, changed).on:
            dated.add(case.number)
    assert (trial.n_changes, trial.n_dates) == (len(moved), len(dated))
    assert sum(trial.pairs.values()) == trial.n_changes
    assert {one.number for one in trial.changes} <= moved and {one.number for one in trial.dates} <= dated
    assert (len(trial.changes), len(trial.dates)) == (min(TOLD, len(moved)), min(TOLD, len(dated)))


def test_only_what_decides_is_in_reach(reference: Reference) -> None:
    reached = {name: reach(reference, draft(reference)) for name, draft in DRAFTS.items()}
    assert reached["nothing"].is_nothing and reached["offices get other names"].is_nothing
    assert reached["a rule goes"] == Reach(frozenset({"jalan_rusak"}), dates=False)
    assert reached["an issue"] == Reach(frozenset({"sampah"}), dates=False)
    assert reached["a holiday"] == reached["limits"] == Reach(frozenset(), dates=True)
    assert reached["an office goes"].issues is reached["signs go"].issues is None


async def test_a_case_that_cannot_be_touched_is_not_opened(reference: Reference) -> None:
    cases = Watched(register(reference)._store)
    trial = await try_reference(reference, DRAFTS["a rule goes"](reference), cases, HOME, NOW)
    assert {one.issue for one in cases.opened} == {"jalan_rusak"}
    assert trial.n_opened == trial.n_to_open == len(cases.opened) < trial.n_cases


async def test_it_stops_at_no_number_and_says_how_far_it_is(reference: Reference) -> None:
    store, heard = Store(), list[int]()
    for n in range(1, 5 * PAGE + 2):
        case = a_case(n, at=NOW - timedelta(minutes=n), issue="sampah")
        store.cases[case.id] = case

    async def told(trial: DryRun) -> None:
        heard.append(trial.n_opened)
        await asyncio.sleep(0)

    trial = await try_reference(reference, DRAFTS["limits"](reference), FakeCases(store), HOME, NOW, told)
    assert heard == [PAGE, 2 * PAGE, 3 * PAGE, 4 * PAGE, 5 * PAGE, 5 * PAGE + 1]
    assert trial.n_dates == trial.n_cases == 5 * PAGE + 1 and len(trial.dates) == TOLD
