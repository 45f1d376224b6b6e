"""Figures for everybody: no published number lets anybody work out a smaller one than `LEAST`.

* Small cells are not blanked out but poured together, so that the total stays true and nothing can be found by subtraction (statistical
  disclosure control: Hundepool et al., Statistical Disclosure Control, 2012, ch. 4).
* Cases that were filed openly are listed one by one elsewhere (Open311), so whoever subtracts them from a cell knows how many are not
  listed: these are none or many, too, in every cell.
* A share stands for at least `LEAST` possible counts, at both ends as well.
* Periods never overlap, and a published period is never counted again: one day minus another says nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

LEAST = 5
# Steps that a share may be told in, the finest first.
STEPS = (5, 10, 25)


@dataclass(frozen=True)
class Amount:
    """`n` cases, of which `hidden` are listed nowhere."""

    n: int
    hidden: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.n + other.n, self.hidden + other.hidden)

    def is_safe(self, least: int = LEAST) -> bool:
        """Nobody stands in a crowd that is too small.

        >>> Amount(12).is_safe(), Amount(12, 2).is_safe(), Amount(12, 12).is_safe(), Amount(3).is_safe()
        (True, False, True, False)
        """
        return self.n >= least and (self.hidden == 0 or self.hidden >= least)


def poured[Name: Hashable](
    cells: Mapping[Name, Amount | int], least: int = LEAST
) -> tuple[dict[Name, int], tuple[Name, ...]]:
    """(cells that may be shown, names whose counts were poured together).

    The poured ones together are safe too: if they were not, the smallest shown cells are poured as well. If all cells together are not
    safe, nothing is shown. Empty cells are never shown.

    >>> poured({"jalan": 40, "sampah": 9, "air": 3, "listrik": 1})
    ({'jalan': 40}, ('sampah', 'air', 'listrik'))
    >>> poured({"jalan": 40, "sampah": 9})
    ({'jalan': 40, 'sampah': 9}, ())
    >>> poured({"jalan": Amount(40), "sampah": Amount(9, 2)})
    ({}, ('jalan', 'sampah'))
    """
    known = {name: Amount(one) if isinstance(one, int) else one for name, one in cells.items()}
    full = {name: one for name, one in known.items() if one.n > 0}
    shown = {name: one for name, one in full.items() if one.is_safe(least)}
    rest = sum((one for name, one in full.items() if name not in shown), Amount(0))
    while rest.n > 0 and not rest.is_safe(least) and shown:
        smallest = min(shown, key=lambda name: shown[name].n)
        rest += shown.pop(smallest)
    return {name: one.n for name, one in shown.items()}, tuple(name for name in full if name not in shown)


@dataclass(frozen=True)
class Share:
    """Percent in round steps; the lowest and the highest that may be told say "at most" and "at least"."""

    percent: int
    bound: str = ""

    def __str__(self) -> str:
        return f"{self.bound}{self.percent}"


AT_MOST, AT_LEAST = "≤", "≥"


def share(part: int, whole: int) -> Share | None:
    """How much of it, so coarse that at least `LEAST` counts fit; None when the whole is too small to speak of.

    >>> str(share(7, 20)), str(share(43, 100)), str(share(99, 100)), share(3, 4)
    ('≤25', '45', '≥95', None)
    """
    step = next((one for one in STEPS if one * whole >= 100 * LEAST), None)
    if step is None:
        return None
    percent = int(100 * part / whole / step + 0.5) * step
    if percent <= step:
        return Share(step, AT_MOST)
    if percent >= 100 - step:
        return Share(100 - step, AT_LEAST)
    return Share(percent)
