"""What an answer about a place does to the draft. Pure."""

from __future__ import annotations

import re
from typing import Any

from bot.actions import spots
from bot.actions.draft import NO_PLACE, PLACE, Slots

MOST_OPTIONS = 3
# "Kelurahan Baamang" may be said of a district, "desa Kurun" of a town: the name counts when the kind does not fit.
_KINDS = re.compile(
    r"\b(?:kantor|kelurahan|kel|desa|ds|kampung|dusun|kota|kecamatan|kec)\b\.?", re.IGNORECASE
)
_AREAS = re.compile(r"\b(?:kecamatan|kec|kabupaten|kab|kota|provinsi|prov)\b", re.IGNORECASE)


def place_of(
    found: Slots, said: str, *, latitude: float | None = None, longitude: float | None = None
) -> Slots:
    """The backend's place with the person's own words and coordinates kept verbatim."""
    return {
        **found,
        "text": said,
        "landmark": found.get("landmark") or (said or None),
        "latitude": latitude if latitude is not None else found.get("latitude"),
        "longitude": longitude if longitude is not None else found.get("longitude"),
    }


def spoken_place(said: str) -> Slots:
    """A place nobody could find on the map: the words are the landmark."""
    return {**NO_PLACE, "text": said, "landmark": said, "source": "text"}


def merged(old: Slots, said: str, *, corrects: bool = True) -> Slots:
    """Words that name only the spot (an RT, a landmark) keep the area that was known; a correction replaces the spot, a detail joins it."""
    spot = "" if corrects else spots.spot_of(str(old.get("landmark") or ""), old.get("label"))
    landmark = f"{spot}, {said}" if spot and spot.casefold() not in said.casefold() else said
    return {**old, "text": f"{old.get('text') or ''}; {said}".strip("; "), "landmark": landmark}


def after_text(
    answer: Slots, said: str, slots: Slots, message: str = "", *, corrects: bool = False
) -> dict[str, Any]:
    """Slot changes after the backend looked for `said` of the whole `message`, which may take back what was said before.

    Resolved: taken, with what still holds of the place before. Unsure: up to three options to choose from. Unknown: kept
    as words and the district asked once; the second time the words are the place.
    """
    status = answer["status"]
    old = place_before(slots)
    if status in ("resolved", "outside"):
        found = place_of(answer["place"], said_so_far(slots, said))
        return _taken(spots.carried(old, found, said, message or said, corrects=corrects))
    if status == "unsure" and answer.get("choices"):
        options = answer["choices"][:MOST_OPTIONS]
        words = said_so_far(slots, said)
        kept = spots.carried(old, place_of({}, words), words, message or said, corrects=corrects)
        return {PLACE: None, "place_options": options, "place_words": kept["landmark"]}
    if old and (old.get("regency_code") or old.get("latitude") is not None):
        return _taken(merged(old, said, corrects=corrects))
    if slots.get("place_words") or slots.get("place_options"):
        return _taken(spoken_place(said_so_far(slots, said)))
    return {PLACE: None, "place_options": None, "place_words": said}


def after_pin(answer: Slots, pin: Slots, slots: Slots) -> dict[str, Any]:
    """A pin is always a place; what is not sure is only the district, and that is asked once."""
    latitude, longitude = pin["latitude"], pin["longitude"]
    said = pin.get("label") or slots.get("place_words") or _spot_before(slots)
    accuracy = {"accuracy_m": pin.get("accuracy_m"), "source": "pin"}

    def pinned(found: Slots) -> Slots:
        return {**place_of(found, said, latitude=latitude, longitude=longitude), **accuracy}

    if answer["status"] == "unsure" and answer.get("choices"):
        options = [
            {"label": c["label"], "place": pinned(c["place"])} for c in answer["choices"][:MOST_OPTIONS]
        ]
        return {PLACE: None, "place_options": options, "place_words": said}
    return _taken(pinned(answer.get("place") or spoken_place(said)))


def place_before(slots: Slots) -> Slots | None:
    """The place as it was known until now, or until the person asked to change it."""
    before: Slots | None = slots.get(PLACE) or (slots.get("before_change") or {}).get("where")
    return before


def _spot_before(slots: Slots) -> str:
    before = place_before(slots) or {}
    return spots.spot_of(str(before.get("landmark") or ""), before.get("label"))


def chosen(option: Slots, slots: Slots) -> dict[str, Any]:
    """The person chose one of the options."""
    place = option["place"]
    return _taken({**place_of(place, slots.get("place_words") or place.get("text") or ""), "confidence": 1.0})


def unknown() -> dict[str, Any]:
    """The person does not know or does not want to say."""
    return _taken(dict(NO_PLACE))


def without_kind(said: str) -> str:
    """The words without what kind of area they name.

    >>> without_kind("kantor kelurahan baamang")
    'baamang'
    """
    return " ".join(_KINDS.sub(" ", said).split()) or said


def names_its_kind(said: str) -> bool:
    """Whether the words say themselves that a district, regency or province is meant."""
    return bool(_AREAS.search(said))


def near(answer: Slots, home: str) -> Slots:
    """An unsure answer without the areas of other islands: nobody names those in passing. Codes begin with the island's digit."""
    near_by = [c for c in answer.get("choices") or [] if str(c["place"].get("regency_code"))[:1] == home[:1]]
    return {**answer, "choices": near_by, "status": "unsure" if near_by else "unknown"}


def _taken(place: Slots) -> dict[str, Any]:
    return {PLACE: place, "place_options": None, "place_words": None}


def said_so_far(slots: Slots, said: str) -> str:
    """Earlier words for the spot and the new ones, each once."""
    before = slots.get("place_words") or ""
    return said if not before or before.casefold() in said.casefold() else f"{before}, {said}"
