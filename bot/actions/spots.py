"""What of a place still holds when another one is said: the spot within its area (a landmark, an RT) and the pin. Pure."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from bot.actions.draft import Slots

# "Bukan depan SD 004 tapi …", "bukan di situ, …": the words up to what is right.
_DENIED = re.compile(
    r"\b(?:bukan|salah|dudu|lain)\b(.*?)(?=[,;.]|\bmaksud|\btapi\b|\btetapi\b|\bmelainkan\b|$)", re.IGNORECASE
)
_THERE = re.compile(
    r"\b(?:situ|sana|sini|tempat\w*|titik\w*|pin|patokan\w*|alamat\w*|lokasi\w*)\b", re.IGNORECASE
)
_AROUND = frozenset(
    "di ke dari daerah wilayah kawasan kecamatan kec kabupaten kab kota provinsi prov kelurahan kel desa ds kampung"
    " dusun itu yang yg ya nya aja saja ada neng ring".split()
)
# How alike a word and a word of the area's name are when it is the same one mistyped.
SAME_WORD = 0.8


def spot_of(said: str, label: str | None) -> str:
    """The words of a place phrase without the names of its area.

    >>> spot_of("dpn sd 004 sngatta utara", "Kec. Sangatta Utara, Kab. Kutai Timur")
    'dpn sd 004'
    >>> spot_of("di kecamatan bengalon", "Kec. Bengalon, Kab. Kutai Timur")
    ''
    """
    names = re.findall(r"\w+", (label or "").casefold())
    kept = [word for word in said.split() if not _names_an_area(word, names)]
    while kept and _bare(kept[-1]) in _AROUND:
        kept.pop()
    return " ".join(kept).strip(" ,;.") if any(_bare(word) not in _AROUND for word in kept) else ""


def _names_an_area(word: str, names: list[str]) -> bool:
    bare = _bare(word)
    return len(bare) >= 3 and any(SequenceMatcher(None, bare, name).ratio() >= SAME_WORD for name in names)


def _bare(word: str) -> str:
    return re.sub(r"\W", "", word.casefold())


def is_denied(spot: str, message: str) -> bool:
    """Whether the message takes back the spot itself, and not only the area it was said to be in.

    >>> is_denied("dpn sd 004", "salah, bukan sangatta tapi bengalon"), is_denied("dpn sd 004", "bukan di situ, di bengalon")
    (False, True)
    >>> is_denied("dpn sd 004", "bukan sd 004, sd 005 bengalon")
    True
    """
    of_spot = {_bare(word) for word in spot.split()} - _AROUND
    for denied in _DENIED.findall(message):
        words = {_bare(word) for word in denied.split()}
        if _THERE.search(denied) or words & of_spot:
            return True
    return False


def carried(old: Slots | None, new: Slots, said: str, message: str, *, corrects: bool) -> Slots:
    """`new` with what still holds of `old`: its spot when the new words name only an area, its pin when the area is the same.

    A spot said besides, in the same district and without taking anything back, stands beside the old one.
    """
    if not old:
        return new
    spot, another = spot_of(str(old.get("landmark") or ""), old.get("label")), spot_of(said, new.get("label"))
    denied = is_denied(spot, message)
    same = new.get("district_code") == old.get("district_code")
    kept = dict(new)
    if spot and not denied and (not another or (same and not corrects)):
        words = said if spot.casefold() in said.casefold() else f"{spot}, {said}"
        kept |= {"text": words, "landmark": words}
    pinned = old.get("latitude") is not None and kept.get("latitude") is None
    if pinned and not denied and (same or (not old.get("district_code") and not corrects)):
        pin = {name: old.get(name) for name in ("latitude", "longitude", "accuracy_m", "source")}
        kept |= pin
    return kept
