"""Working days and promised dates, on the real calendar: every row names its weekday and the holiday it meets."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from backend.cases.case import Actor, DuePromise, ReportClass
from backend.cases.sla import NoLimit, Question, extended, find_limit, is_overdue, pauses_of, promise
from backend.cases.workdays import Calendar, Zone, add_workdays, local_date, n_workdays_between
from backend.cases.workflow import Mover, State, Step
from backend.reference.loader import load
from tests.support.builders import WITA, a_case

REFERENCE = load()
KUTIM, KOTIM = "64.08", "62.02"
COMPLAINT, INFORMATION = ReportClass.COMPLAINT, ReportClass.INFORMATION_REQUEST

STEPS = [
    ("Monday + 1 is Tuesday", "2026-11-23", 1, "2026-11-24"),
    ("Friday + 1 skips the weekend", "2026-11-20", 1, "2026-11-23"),
    ("Saturday + 1 is Monday", "2026-11-21", 1, "2026-11-23"),
    ("Sunday + 1 is Monday", "2026-11-22", 1, "2026-11-23"),
    (
        "Wednesday before Christmas skips cuti bersama, Christmas and the weekend",
        "2026-12-23",
        1,
        "2026-12-28",
    ),
    ("Thursday before New Year skips Friday 1 January", "2026-12-31", 1, "2027-01-04"),
    ("Tuesday before Nyepi and Idulfitri skips a week", "2026-03-17", 1, "2026-03-25"),
    ("Thursday before Good Friday is Monday", "2026-04-02", 1, "2026-04-06"),
    ("Thursday before 1 May, a Friday", "2026-04-30", 1, "2026-05-04"),
    ("Wednesday before Ascension skips its cuti bersama too", "2026-05-13", 1, "2026-05-18"),
    ("Friday before Monday 17 August", "2026-08-14", 1, "2026-08-18"),
    ("0 workdays stay where they are", "2026-11-23", 0, "2026-11-23"),
]


@pytest.mark.parametrize(("start", "n", "end"), [row[1:] for row in STEPS], ids=[row[0] for row in STEPS])
def test_workdays(start: str, n: int, end: str) -> None:
    assert add_workdays(date.fromisoformat(start), n, REFERENCE.calendar(KUTIM)) == date.fromisoformat(end)


def test_counting_is_the_inverse_of_adding() -> None:
    calendar = REFERENCE.calendar(KUTIM)
    for n in range(1, 80):
        start = date(2026, 2, 27)
        assert n_workdays_between(start, add_workdays(start, n, calendar), calendar) == n


def test_counting_agrees_with_looking_at_every_day() -> None:
    own = replace(REFERENCE.calendar(KUTIM), fixed={(2, 29): "kabisat", (8, 17): "merdeka", (1, 1): "baru"})
    by_chance = Random(8)
    for calendar in (REFERENCE.calendar(KUTIM), own, Calendar()):
        for _ in range(400):
            start = date(2023, 1, 1) + timedelta(days=by_chance.randrange(2500))
            end = start + timedelta(days=by_chance.randrange(-30, 1500))
            days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
            assert n_workdays_between(start, end, calendar) == sum(map(calendar.is_workday, days)), (
                start,
                end,
            )


PROMISES = [
    ("complaint on Monday: 14 workdays, Friday", KUTIM, COMPLAINT, False, "2026-11-23", "2026-12-11"),
    ("information on Monday: 5 workdays, Monday", KUTIM, INFORMATION, False, "2026-11-23", "2026-11-30"),
    (
        "aspiration on Friday: 5 workdays, Friday",
        KUTIM,
        ReportClass.ASPIRATION,
        False,
        "2026-11-20",
        "2026-11-27",
    ),
    ("oversight on Monday: 60 workdays over Christmas", KOTIM, COMPLAINT, True, "2026-11-23", "2027-02-22"),
    (
        "Nyepi, Idulfitri and Good Friday make 14 workdays four weeks long",
        KUTIM,
        COMPLAINT,
        False,
        "2026-03-16",
        "2026-04-13",
    ),
    (
        "oversight is not shortened by Kutai Timur's 30 days",
        KUTIM,
        COMPLAINT,
        True,
        "2026-11-23",
        "2027-02-22",
    ),
    ("Christmas information request on Tuesday", KUTIM, INFORMATION, False, "2026-12-22", "2026-12-31"),
]


@pytest.mark.parametrize(
    ("area", "report_class", "oversight", "filed", "due"),
    [row[1:] for row in PROMISES],
    ids=[row[0] for row in PROMISES],
)
def test_promised_dates(area: str, report_class: ReportClass, oversight: bool, filed: str, due: str) -> None:
    about = Question(report_class, oversight, area)
    promised = promise(REFERENCE.limits, about, date.fromisoformat(filed), REFERENCE.calendar(area))
    assert promised.on == date.fromisoformat(due)
    assert promised.legal_source
    assert not promised.provisional


def test_the_outer_promise_shortens_and_never_lengthens() -> None:
    about = Question(COMPLAINT, False, KUTIM)
    outer = find_limit(REFERENCE.limits, Step.ANSWER, about, date(2026, 11, 23), outer=True)
    assert outer
    assert (
        find_limit(
            REFERENCE.limits, Step.ANSWER, Question(COMPLAINT, False, KOTIM), date(2026, 11, 23), outer=True
        )
        is None
    )
    short = [outer.__class__(**{**outer.__dict__, "amount": 7}), *REFERENCE.limits]
    promised = promise(short, about, date(2026, 11, 23), REFERENCE.calendar(KUTIM))
    assert promised.on == date(2026, 11, 30)
    assert promised.legal_source == outer.legal_source


def test_a_year_without_a_decree_is_provisional_and_still_answers() -> None:
    about = Question(COMPLAINT, False, KUTIM)
    promised = promise(REFERENCE.limits, about, date(2031, 8, 14), REFERENCE.calendar(KUTIM))
    assert promised.provisional
    assert promised.on == date(2031, 9, 3)  # weekends apart, only Sunday 17 August is known: it costs nothing


def test_fixed_holidays_count_in_an_unknown_year() -> None:
    assert not REFERENCE.calendar(KUTIM).is_workday(date(2032, 8, 17))  # a Tuesday
    assert REFERENCE.calendar(KUTIM).is_workday(date(2032, 8, 18))


def test_a_promise_over_new_year_is_provisional_when_the_next_year_is_unknown() -> None:
    calendar = Calendar(known_years=frozenset({2026}))
    promised = promise(REFERENCE.limits, Question(COMPLAINT, False, KOTIM), date(2026, 12, 28), calendar)
    assert promised.provisional


def test_a_gap_in_the_policy_is_named() -> None:
    with pytest.raises(NoLimit):
        promise((), Question(COMPLAINT, False, KUTIM), date(2026, 11, 23), Calendar())


@pytest.mark.parametrize(
    ("zone", "day"),
    [(Zone.WIB, "2026-11-22"), (Zone.WITA, "2026-11-23"), (Zone.WIT, "2026-11-23")],
    ids=["WIB: still Sunday", "WITA: already Monday", "WIT: already Monday"],
)
def test_the_day_is_that_of_the_regency(zone: Zone, day: str) -> None:
    assert local_date(datetime(2026, 11, 22, 16, 30, tzinfo=UTC), zone) == date.fromisoformat(day)


def _waiting_case():
    desk = Actor(Mover.DESK)
    case = a_case().moved_to(State.IN_VERIFICATION, desk, datetime(2026, 11, 24, 9, tzinfo=WITA))
    return case.moved_to(
        State.AWAITING_REPORTER, desk, datetime(2026, 11, 26, 9, tzinfo=WITA), "di mana tepatnya?"
    )


def test_a_pause_moves_the_promise_on_by_its_workdays() -> None:
    waiting = _waiting_case()
    answered = waiting.moved_to(
        State.IN_VERIFICATION, Actor(Mover.REPORTER), datetime(2026, 12, 1, 9, tzinfo=WITA)
    )
    pauses = pauses_of(answered, Zone.WITA)
    assert [(pause.start, pause.end) for pause in pauses] == [(date(2026, 11, 26), date(2026, 12, 1))]
    due, calendar = DuePromise(date(2026, 12, 11), "tes"), REFERENCE.calendar(KUTIM)
    assert extended(due, pauses, date(2026, 12, 5), calendar, 10).on == date(2026, 12, 16)


def test_an_open_pause_counts_until_today_and_never_beyond_its_cap() -> None:
    pauses = pauses_of(_waiting_case(), Zone.WITA)
    due, calendar = DuePromise(date(2026, 12, 11), "tes"), REFERENCE.calendar(KUTIM)
    assert extended(due, pauses, date(2026, 11, 27), calendar, 10).on == date(2026, 12, 14)
    assert extended(due, pauses, date(2027, 6, 1), calendar, 10).on == add_workdays(due.on, 10, calendar)


def test_overdue_begins_the_day_after_and_ends_with_closing() -> None:
    due = date(2026, 12, 11)
    assert not is_overdue(due, due, is_closed=False)
    assert is_overdue(due, date(2026, 12, 12), is_closed=False)
    assert not is_overdue(due, date(2026, 12, 12), is_closed=True)
