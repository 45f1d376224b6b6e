"""What every chart is made of: escaped elements, round ends of a scale, figures as Indonesians write them.

Colours stand in the drawing as attributes, fit for paper and for a picture that travels alone; a page's style sheet overrides them by
class (`chart.css`), which is how dark mode works.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from markupsafe import Markup, escape

FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', 'DejaVu Sans', sans-serif"
)
INK, SOFT, LINE, TRACK = "#1f2421", "#55594f", "#ddd4c5", "#efe8dc"
FILLS = {"main": "#0b5a57", "late": "#a3261d", "second": "#8fb8b2", "soft": "#8a8170"}


@dataclass(frozen=True)
class Mark:
    """One thing that is counted: its name, its value, what is written beside it, and where its cases are."""

    name: str
    value: float
    label: str = ""
    href: str = ""
    late: float = 0


def element(tag: str, inside: str = "", /, **attributes: object) -> Markup:
    """One element, every value escaped; `class_` is class, and `_` in a name is `-`.

    >>> element("rect", x=1, font_size=12, class_="a")
    Markup('<rect x="1" font-size="12" class="a"/>')
    """
    shown = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_short(value))}"'
        for name, value in attributes.items()
    )
    return Markup(f"<{tag}{shown}>{escape(inside)}</{tag}>" if inside else f"<{tag}{shown}/>")  # noqa: S704 — escaped above


def words(inside: str, x: float, y: float, *, size: int = 14, kind: str = "name", **more: object) -> Markup:
    """A line of text; `kind` is `name`, `value` or `scale`."""
    fill = SOFT if kind == "scale" else INK
    weight = 650 if kind == "value" else 400
    return element(
        "text", inside, x=x, y=y, class_=kind, fill=fill, font_size=size, font_weight=weight, **more
    )


def linked(part: Markup, href: str, label: str) -> Markup:
    """The part as a link with a name of its own, when there is somewhere to go."""
    if not href:
        return part
    return Markup('<a href="{}" aria-label="{}">{}</a>').format(href, label, part)


def drawing(width: int, height: int, title: str, parts: Iterable[Markup], *, links: bool = False) -> Markup:
    """The whole: an image with a name, or, with links in it, a group whose links are read one by one."""
    role = "group" if links else "img"
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {} {}" role="{}" aria-label="{}" font-family="{}">{}</svg>'
    ).format(width, height, role, title, FONT, Markup("").join(parts))


def number(value: float | None) -> str:
    """Thousands with a full stop, as Indonesians write them; a dash for what is not known.

    >>> number(12500), number(None), number(0.5)
    ('12.500', '–', '0,5')
    """
    if value is None:
        return "–"
    whole = f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
    return whole.replace(",", " ").replace(".", ",").replace(" ", ".")


def top_of(values: Sequence[float]) -> float:
    """A round number that no value exceeds: 1, 2, 4, 5 or 10 times a power of ten.

    >>> [top_of([n]) for n in (0, 3, 7, 41, 120)]
    [1, 4, 10, 50, 200]
    """
    most = max(values, default=0)
    if most <= 0:
        return 1
    power: float = 10.0 ** floor(log10(most))
    steps = (1, 2, 4, 5, 10)
    return next(step * power for step in steps if step >= ceil(most / power * 1e9) / 1e9)


def cut(text: str, most: int) -> str:
    """At most so many characters, the cut marked.

    >>> cut("Dinas Perhubungan", 10)
    'Dinas Per…'
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _short(value: object) -> object:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
