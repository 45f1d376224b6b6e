"""How good it was, from 1 to 5: stars drawn or counted, a number behind a word for rating, `4 dari 5`, `9/10`.

A bare number rates nothing: the same "5" chooses, counts and names houses.
"""

from __future__ import annotations

import re

from bot.components.extraction.numbers import NUMBER, number_of
from bot.components.extraction.reading import Found, Laid

MOST = 5
_DRAWN = re.compile(r"[⭐★🌟](?:\s*[️⭐★🌟])*")
_STAR = re.compile(r"[⭐★🌟]")
_RATED = re.compile(
    rf"\b(?:bintang|rating|rate|nilai|skor|score|star)(?:nya| nya)?(?: (?:saya|untuk|buat|adalah|kasih|beri|pelayanan\w*|laporan|ini))*"
    rf" [:=]? ?(?P<number>{NUMBER})(?: (?P<of>dari|per|/) (?P<most>{NUMBER}))?(?!\w)"
)
_COUNTS_STARS = re.compile(r"\b(?:bintang|star)")
_STARS = re.compile(rf"(?<!\w)(?P<number>{NUMBER}) (?:bintang|stars?|star)\b")
_OUT_OF = re.compile(
    rf"(?<![\w/])(?P<number>{NUMBER}) (?:dari|per|out of) (?P<most>5|10|100|lima|sepuluh)(?! \w)"
)
_FRACTION = re.compile(r"(?<![\w/])(?P<number>\d{1,3})/(?P<most>5|10|100)(?![\w/])")


def find(text: Laid) -> list[Found]:
    """At most one rating, a whole number from 1 to 5; what is out of its scale is none."""
    if drawn := _DRAWN.search(text.typed):
        stars = len(_STAR.findall(drawn.group()))
        return [Found("rating", stars, *drawn.span())] if stars <= MOST else []
    for pattern in (_RATED, _STARS, _OUT_OF, _FRACTION):
        for match in pattern.finditer(text.plain):
            if value := _value(match):
                return [text.found("rating", value, match)]
    return []


def _value(match: re.Match[str]) -> int | None:
    said = match.groupdict()
    first, _, rest = said["number"].partition("/")
    number, most = number_of(first), number_of(said.get("most") or rest or "") or float(MOST)
    if (
        number
        and not said.get("most")
        and MOST < number <= 2 * MOST
        and not _COUNTS_STARS.search(match.group())
    ):
        most = 2.0 * MOST  # `nilai 9` is said of ten
    if not number or number > most:
        return None
    return max(1, int(number * MOST / most + 0.5))
