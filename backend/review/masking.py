"""What identifies a person is masked: numbers of people, phones, addresses of mail and web, plates, accounts, points, names.

Two readers look at a text: our own patterns (spelled-out and spaced forms, links, handles, tracking codes) and lokal-id's
detectors (checksums of NIK, names with titles and roles). A word too many masked costs an officer a question, a number
left costs the reporter trust.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from lokal.samaran import PiiType, detect_pii

from backend.review.names import is_everyday, names_in

_DASH = r"[\s.\-–/]?"  # noqa: RUF001
_WORD_DIGITS = "nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|lapan|sembilan"
_SPOKEN = rf"(?:\d{{1,4}}|{_WORD_DIGITS})"
_HOSTS = (
    r"(?:bit\.ly|goo\.gl|maps\.app\.goo\.gl|tinyurl\.com|s\.id|wa\.me|t\.me|fb\.com|fb\.me|facebook\.com|instagram\.com|"
    r"tiktok\.com|twitter\.com|x\.com|youtu\.be|youtube\.com|shopee\.co\.id|tokopedia\.com)"
)
_DOT = r"(?:\s?\.\s?|\s(?:dot|titik)\s|\s?\((?:dot|titik)\)\s?)"
_DOTTED = rf"[a-z0-9-]+(?:{_DOT}[a-z0-9-]+)*{_DOT}(?:com|id|net|org|info|biz)\b"
_AT = r"(?:@|\(\s?at\s?\)|\[\s?at\s?\]|\b(?:at|et)\b)"
_PLATES = "KT|KH|DA|KB|KU|KI|B|L|N|AG|AD|AB|AE|AA|D|E|F|G|H|K|S|W|P|DK|DR|DD|DB|DC|DE|DM|DL|DN|DP|BK|BM|BG|BA|BN|BE|BH|BL|PA|ED|EA"
# In this order: the more special first, since a span that is taken hides its signs from the next pattern.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("[EMAIL]", re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+", re.I)),
    ("[EMAIL]", re.compile(rf"[\w.+-]+\s?{_AT}\s?{_DOTTED}", re.I)),
    ("[TAUTAN]", re.compile(rf"\b(?:https?://|www\.)\S+|\b{_HOSTS}/\S+", re.I)),
    (
        "[KOORDINAT]",
        re.compile(
            r"(?:\blat\w*[\s:=]*)?(?<![\d.])-?\d{1,3}\.\d{4,}\s*[,;\s]\s*(?:lo?ng?\w*[\s:=]*)?-?\d{1,3}\.\d{4,}|\d{1,3}°\s?\d.{2,40}?[BTEW]\b",
            re.I,
        ),
    ),
    ("[KODE]", re.compile(rf"(?<!\d)\d(?:{_DASH}\d){{19}}(?!\d)")),
    ("[NIK]", re.compile(rf"(?<!\d)\d(?:{_DASH}\d){{15}}(?!\d)")),
    (
        "[TELEPON]",
        re.compile(
            rf"(?<!\d)(?:\+\s?62|62|\(?0|[oO](?=8)){_DASH}(?:8|[2-7]\d)(?:[\s.\-()/]{{0,2}}\d){{5,11}}(?!\d)"
        ),
    ),
    ("[NIK]", re.compile(rf"\b{_SPOKEN}(?:[\s\-]{_SPOKEN}){{13,19}}\b", re.I)),
    (
        "[TELEPON]",
        re.compile(rf"\b(?:nol|kosong|0)[\s\-]{_SPOKEN}(?:[\s\-](?:{_SPOKEN}|\d{{5,8}})){{4,12}}\b", re.I),
    ),
    ("[AKUN]", re.compile(r"(?<![\w@])@[A-Za-z_][\w.]{2,}")),
    ("[PLAT]", re.compile(rf"\b(?:{_PLATES})[\s.\-]?\d{{3,4}}[\s.\-]?[A-Z]{{2,3}}\b")),
    (
        "[PLAT]",
        re.compile(
            rf"(?<=\s)(?:{_PLATES.lower()})[\s.\-]?\d{{3,4}}[\s.\-]?(?!(?:ha|kk|rt|rw|km|th|kg|cm|mm|m|ml|wib|jt|rb)\b)[a-z]{{2,3}}\b"
        ),
    ),
    ("[NOMOR]", re.compile(r"(?<![\d.])\d(?:[\s\-]?\d){9,}(?!\d)")),
    ("[NOMOR]", re.compile(r"(?<![\d.])\d{9,}(?!\d)")),
)
_OURS: dict[PiiType, str] = {
    "NIK": "[NIK]",
    "KK": "[NIK]",
    "PHONE": "[TELEPON]",
    "EMAIL": "[EMAIL]",
    "PLATE": "[PLAT]",
    "GEO": "[KOORDINAT]",
    "NAME": "[NAMA]",
    **dict.fromkeys(("NPWP", "PASSPORT", "SIM", "NIP", "BPJS", "NISN", "AKTA", "BANK_ACCOUNT", "CARD", "IP"), "[NOMOR]"),
}  # fmt: skip


@dataclass(frozen=True)
class Identifier:
    """A part of a text that tells who somebody is: where it stands (`text[start:end]`) and its mask."""

    start: int
    end: int
    mask: str


def identifiers(text: str) -> list[Identifier]:
    """All of them, none overlapping, in the order of the text; offsets are those of the composed (NFKC) text.

    >>> [one.mask for one in identifiers("hub budi_s@contoh.id ya")]
    ['[EMAIL]']
    """
    taken: list[Identifier] = []
    for one in _candidates(text):
        touched = [other for other in taken if one.start < other.end and other.start < one.end]
        if any(other.mask != one.mask for other in touched):
            continue  # the more special was first
        whole = [one, *touched]
        taken = [other for other in taken if other not in touched]
        taken.append(Identifier(min(o.start for o in whole), max(o.end for o in whole), one.mask))
    return sorted(taken, key=lambda one: one.start)


def _candidates(text: str) -> Iterator[Identifier]:
    masks = [match.span() for match in _MASK.finditer(text)]

    def is_mask(start: int, end: int) -> bool:
        return any(start < last and first < end for first, last in masks)

    for mask, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if not is_mask(*match.span()):
                yield Identifier(match.start(), match.end(), mask)
    for found in detect_pii(text, types=list(_OURS)):
        if found.type == "NAME" and is_everyday(found.value):
            continue
        if not is_mask(found.start, found.end):
            yield Identifier(found.start, found.end, _OURS[found.type])
    for start, end in names_in(text):
        if not is_mask(start, end):
            yield Identifier(start, end, "[NAMA]")


_MASK = re.compile(r"\[[A-Z]{4,9}\]")


def composed(text: str) -> str:
    """The text as it is searched: Unicode's composed form, without the signs that nobody sees."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")


def masked(text: str) -> str:
    """The text with a mask for each identifier; everything else as it was, in composed form.

    >>> masked("hub budi_s@contoh.id ya")
    'hub [EMAIL] ya'
    """
    text = composed(text)
    for one in reversed(identifiers(text)):
        text = text[: one.start] + one.mask + text[one.end :]
    return text


def has_identifier(text: str) -> bool:
    """True when masking would change the text: the training export refuses such a sentence."""
    return bool(identifiers(composed(text)))
