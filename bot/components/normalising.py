"""Turns what people type into plainer words for the classifiers; what was typed stays untouched beside it.

The whitelist (`bot/data/words/abbreviations.csv`) is made by hand and knows the domain: KK, PKL, SMP, PP, kel, gg, rw, th
and TL mean something else here than in general slang lists, so they stay as they are.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

WORDS = Path(__file__).resolve().parent.parent / "data" / "words"
LONGEST_READ = 4000

_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.[\w.]+\b")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPELLED = re.compile(r"(?<!\w)(?:[a-z][.\-_ ]){2,}[a-z](?!\w)")
_PIECE = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*(?:[2²](?!\d))?|\d+(?:[.,:]\d+)*|[?!]")
_GLUED_NUMBER = re.compile(
    r"(?<![^\W_])(rt|rw|km|jl|gg|sd|sdn|smp|smpn|sma|sman|smk|smkn|sp|no|tgl|blok|mts|tk)(\d+)"
)
_NUMBER_UNIT = re.compile(
    r"(?<![^\W_])(\d+)(hr|hri|hari|bln|bulan|thn|th|tahun|mgg|mggu|minggu|jam|jm|mnt|menit|rb|rbu|ribu|jt|juta|k|m|km|cm|"
    r"org|orang|kk|titik|kali|x|kg|ltr|liter)(?![^\W_])"
)
_LONG = re.compile(r"([^\W\d_])\1{2,}")
_TWICE = re.compile(r"([^\W\d_]{2,}?)([2²])([^\W\d_]*)")
_TWICE_PREFIX = re.compile(r"(ber|ter|se|me|men|mem|meng|di|ke|pe)([^\W\d_]{3,})")
_LAST_DOUBLE = re.compile(r"([^\W\d_]{2,}?)([^\W\d_])\2")
_DI_VERB = re.compile(
    r"(?<![^\W_])di ((?:per|tindak|tangan|tanggap|bayar|proses|aspal|tutup|buka|angkut|potong|tebang|cek|periksa|respon|"
    r"balas|urus|minta|suruh|larang|tilang|pungut|kasih|beri|bersih|keruk|timbun|layan|persulit|alir|cair|sebar|pecat|"
    r"tabrak|rawat|tolak|usir|potongi|gusur|sita|tegur|tertib|hentikan|percepat|selesaikan|konfirmasi|verifikasi)[a-z]*)"
)
# With a 2 behind them these are names of schools, places and units, not doubled words.
_NEVER_DOUBLED = frozenset(
    "rt rw km sd sdn smp smpn sma sman smk smkn sp no nomor blok mts mi ma tk jl gg gang simpang seksi kelas tipe jalur "
    "unit co pm lantai tahap".split()
)
_DOUBLE_ENDINGS = frozenset("whatsapp full pass off cell call free fee ii iii all toll wifii".split())
_NYA_IS_PART = frozenset(
    "hanya tanya punya bertanya menanya mempunyai karenanya kenya sonya banya penya".split()
)


@lru_cache(maxsize=1)
def abbreviations() -> Mapping[str, str]:
    """Short form → whole words, from the whitelist."""
    with (WORDS / "abbreviations.csv").open(encoding="utf-8", newline="") as rows:
        full = {row["short"]: row["full"] for row in csv.DictReader(rows)}
    return {short: full.get(word, word) for short, word in full.items()}


def normalised(text: str) -> str:
    """Plain lower-case words, numbers and `?`/`!` of the first 4,000 characters, with one space between them.

    >>> normalised("LAMPU jln matiii dpn SMP 2, anak2 takuttt bgt klo mlm!!")
    'lampu jalan mati depan smp 2 anak-anak takut sangat kalau malam !'
    >>> normalised("kk sy blm jd pdhal udh 3bln di proses")
    'kk saya belum jadi padahal sudah 3 bulan diproses'
    """
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text[:LONGEST_READ])).lower()
    plain = _LINK.sub(" tautan ", plain)
    plain = _SPELLED.sub(lambda hit: re.sub(r"[^a-z]", "", hit.group()), plain)
    plain = _NUMBER_UNIT.sub(r"\1 \2", _GLUED_NUMBER.sub(r"\1 \2", plain))
    words: list[str] = []
    for piece in _PIECE.findall(plain):
        if piece in "?!" and words and words[-1] == piece:
            continue
        words.append(piece if piece[0].isdigit() or piece in "?!" else _word(piece))
    return _DI_VERB.sub(r"di\1", " ".join(word for word in words if word))


def plain_word(typed: str) -> str:
    """The plain form of one typed word; numbers and signs stay.

    >>> plain_word("KMRN"), plain_word("12")
    ('kemarin', '12')
    """
    lower = typed.lower()
    return (_word(lower) or lower) if lower[0].isalpha() else lower


@lru_cache(maxsize=50_000)
def _word(word: str) -> str:
    """One word made plain: whitelist, elongation, doubling, glued `-nya`."""
    known = abbreviations()
    if word in known:
        return known[word]
    doubled = _TWICE.fullmatch(word)
    if doubled and doubled[1] not in _NEVER_DOUBLED:
        return _doubled(_word(doubled[1]), doubled[3])
    short = _LONG.sub(r"\1", word)
    if short in known:
        return known[short]
    ending = _LAST_DOUBLE.fullmatch(short)
    if ending and short not in _DOUBLE_ENDINGS:
        short = ending[1] + ending[2]
    base = short[:-3].rstrip("-")
    if short.endswith("nya") and len(base) >= 2 and base in known:
        return known[base] + " nya"
    if short.endswith("nya") and len(base) >= 4 and short not in _NYA_IS_PART:
        return base + " nya"
    return known.get(short, short)


def _doubled(base: str, suffix: str) -> str:
    """`anak` → `anak-anak`, `berminggu` → `berminggu-minggu`, suffixes kept."""
    prefixed = _TWICE_PREFIX.fullmatch(base)
    return f"{base}-{prefixed[2] if prefixed else base}{suffix}"
