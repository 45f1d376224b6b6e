"""When it happened, or since when: words, the day they lead to, and how exact that is.

The value is `{"text", "on", "precision"}`: `on` an ISO date or None; `precision` day, week, month, recurring or unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from bot.components.extraction.moments import (
    MONTHS,
    PRECISION,
    WEEKDAYS,
    ago,
    day_of,
    last_weekday,
    months_before,
    start_of_month,
)
from bot.components.extraction.numbers import NUMBER, number_of
from bot.components.extraction.reading import Found, Laid, without_overlaps

Told = tuple[date | None, str]  # the day and its precision
Reader = Callable[[re.Match[str], datetime], Told | None]

_NONE = "(?!)"  # a group that stays empty: every reader of a kind sees the same names
_UNIT = "jam|menit|hari|malam|minggu|pekan|bulan|tahun|dinten|dina|poe|wulan|sasih"
_MONTH, _WEEKDAY = "|".join(MONTHS), "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_SINCE = r"(?:(?:dari|mulai|sejak|semenjak|ti|awit|mulai dari|sejak dari) )?"
_LASTING = r"(?:sudah|selama|hampir|lebih dari|lebih|kurang lebih|sekitar|kira-kira|ada|sejak|dari|genap|masuk|mau|hudah|nyaris)"
_AGO = (
    r"(?:(?:yang )?(?:lalu|lewat|kemarin|silam|terakhir|kepungkur|kapengker|nu kamari)|ini|lamanya|lebih|an)"
)
_PART = r"(?: (?:pagi|siang|sore|malam|subuh|petang|dini hari|tengah malam))?"
_TODAY = (
    rf"{_SINCE}(?:tadi{_PART}|barusan|baru saja|baru tadi|hari ini|(?:pagi|siang|sore|malam|subuh) (?:ini|tadi)|sekarang|saat ini|"
    r"saiki|sakniki|ayeuna|wayah ini|mau esuk|detik ini|jam segini)"
)
_YESTERDAY = rf"{_SINCE}(?:kemarin{_PART}|semalam|malam tadi|samalam|bamalam|wingi|kamari|malam kemarin)(?! (?:lusa|dulu))"
_EARLIER = rf"{_SINCE}(?:kemarin (?:lusa|dulu)|dua hari (?:yang )?lalu)"
_NOT_A_TIME = re.compile(
    r"(?:dalam|paling lama|paling lambat|maksimal|janji(?:nya)?|dijanjikan|katanya|umur|usia|berumur|berusia|anak|setiap|per|"
    r"kontrak|buka|tutup|kelas|waktu|minimal|bayi|gaji|setelah|tunggu|hanya|cuma|denda|jarak|kerja|target|estimasi|rp) (?:\w+ )?$"
)
_IS_OPEN_HOURS = re.compile(r"(?:ada )?(?:24|dua puluh empat) jam").fullmatch
# A date shortly after the first or right before the second has not come yet.
_AHEAD = re.compile(r"\b(?:besok|nanti|akan|bakal|rencana\w*)(?: \w+){0,3} $")
_TO_COME = re.compile(r" (?:nanti|mendatang|besok)\b")
_ADDRESS = re.compile(r"\b(?:rt|rw|km|no|nomor|blok|gg|gang|jalan|sd|sdn|smp|sma|smk|kode) (?:\d+ )?$")


def find(text: Laid, now: datetime) -> list[Found]:
    """Times of a message; a definite day comes before what recurs, and that before what nobody can date."""
    hits = [
        (rank, match.start(), text.found("time", (told, *text.typed_span(*match.span())), match))
        for rank, (pattern, read) in enumerate(_READERS)
        for match in pattern.finditer(text.plain)
        if not _ADDRESS.search(match.string[: match.start()]) and (told := read(match, now))
    ]
    chosen = without_overlaps([found for _, _, found in sorted(hits, key=lambda hit: (hit[0], hit[1]))])
    return sorted(
        (_valued(text, found) for found in chosen), key=lambda found: (_vagueness(found), found.start)
    )


def _valued(text: Laid, found: Found) -> Found:
    (on, precision), start, end = found.value
    value = {"text": text.typed[start:end], "on": on.isoformat() if on else None, "precision": precision}
    return Found("time", value, start, end)


def _vagueness(found: Found) -> int:
    return {"recurring": 1, "unknown": 2}.get(found.value["precision"], 0)


def _today(match: re.Match[str], now: datetime) -> Told:
    last_night = "malam" in match.group() and "ini" not in match.group() and now.hour < 18
    return (now.date() - timedelta(days=1) if last_night else now.date()), "day"


def _days_ago(days: int) -> Reader:
    return lambda match, now: (now.date() - timedelta(days=days), "day")


def _counted(match: re.Match[str], now: datetime) -> Told | None:
    """`sudah 3 hari`, `2 minggu lalu`, `seminggu`."""
    if not (match["since"] or match["ago"]) and _NOT_A_TIME.search(match.string[: match.start()]):
        return None
    if not match["ago"] and _IS_OPEN_HOURS(match.group()):
        return None
    number = number_of(match["number"]) if match["number"] else 1.0
    unit = match["unit"] or match["one"]
    if number is None or number > 600:
        return None
    return ago(now.date(), number, unit), PRECISION.get(unit, "day")


def _counted_one(match: re.Match[str], now: datetime) -> Told | None:
    """`seminggu`; a bare `sehari` or `semalam` says how long something takes."""
    if match["one"] in ("malam", "hari") and not (match["since"] or match["ago"]):
        return None
    return _counted(match, now)


def _several(match: re.Match[str], now: datetime) -> Told:
    """`berminggu-minggu`, `beberapa bulan`: at least two of them."""
    unit = match["unit"] or match["some"]
    return ago(now.date(), 2, unit), PRECISION.get(unit, "week") if unit != "hari" else "week"


def _last(match: re.Match[str], now: datetime) -> Told:
    """`minggu lalu`, `bulan kemarin`, `tahun ini`."""
    unit = match["unit"]
    back = 0 if match["which"] == "ini" else 1
    if unit == "tahun":
        return date(now.year - back, 1, 1) if not back else months_before(now.date(), 12), "month"
    return ago(now.date(), back, unit), PRECISION.get(unit, "week")


def _weekday(match: re.Match[str], now: datetime) -> Told | None:
    """`senin lalu`, `hari minggu`; `minggu lalu` without `hari` is a week, not a Sunday."""
    if match["day"] == "minggu" and "hari" not in match.group():
        return None
    if (match["which"] or "").strip() == "ini" and WEEKDAYS[match["day"]] == now.weekday():
        return now.date(), "day"
    return last_weekday(now.date(), match["day"]), "day"


def _date(match: re.Match[str], now: datetime) -> Told | None:
    month = MONTHS.get(match["month"]) if match["month"] else None
    year = int(match["year"]) if match["year"] else None
    if month and not year and _is_ahead(match):
        year = now.year if (month, int(match["day"])) >= (now.month, now.day) else now.year + 1
    found = day_of(now.date(), int(match["day"]), month, year)
    return (found, "day") if found else None


def _is_ahead(match: re.Match[str]) -> bool:
    before = match.string[: match.start()]
    return bool(_AHEAD.search(before) or _TO_COME.match(match.string, match.end()))


def _numeric_date(match: re.Match[str], now: datetime) -> Told | None:
    day, month, year = (int(part) if part else None for part in match.group("day", "month", "year"))
    found = day_of(now.date(), day or 0, month, year) if month and 1 <= month <= 12 else None
    return (found, "day") if found else None


def _month(match: re.Match[str], now: datetime) -> Told:
    year = int(match["year"]) if match["year"] else None
    return start_of_month(now.date(), MONTHS[match["month"]], year), "month"


def _year(match: re.Match[str], now: datetime) -> Told | None:
    year = int(match["year"])
    return (date(year, 1, 1), "month") if 1990 <= year <= now.year else None


def _recurring(match: re.Match[str], now: datetime) -> Told:
    return None, "recurring"


def _undated(match: re.Match[str], now: datetime) -> Told:
    return None, "unknown"


_HOW_LONG = rf"(?:(?P<since>{_LASTING}(?: (?:ada|hampir|lebih|mau))?) )?"
_LATER = rf"(?P<ago>(?: {_AGO})+)?"
_YEAR = r"(?P<year>20\d\d)"
_WHOLE_MONTHS = "|".join(name for name in MONTHS if len(name) > 4 or name in ("mei", "juni", "juli"))
_TIMES_OF_RAIN = (
    "hari|malam|pagi|siang|sore|subuh|minggu|bulan|tahun|hujan|jam|musim|panen|gajian|lebaran|dinten|wengi|poe|udan|senin|selasa|"
    "rabu|kamis|jumat|sabtu|habis hujan|turun hujan|banjir|pasang"
)
# In the order in which they take words away from each other: the exact before the vague.
_PATTERNS: tuple[tuple[str, Reader], ...] = (
    (
        rf"{_SINCE}(?:hari )?(?:(?:{_WEEKDAY}) )?(?:tanggal )?"
        r"(?P<day>\d{1,2})[/\-.](?P<month>\d{1,2})(?:[/\-.](?P<year>\d{4}|\d{2}))?(?<=\d)",
        _numeric_date,
    ),
    (
        rf"{_SINCE}(?:hari )?(?:(?:{_WEEKDAY}) (?:, )?)?(?:tanggal )?(?P<day>\d{{1,2}}) (?P<month>{_MONTH})(?: {_YEAR})?{_PART}",
        _date,
    ),
    (rf"{_SINCE}tanggal (?P<day>\d{{1,2}})(?P<month>{_NONE})?(?P<year>{_NONE})?(?: kemarin| lalu)?", _date),
    (rf"{_HOW_LONG}(?P<number>{NUMBER}) (?P<unit>{_UNIT})(?P<one>{_NONE})?{_LATER}", _counted),
    (
        rf"{_HOW_LONG}(?P<number>{_NONE})?(?P<unit>{_NONE})?se(?P<one>jam|hari|malam|minggu|pekan|bulan|tahun){_LATER}",
        _counted_one,
    ),
    (
        r"(?:sudah |selama )?(?:ber(?P<unit>hari|minggu|bulan|tahun)-(?:hari|minggu|bulan|tahun)|"
        rf"beberapa (?P<some>hari|minggu|bulan|tahun))(?: {_AGO})*",
        _several,
    ),
    (
        rf"{_SINCE}(?:awal |akhir |pertengahan )?(?P<unit>minggu|pekan|bulan|tahun) "
        r"(?P<which>lalu|kemarin|ini|yang lalu|wingi|kamari)",
        _last,
    ),
    (
        rf"{_SINCE}(?:hari |malam )?(?P<day>{_WEEKDAY})(?P<which> (?:lalu|kemarin|yang lalu|ini))(?: (?:pagi|siang|sore|malam))?",
        _weekday,
    ),
    (rf"{_SINCE}hari (?P<day>{_WEEKDAY})(?P<which>{_NONE})?{_PART}", _weekday),
    (rf"(?:dari|mulai|sejak|semenjak) (?:hari )?(?P<day>{_WEEKDAY})(?P<which>{_NONE})?{_PART}", _weekday),
    (_EARLIER, _days_ago(2)),
    (_YESTERDAY, _days_ago(1)),
    (_TODAY, _today),
    (
        rf"(?:(?:sejak|dari|mulai) )?(?:(?:awal|akhir|pertengahan) )?(?:bulan )?(?P<month>{_WHOLE_MONTHS})(?: (?:tahun )?{_YEAR})?"
        "(?: lalu| kemarin)?",
        _month,
    ),
    (r"(?:(?:sejak |dari |mulai )tahun |sejak |dari |mulai |tahun )(?P<year>(?:19|20)\d\d)", _year),
    (
        rf"(?:setiap|saban|unggal|tiap) (?:kali )?(?:{_TIMES_OF_RAIN})(?: (?:hujan|malam|sore|pagi))?(?: (?:lebat|deras))?",
        _recurring,
    ),
    (
        r"(?:kalau|bila|jika|amun|yen|nek|mun|habis|musim|begitu|saat|waktu) (?:(?:sudah|musim|turun|habis) )?"
        r"(?:hujan|malam|udan|pagi|kemarau|panas|pasang)(?: (?:deras|lebat))?",
        _recurring,
    ),
    (
        r"(?:hampir )?(?:selalu|sering|rutin|berkali-kali|terus-menerus|terus menerus|berulang kali|berulang-ulang|siang malam|"
        r"pagi sore|kadang-kadang|malam-malam|rancak)",
        _recurring,
    ),
    (
        r"(?:sudah |dari |sejak )(?:lama|dulu|dahulu|suwe|lawas|lami|dangu)(?: sekali| sangat| banar)?|lama sekali",
        _undated,
    ),
)
_READERS = tuple((re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])"), read) for pattern, read in _PATTERNS)
