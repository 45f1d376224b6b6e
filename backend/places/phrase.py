"""A place phrase as people type it, cut into words with the level that a word before them claims."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from backend.places.areas import DISTRICT, PROVINCE, REGENCY, VILLAGE, folded

# What a word says about the name that follows it.
LEVEL_WORDS: dict[str, int] = {
    **dict.fromkeys(
        ("desa", "ds", "kelurahan", "kel", "kelurhan", "lurah", "nagari", "kampung", "kp", "kmp"), VILLAGE
    ),
    **dict.fromkeys(("kecamatan", "kec", "kecmatan", "kcmatan", "distrik"), DISTRICT),
    **dict.fromkeys(("kabupaten", "kab", "kabupten", "kota", "kotamadya", "kodya"), REGENCY),
    **dict.fromkeys(("provinsi", "prov", "propinsi", "prop"), PROVINCE),
}
# After these a name belongs to a street, a building or a firm, not to an area.
STREET_WORDS = frozenset(
    "jl jln jalan jalanan gang gg lorong lrg komplek kompleks komp perum perumahan perumnas blok blk rt rw no nomor km "
    "sd sdn smp smpn sma sman smk smkn mi mts ma tk paud masjid mesjid musala mushola langgar gereja pura toko warung "
    "kantor puskesmas pustu rs rsud rumah pasar pt cv spbu pom jembatan sungai sei terminal pelabuhan bandara hotel "
    "simpang simpang3 bundaran taman lapangan gor stadion universitas kampus alfamart indomaret ruko cafe kafe".split()
)
# Words that are also names of areas somewhere: never an area by themselves.
COMMON_WORDS = frozenset(
    "utara selatan timur barat tengah baru lama raya indah jaya makmur sejahtera maju mulya mulia sari harapan damai "
    "atas bawah hulu hilir ulu ilir besar kecil dalam luar muara kuala tanjung teluk pulau gunung bukit batu rawa danau "
    "pantai laut sungai air kayu pasar kota desa kampung dusun blok simpang depan belakang samping dekat sebelah seberang "
    "jalan rusak lampu mati sampah banjir hari minggu senin selasa rabu kamis jumat sabtu pagi siang sore malam kemarin "
    "merdeka sudirman diponegoro kartini pahlawan veteran pemuda mawar melati kenanga anggrek cempaka dahlia rambutan "
    "mangga durian manggis kelapa cendana nangka jati karet sawit padi suka karya bakti budi mekar tunas subur tani "
    "pelita bersama mandiri sentosa bahagia aman tenteram tirta candi kebun ladang sawah pasir lumpur tanah putih hitam "
    "merah hijau kuning biru saya kami kita anak bapak ibu orang warga pak bu rumah umum baik bagus ada tidak mau lagi "
    "sana sini sinar matahari bulan bintang harum wangi asri permai lestari setia cinta kasih satu dua tiga empat lima "
    "sekolah guru masuk pusat kecamatan kabupaten perbatasan tugu gapura lapangan negara agung alam abadi utama sentral "
    "batubara bara bekas batang serang landak puncak aru buru galian tambang limbah debu wonosari sukamaju sukajadi sidomulyo sumber bina tepi ujung pangkal arah menuju lewat poros trans lintas induk".split()
)
_SPLIT_LEVEL = re.compile(r"\b(desa|ds|kel|kec|kab|kota|prov)\.(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the phrase; `claims` is the level that the level word right before it claims, `street` that the word
    stands in a street's or building's name, `city` whether *kota* (True) or *kabupaten* (False) was said beside it."""

    text: str
    claims: int | None
    street: bool
    city: bool | None = None


def words_of(phrase: str) -> tuple[Word, ...]:
    """The phrase's words without the level words, each knowing what stood before it.

    >>> [(w.text, w.claims, w.street) for w in words_of("jl mawar kec. sangatta utara")]
    [('jl', None, True), ('mawar', None, True), ('sangatta', 3, False), ('utara', None, False)]
    """
    found: list[Word] = []
    for part in re.split(r"[,;\n]|\s-\s", _SPLIT_LEVEL.sub(r"\1 ", phrase)):
        found.extend(_words_of_part(folded(part).split()))
    return tuple(found)


def _words_of_part(texts: list[str]) -> list[Word]:
    found: list[Word] = []
    claims: int | None = None
    street = False
    city: bool | None = None
    for position, text in enumerate(texts):
        if text in LEVEL_WORDS:
            last = position == len(texts) - 1
            if last and text == "kota" and found:
                found[-1] = replace(found[-1], city=True)
            claims, street, city = LEVEL_WORDS[text], False, _city(text)
        elif text in STREET_WORDS:
            claims, street, city = None, True, None
            found.append(Word(text, None, True))
        else:
            found.append(Word(text, claims, street, city))
            claims, city = None, None
    return found


def _city(level_word: str) -> bool | None:
    if level_word.startswith("ko"):
        return True
    return False if level_word.startswith("kab") else None
