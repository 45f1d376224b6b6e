"""No published figure lets anybody work out a count below five: checked against every table chance can make."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backend.cases.suppression import LEAST, poured, share

CELLS = st.dictionaries(st.text(min_size=1, max_size=4), st.integers(0, 60), max_size=12)


@given(CELLS)
def test_every_shown_cell_and_what_is_poured_together_is_large_enough(cells: dict[str, int]) -> None:
    shown, hidden = poured(cells)
    assert all(n >= LEAST for n in shown.values())
    rest = sum(cells.values()) - sum(shown.values())
    assert rest == sum(cells[name] for name in hidden)
    assert rest == 0 or rest >= LEAST or not shown


@given(CELLS)
def test_nothing_is_poured_that_need_not_be(cells: dict[str, int]) -> None:
    shown, hidden = poured(cells)
    if all(n == 0 or n >= LEAST for n in cells.values()):
        assert hidden == () and shown == {name: n for name, n in cells.items() if n}


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_share_fits_several_counts_or_is_not_said(part: int, whole: int) -> None:
    part = min(part, whole)
    said = share(part, whole)
    if said is None:
        assert whole < 4 * LEAST
        return
    fitting = [n for n in range(whole + 1) if share(n, whole) == said]
    assert part in fitting and said % 5 == 0
