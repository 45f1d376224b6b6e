"""Figures for everybody: no published number lets anybody work out a smaller one than `LEAST`.

Small cells are not blanked out but poured together, so that the total stays true and nothing can be found by subtraction; and the
periods that are published never overlap, so that one table minus another says nothing (statistical disclosure control: Hundepool et
al., Statistical Disclosure Control, 2012, ch. 4).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

LEAST = 5


def poured[Name: Hashable](
    cells: Mapping[Name, int], least: int = LEAST
) -> tuple[dict[Name, int], tuple[Name, ...]]:
    """(cells that may be shown, names whose counts were poured together).

    The poured ones together are at least `least` too: if they were fewer, the smallest shown cells are poured as well. If all cells together
    are fewer, nothing is shown. Empty cells are never shown.

    >>> poured({"jalan": 40, "sampah": 9, "air": 3, "listrik": 1})
    ({'jalan': 40}, ('sampah', 'air', 'listrik'))
    >>> poured({"jalan": 40, "sampah": 9})
    ({'jalan': 40, 'sampah': 9}, ())
    """
    full = {name: n for name, n in cells.items() if n > 0}
    shown = {name: n for name, n in full.items() if n >= least}
    hidden = sum(full.values()) - sum(shown.values())
    while 0 < hidden < least and shown:
        smallest = min(shown, key=lambda name: shown[name])
        hidden += shown.pop(smallest)
    return shown, tuple(name for name in full if name not in shown)


def share(part: int, whole: int, step: int = 5) -> int | None:
    """Percent in steps of `step`, or None when the whole is too small to speak of: counts cannot be worked out of it.

    >>> share(7, 20), share(3, 4)
    (35, None)
    """
    if whole < 4 * LEAST:
        return None
    return round(100 * part / whole / step) * step
