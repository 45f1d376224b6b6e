"""The month as a picture of 1200 × 630 dots, the size that messengers show: the same card as `barometer.svg`, as dots instead of lines."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from backend.web.drawing.marks import FILLS, INK, SOFT, TRACK, cut, number

SIZE = (1200, 630)
PAPER, ON_HEAD, SOFT_ON_HEAD = "#f7f3ec", "#ffffff", "#dcebe8"
LEFT, BARS_LEFT, BARS_WIDTH = 64, 520, 616
FACES = {
    True: (
        "LiberationSans-Bold.ttf",
        "DejaVuSans-Bold.ttf",
        "NotoSans-Bold.ttf",
        "arialbd.ttf",
        "Arial Bold.ttf",
    ),
    False: ("LiberationSans-Regular.ttf", "DejaVuSans.ttf", "NotoSans-Regular.ttf", "arial.ttf", "Arial.ttf"),
}


@cache
def face(size: int, bold: bool = False) -> Any:
    """A plain face of the system, else the one that Pillow brings along."""
    for name in FACES[bold]:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def card(
    over: str,
    title: str,
    figures: Sequence[tuple[str, str]],
    bars: Sequence[tuple[str, int]],
    foot: str,
    nothing: str = "",
) -> bytes:
    """A PNG. `figures` are values with their words, `bars` names with their counts; `nothing` is said when there are none."""
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, SIZE[0], 132), fill=FILLS["main"])
    draw.text((LEFT, 60), over, font=face(26), fill=SOFT_ON_HEAD, anchor="ls")
    draw.text((LEFT, 110), title, font=face(44, bold=True), fill=ON_HEAD, anchor="ls")
    if not figures:
        draw.text((LEFT, 240), nothing, font=face(32), fill=INK, anchor="ls")
    for n, (value, words) in enumerate(figures):
        y = 232 + n * 130
        draw.text((LEFT, y), value, font=face(72, bold=True), fill=INK, anchor="ls")
        draw.text((LEFT, y + 38), words, font=face(24), fill=SOFT, anchor="ls")
    _bars(draw, bars)
    draw.text((LEFT, 596), foot, font=face(20), fill=SOFT, anchor="ls")
    out = io.BytesIO()
    picture.quantize(128).save(out, "PNG", optimize=True)
    return out.getvalue()


def _bars(draw: ImageDraw.ImageDraw, bars: Sequence[tuple[str, int]]) -> None:
    most = max((n for _, n in bars), default=1)
    for row, (name, n) in enumerate(bars):
        y = 190 + row * 72
        draw.text((BARS_LEFT, y), cut(name, 40), font=face(24), fill=INK, anchor="ls")
        draw.text((BARS_LEFT + BARS_WIDTH, y), number(n), font=face(24, bold=True), fill=INK, anchor="rs")
        draw.rounded_rectangle((BARS_LEFT, y + 12, BARS_LEFT + BARS_WIDTH, y + 30), 5, fill=TRACK)
        long = max(10, round(BARS_WIDTH * n / most))
        draw.rounded_rectangle((BARS_LEFT, y + 12, BARS_LEFT + long, y + 30), 5, fill=FILLS["main"])
