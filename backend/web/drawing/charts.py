"""The charts of the desk: bars with their names above them, pairs of columns by month, medians with their ninetieth percentile.

All are 360 units wide, so that one unit is about one pixel on a phone and letters stay readable; on wide screens they stand side by side.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from backend.web.drawing.marks import (
    FILLS,
    LINE,
    TRACK,
    Mark,
    cut,
    drawing,
    element,
    linked,
    number,
    top_of,
    words,
)

WIDTH = 360
ROW, BAR = 44, 14
LONGEST_NAME = 38


def bars(marks: Sequence[Mark], title: str, unit: str) -> Markup:
    """A row for each mark: name and label above, the bar below; `late` is the part drawn in red from the left."""
    most = max((mark.value for mark in marks), default=1) or 1
    parts: list[Markup] = []
    for n, mark in enumerate(marks):
        y = n * ROW
        label = mark.label or f"{number(mark.value)} {unit}"
        inside = [
            element("rect", x=0, y=y, width=WIDTH, height=ROW, fill="none", pointer_events="all"),
            words(cut(mark.name, LONGEST_NAME - max(0, len(label) - 6)), 0, y + 16),
            words(label, WIDTH, y + 16, kind="value", text_anchor="end"),
            element("rect", x=0, y=y + 23, width=WIDTH, height=BAR, rx=3, fill=TRACK, class_="track"),
            _bar(0, y + 23, WIDTH * mark.value / most, "main"),
        ]
        if mark.late:
            inside.append(_bar(0, y + 23, WIDTH * mark.late / most, "late"))
        parts.append(linked(Markup("").join(inside), mark.href, f"{mark.name}: {label}"))
    return drawing(WIDTH, max(1, len(marks)) * ROW, title, parts, links=any(mark.href for mark in marks))


def _bar(x: float, y: float, width: float, fill: str) -> Markup:
    width = max(width, 2.0) if width else 0.0
    return element("rect", x=x, y=y, width=width, height=BAR, rx=3, fill=FILLS[fill], class_=fill)


def spreads(rows: Sequence[tuple[str, int | None, int | None]], title: str, unit: str) -> Markup:
    """Median (filled) and 90th percentile (ring) of each row on one scale of days."""
    known = [(name, median, p90) for name, median, p90 in rows if median is not None and p90 is not None]
    top = top_of([p90 for _, _, p90 in known])
    height = len(known) * ROW + 26
    parts: list[Markup] = []
    for step in (0.0, 0.5, 1.0):
        x = 6 + (WIDTH - 12) * step
        anchor = {0.0: "start", 1.0: "end"}.get(step, "middle")
        parts.append(element("line", x1=x, x2=x, y1=2, y2=height - 20, stroke=LINE, class_="grid"))
        shown = number(top * step) + (f" {unit}" if step == 1.0 else "")
        parts.append(words(shown, x, height - 4, size=12, kind="scale", text_anchor=anchor))
    for n, (name, median, p90) in enumerate(known):
        y, at, far = n * ROW, _on(median, top), _on(p90, top)
        parts += [
            words(cut(name, LONGEST_NAME - 9), 0, y + 16),
            words(f"{number(median)} · {number(p90)}", WIDTH, y + 16, kind="value", text_anchor="end"),
            element(
                "line",
                x1=at,
                x2=far,
                y1=y + 30,
                y2=y + 30,
                stroke=FILLS["second"],
                stroke_width=4,
                class_="reach",
            ),
            element(
                "circle",
                cx=far,
                cy=y + 30,
                r=5,
                fill="#fffdf9",
                stroke=FILLS["main"],
                stroke_width=2.5,
                class_="ring",
            ),
            element("circle", cx=at, cy=y + 30, r=6, fill=FILLS["main"], class_="main"),
        ]
    return drawing(WIDTH, height, title, parts)


def _on(value: float, top: float) -> float:
    return 6 + (WIDTH - 12) * value / top


def pairs(
    groups: Sequence[tuple[str, float, float]], names: tuple[str, str], title: str, unit: str
) -> Markup:
    """Two columns for each group, the first full and the second light, on one scale that begins at zero."""
    left, foot, height = 34, 34, 250
    base, top = height - foot, top_of([max(one, two) for _, one, two in groups])
    room = (WIDTH - left) / max(1, len(groups))
    wide = min(18.0, room * 0.38)
    parts = [
        element("rect", x=left, y=2, width=12, height=12, rx=2, fill=FILLS["main"], class_="main"),
        words(names[0], left + 18, 13, size=13),
        element("rect", x=left + 150, y=2, width=12, height=12, rx=2, fill=FILLS["second"], class_="second"),
        words(names[1], left + 168, 13, size=13),
        words(unit, 0, 34, size=12, kind="scale"),
    ]
    for step in (0.0, 0.5, 1.0):
        y = base - (base - 44) * step
        parts.append(element("line", x1=left, x2=WIDTH, y1=y, y2=y, stroke=LINE, class_="grid"))
        parts.append(words(number(top * step), left - 6, y + 4, size=12, kind="scale", text_anchor="end"))
    for n, (name, one, two) in enumerate(groups):
        x = left + room * (n + 0.5)
        for value, start, fill in ((one, x - wide, "main"), (two, x, "second")):
            tall = (base - 44) * value / top
            parts.append(
                element(
                    "rect",
                    x=start,
                    y=base - tall,
                    width=wide - 1,
                    height=tall,
                    rx=1.5,
                    fill=FILLS[fill],
                    class_=fill,
                )
            )
        parts.append(words(name, x, base + 16, size=12, kind="scale", text_anchor="middle"))
    return drawing(WIDTH, height, title, parts)
