"""No published figure lets anybody work out a count below five: checked against every table chance can make, with everything that is
public put together: both tables, the total, the shares, and the cases that are listed one by one elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.cases.suppression import LEAST, Amount, Share, poured, share
from backend.usecases.barometer import Barometer, Line, barometer

CELLS = st.dictionaries(
    st.text(min_size=1, max_size=4),
    st.integers(0, 60).flatmap(lambda n: st.builds(Amount, st.just(n), st.integers(0, n))),
    max_size=12,
)


@given(CELLS)
def test_every_shown_cell_and_what_is_poured_together_is_safe(cells: dict[str, Amount]) -> None:
    shown, hidden = poured(cells)
    assert all(cells[name].is_safe() and cells[name].n == n for name, n in shown.items())
    rest = sum((cells[name] for name in hidden), Amount(0))
    assert sum(cells.values(), Amount(0)).n == rest.n + sum(shown.values())
    assert rest.n == 0 or rest.is_safe() or not shown


@given(CELLS)
def test_nothing_is_poured_that_need_not_be(cells: dict[str, Amount]) -> None:
    shown, hidden = poured(cells)
    if all(one.n == 0 or one.is_safe() for one in cells.values()):
        assert hidden == () and shown == {name: one.n for name, one in cells.items() if one.n}


def fitting(said: Share | None, whole: int) -> tuple[int, int]:
    """The smallest and the largest count that a share may stand for; any, when none was told."""
    if said is None:
        return 0, whole
    counts = [part for part in range(whole + 1) if share(part, whole) == said]
    assert counts == list(range(counts[0], counts[-1] + 1))
    return counts[0], counts[-1]


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_share_fits_at_least_five_counts_or_is_not_said(part: int, whole: int) -> None:
    part = min(part, whole)
    said = share(part, whole)
    low, high = fitting(said, whole)
    assert low <= part <= high
    assert said is None or high - low + 1 >= LEAST
    assert said is not None or whole < 4 * LEAST


@dataclass(frozen=True)
class Filed:
    """As `backend.persistence.figures.Count`."""

    issue: str
    district_code: str | None
    days: int | None
    done: bool
    rating: int | None
    hidden: bool
    n: int


CASES = st.lists(
    st.builds(
        Filed,
        issue=st.sampled_from("jalan sampah air listrik sekolah anak".split()),
        district_code=st.sampled_from(["01", "02", "03", None]),
        days=st.none() | st.integers(0, 30),
        done=st.booleans(),
        rating=st.none() | st.integers(1, 5),
        hidden=st.integers(0, 9).map(lambda one: one == 0),
        n=st.integers(1, 25),
    ),
    max_size=30,
)


def tables(told: Barometer) -> Sequence[tuple[str, Sequence[Line]]]:
    return ("issue", told.by_issue), ("district_code", told.by_district)


@settings(max_examples=400, deadline=None)
@given(CASES)
def test_whoever_subtracts_the_listed_cases_finds_none_or_many(filed: list[Filed]) -> None:
    told = barometer(filed, str, str)
    if told.total is None:
        assert told == Barometer()
        return
    listed = sum(one.n for one in filed if not one.hidden)
    assert told.total.n - listed in (0, *range(LEAST, 10**4))
    for column, lines in tables(told):
        known: Counter[str] = Counter()
        for one in filed:
            known[str(getattr(one, column))] += 0 if one.hidden else one.n
        assert sum(line.n for line in lines) == told.total.n
        elsewhere = listed
        for line in lines:
            assert line.n >= LEAST
            if line.name is not None:
                elsewhere -= known[line.name]
                assert line.n - known[line.name] in (0, *range(LEAST, 10**4))
            else:
                assert line.n - elsewhere in (0, *range(LEAST, 10**4))


@settings(max_examples=400, deadline=None)
@given(CASES)
def test_no_share_of_any_cell_is_pinned_below_five(filed: list[Filed]) -> None:
    """Each cell's count lies between bounds; those of the total and of the other cells narrow them, in both tables at once."""
    told = barometer(filed, str, str)
    if told.total is None:
        return
    for name in ("answered", "done"):
        whole = fitting(getattr(told.total, name), told.total.n)
        for _ in range(3):
            for _, lines in tables(told):
                bounds = [fitting(getattr(line, name), line.n) for line in lines]
                whole = (
                    max(whole[0], sum(low for low, _ in bounds)),
                    min(whole[1], sum(high for _, high in bounds)),
                )
        for _, lines in tables(told):
            bounds = [fitting(getattr(line, name), line.n) for line in lines]
            for n, line in enumerate(lines):
                others = bounds[:n] + bounds[n + 1 :]
                low = max(bounds[n][0], whole[0] - sum(high for _, high in others))
                high = min(bounds[n][1], whole[1] - sum(low for low, _ in others))
                for part in ({*range(low, high + 1)}, {line.n - one for one in range(low, high + 1)}):
                    assert not part <= set(range(1, LEAST)), (name, line, part)


@given(CASES)
def test_it_comes_back_from_where_it_is_kept(filed: list[Filed]) -> None:
    told = barometer(filed, str, str)
    assert Barometer.from_data(told.as_data()) == told
