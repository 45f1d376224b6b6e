"""Small Indonesian number words, alone and in front of a unit."""

from __future__ import annotations

ONES = {
    word: number
    for number, words in enumerate(
        (
            "nol kosong",
            "satu suatu sebuah se siji sahiji asa",
            "dua loro dua' duwa duo kalih",
            "tiga telu tilu talu",
            "empat papat opat ampat",
            "lima limo",
            "enam nem genep anam",
            "tujuh pitu",
            "delapan wolu dalapan walu lapan",
            "sembilan sanga salapan sanga'",
            "sepuluh sapuluh sepoloh",
            "sebelas sabelas",
            "dua-belas",
        )
    )
    for word in words.split()
}
NUMBER = (
    r"(?:\d+(?:[.,]\d+)*|" + "|".join(sorted(ONES, key=len, reverse=True)) + r")(?: belas| puluh| ratus)?"
)
_FACTORS = {"belas": None, "puluh": 10, "ratus": 100}
SCALES = {"ribu": 1_000, "juta": 1_000_000, "miliar": 1_000_000_000, "k": 1_000}


def number_of(words: str) -> float | None:
    """The number that `words` name, or None.

    >>> number_of("tiga"), number_of("dua belas"), number_of("1,5"), number_of("50.000"), number_of("lima puluh")
    (3.0, 12.0, 1.5, 50000.0, 50.0)
    """
    first, _, factor = words.strip().partition(" ")
    number = ONES.get(first) if not first[:1].isdigit() else _digits(first)
    if number is None or not factor:
        return None if number is None else float(number)
    if factor == "belas":
        return float(number + 10)
    scale = _FACTORS.get(factor)
    return float(number * scale) if scale else None


def _digits(text: str) -> float:
    """Dots are thousands and a comma is the decimal sign, unless the groups say otherwise (`1.5`)."""
    groups = text.replace(",", ".").split(".")
    if len(groups) > 1 and all(len(group) == 3 for group in groups[1:]):
        return float("".join(groups))
    return float(".".join(groups[:2]))
