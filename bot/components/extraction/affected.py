"""Who is affected: the group of people that a message names, in its own words."""

from __future__ import annotations

import re

from bot.components.extraction.numbers import NUMBER
from bot.components.extraction.reading import Found, Laid, without_overlaps

_WHO = (
    r"anak(?:-anak)?(?: (?:sekolah|kecil|kecil-kecil|yatim|balita|sd|smp|sma|kami|saya|saya sendiri))?|balita|bayi|lansia|"
    r"orang tua|ibu(?:-ibu)? hamil|ibu-ibu|warga(?: (?:sekitar|kampung|desa|dusun|perumahan|gang|miskin|kami|sini|setempat|rt|"
    r"rt \d+))?|masyarakat(?: (?:sekitar|kecil|setempat))?|petani|nelayan|pedagang|pasien|siswa|murid|guru|buruh|karyawan|"
    r"pekerja|penumpang|pengguna jalan|pengendara|pejalan kaki|pelajar|mahasiswa|penyandang disabilitas|difabel|tetangga|"
    r"pengunjung|peternak|honorer|kakanakan|barudak|bocah-bocah"
)
_GROUP = re.compile(rf"(?<!\w)(?:(?P<number>{NUMBER}) (?:orang |kk |rumah )?)?(?P<who>{_WHO})(?!\w)")
_COUNTED = re.compile(
    rf"(?<!\w)(?P<number>{NUMBER}) (?P<who>kk|kepala keluarga|keluarga|orang|jiwa|korban)(?!\w)"
)


def find(text: Laid) -> list[Found]:
    """Groups of people, verbatim, in the order they were said."""
    hits = [*_COUNTED.finditer(text.plain), *_GROUP.finditer(text.plain)]
    found = []
    for match in hits:
        start, end = text.typed_span(*match.span())
        found.append(Found("affected", text.typed[start:end], start, end))
    return sorted(without_overlaps(found), key=lambda one: one.start)
