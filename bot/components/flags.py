"""What a message needs beside its meaning: help at once, a hand outside the accused office, or discretion. Pure.

`emergency` wants words of danger to people and signs that it is happening; a lamp that is *mati* endangers nobody.
`oversight` is set when somebody of an office is accused; `sensitive` when the words themselves could harm a person.
"""

from __future__ import annotations

import re

_PEOPLE = r"(?:orang|anak|bocah|bayi|warga|korban|ibu|bapak|tetangga|teman|adik|kakak|suami|istri|saya|kami|penumpang|abk|siswa|kakek|nenek|urang|kakanak|wong|jalma|budak|mobil|perahu|kapal|speedboat|kelotok)"
_HOUSE = r"(?:rumah\w*|ruko|pasar|sekolah|toko|gudang|kios|warung|kapal|pabrik|kontrakan|kos\w*|barak|asrama|bengkel|dapur|mobil|masjid|kantor|spbu|omah\w*|imah\w*)"
_DANGER = re.compile(
    "|".join(
        rf"\b(?:{words})\b"
        for words in (
            rf"kebakaran(?! (?:hutan|lahan))|{_HOUSE}(?: \w+){{0,3}} (?:terbakar|kebakar|kobong|kahuruan|tabunu)|(?:terbakar|kebakar|kobong)(?: \w+){{0,3}} {_HOUSE}",
            r"api(?: \w+){0,2} (?:besar|menjalar|membesar|merembet|berkobar|menyambar|mendekati)|ada api|fire",
            rf"{_PEOPLE}(?: \w+){{0,4}} (?:tenggelam|hanyut|kelelep|terseret arus|calap|tinggalam)|(?:tenggelam|hanyut|terseret arus)(?: \w+){{0,3}} {_PEOPLE}",
            rf"{_PEOPLE}(?: \w+){{0,4}} (?:tertimbun|terjepit|tersengat|kesetrum|tersetrum|tertimpa|pingsan|kejang\w*|sekarat|tidak sadar\w*|"
            r"tidak bernapas|sesak napas|pendarahan|berdarah\w*|bersimbah darah|kritis|keracunan|mau melahirkan|digigit ular|diterkam|disambar buaya)",
            rf"(?:tertimbun|terjepit|tersengat|kesetrum|diterkam|disambar buaya)(?: \w+){{0,3}} {_PEOPLE}",
            r"kecelakaan|tabrakan|tabrak lari|ketabrak|tertabrak|laka lantas|accident",
            r"perampokan|dirampok|kerampokan|rampok|begal|dibegal|ditodong|dibacok|bacok\w*|ditusuk|penusukan|diculik|penculikan|disandera|"
            r"tawuran|mau dibunuh|dibunuh|pembunuhan|dikeroyok|diancam pakai (?:parang|pisau|senjata)|bawa (?:parang|pisau|senjata|mandau|golok)",
            r"maling(?: \w+){0,3} (?:masuk|di dalam|tertangkap|ketangkap)|ada maling",
            r"bunuh diri|gantung diri|mau (?:loncat|lompat) dari|minum racun",
            r"terjebak (?:banjir|api|longsor|di dalam|lift)|banjir bandang|gempa|tsunami|longsor\w*|tanggul jebol|jembatan (?:putus|ambruk|runtuh)|puting beliung|pohon tumbang menimpa",
            r"(?:banjir|kebanjiran|kemasukan air|air naik|air masuk|terendam)(?: \S+){0,10} (?:sepinggang|sedada|seleher|masih di dalam|di atap|di loteng|"
            r"terkepung|evakuasi\w*)",
            rf"(?:banjir|kebanjiran|kemasukan air|air naik|air masuk|terendam)(?: \S+){{0,6}} {_PEOPLE}(?: \w+){{0,3}} di dalam",
            r"gas bocor|kebocoran gas|bocor gas|ledakan|meledak|bom",
            r"sedang dipukul\w*|(?:lagi|sedang|masih) (?:mengamuk|ngamuk)|mengamuk|dipukuli?|memukuli?|dianiaya|menganiaya|diperkosa",
        )
    )
)
# Who speaks so of their own life is in danger, whatever else is said.
_OWN_LIFE = re.compile(
    r"\b(?:(?:ingin|pengen|pengin|pingin|kepengen|kepingin) mati(?! (?:lampu|listrik))|(?:mengakhiri|akhiri) hidup|bunuh diri (?:saja|aja)|"
    r"(?:mau|mo|ingin) bunuh diri|mau mati (?:saja|aja|rasa ?nya)|(?:mending(?:an)?|lebih baik)(?: saya| aku)? (?:mati(?! (?:lampu|listrik))|bunuh diri)|"
    r"(?:tidak|nggak) (?:ingin|sanggup) hidup|(?:saya|aku|ulun)(?: \w+)? (?:tidak|nggak) (?:mau|kuat) hidup)\b"
)
_NOW = re.compile(
    r"\b(?:sekarang|barusan|baru saja|saat ini|detik ini|lagi|sedang|tolong\w*|cepat\w*|buruan|segera|darurat|bantu\w*|panggil\w*|ambulans|"
    r"damkar|pemadam|evakuasi|help|sos|emergency|saiki|wayah ini|ayeuna|tulung\w*|terjebak|masih di dalam|hari ini|tadi|belum ditemukan|kritis)\b|!"
)
_URGENT = re.compile(
    r"^(?:\W*(?:tolong|darurat|help|sos|pak|bu|min|admin|ya allah|astaga)\W*)*(?:kebakaran|kebakar|ada kebakaran|ada orang tenggelam|gempa|longsor)\W*(?:!|pak|bu|di\b|$|cepat)"
)
_NOT_NOW = re.compile(
    r"\b(?:tahun lalu|bulan lalu|minggu lalu|\w+ hari (?:yang )?lalu|\w+ (?:minggu|bulan|tahun) (?:yang )?lalu|kemarin\w*|dulu|dahulu|pernah|sering\w*|"
    r"setiap|rawan|takut\w*|khawatir\w*|nanti|potensi|berpotensi|jangan sampai|mencegah|antisipasi|simulasi|asuransi|pasca|bekas|"
    r"rentan|bisa(?:-bisa)?|hampir|sebelum ada|sebelum terjadi|kalau (?:ada|terjadi|sampai)|jika|apabila|bagaimana|syarat|cara|nomor|bantuan untuk korban|"
    r"korban (?:kebakaran|banjir|longsor) belum|mengakibatkan|menyebabkan|rambu|sosialisasi|pelatihan|hidran|hydrant|mau lapor|laporan saya|"
    r"sudah \w+ (?:hari|minggu|bulan|tahun)|sejak|berbulan-bulan|bertahun-tahun|lama)\b"
)
_DEAD_THINGS = re.compile(
    r"\b(?:lampu\w*|listrik|ponsel|baterai|motor|pln|pju|air|pdam|internet|sinyal|mesin|genset|tv|wifi|aplikasi)(?: \w+){0,4} mati\b|\bmati (?:lampu|listrik|air)\b"
)

_OFFICIAL = r"(?:oknum\w*|petugas\w*|pegawai\w*|pejabat\w*|pns|asn|polisi\w*|kades|kepala (?:desa|sekolah|dinas|puskesmas|bagian)|lurah|camat|guru\w*|kepsek|staf\w*|perangkat (?:desa|kampung)|rt|ketua rt|panitia|aparat\w*|bidan|perawat|dokter|satpol|sekdes|kadus|operator|pendamping|satpam rsud|bendahara|komite)"
_OVERSIGHT = re.compile(
    "|".join(
        rf"\b(?:{words})\b"
        for words in (
            r"pungli\w*|pungutan liar|dipungli|korupsi\w*|korup|dikorupsi|koruptor|kkn|nepotisme|kolusi|gratifikasi|suap\w*|menyuap|disuap|sogok\w*|disogok|nyogok|bribe\w*",
            r"uang (?:pelicin|rokok|damai|terima kasih|kopi|bensin|setoran|ketok palu|sogokan|pangkal gelap)|tilang damai|damai di tempat|salam tempel|amplop\w*",
            rf"{_OFFICIAL}(?: \S+){{0,6}} (?:minta|meminta|memungut|mungut|mintai|minta-minta|njaluk|menta|menagih|mematok)(?: \S+){{0,3}} (?:uang|duit|biaya|bayaran|rupiah|\d[\d.]* ?(?:ribu|juta)?|setoran|imbalan|fee|jatah)",
            rf"(?:dimintai?|diminta|ditarik|dipungut|disuruh bayar|dijaluki|dipintai|dipintaakan)(?: \S+){{0,4}} (?:uang|duit|biaya|bayar\w*|\d[\d.]* ?(?:ribu|juta))(?: \S+){{0,5}} {_OFFICIAL}",
            r"oknum(?! (?:warga|pengendara|sopir|pengunjung|pelanggan|tetangga|pedagang))\w*",
            r"fiktif|mark ?up|di-?mark ?up|penggelapan|menggelapkan|digelapkan|diselewengkan|menyelewengkan|penyelewengan|disunat|menyunat|"
            r"dipotong (?:oleh )?(?:oknum|kades|rt|pendamping|perangkat|aparat|ketua)|penyalahgunaan (?:wewenang|jabatan|dana|anggaran)|menyalahgunakan|"
            r"memperkaya diri|jual beli (?:jabatan|kursi|bangku|surat)|nyalo|calo (?:dalam|orang dalam|cpns|pns)|orang dalam|titipan (?:pejabat|dewan|orang dalam)|beking\w*|backing\w*|dibekingi",
            rf"{_OFFICIAL}(?: \S+){{0,4}} (?:bolos|mangkir|selingkuh|mabuk|main judi|judi|berjudi|tidak netral|kampanye|memeras|mengancam|menganiaya|melecehkan|memukul|bentak\w*|membentak\w*|memaki\w*|menghina|kasar|asusila)",
            r"(?:dana|uang|anggaran)(?: \S+){0,4} (?:dimakan|ditilep|ditelan|dibawa kabur|dipakai pribadi|tidak jelas ke mana|masuk kantong|raib|hilang)",
            r"(?:kepala desa|kades|lurah|camat|bendahara|sekdes|kepala sekolah|kepsek|pak rt|ketua rt|bupati|perangkat (?:desa|kampung))(?: \S+){0,5} "
            r"(?:pakai|memakai|makan|ambil|mengambil|embat|kantongi|tilep|pake)(?: \S+){0,2} (?:dana|uang|duit|anggaran|bantuan|bansos|aset)",
            r"(?:dana desa|dana bos|uang desa|anggaran desa|add|bumdes)(?: \S+){0,4} (?:buat|untuk|beli|membeli|bangun)(?: \S+){0,4} (?:sendiri|pribadi|keluarga\w*|istri\w*|anak nya|"
            r"rumah nya|mobil nya)",
            r"(?:diminta|disuruh|diwajibkan|dipaksa|wajib)(?: \S+){0,2} bayar\w*(?: \S+){0,14} (?:tanpa (?:kuitansi|kwitansi|nota|karcis|bukti)|(?:kuitansi|kwitansi|nota|karcis)(?: nya)? "
            r"(?:tidak|nggak|kada|ora)(?: \w+)? (?:dikasih|ada|diberi\w*))",
            r"(?:pemerasan|diperas)(?: \S+){0,3} (?:oleh )?" + _OFFICIAL,
        )
    )
)
_NOT_OFFICIAL = re.compile(
    r"\b(?:pengemis|pengamen|anak jalanan|anjal|preman|debt collector|penipu|pinjol|jukir|tukang parkir|juru parkir)\b"
)
_SENSITIVE = re.compile(
    r"\b(?:kdrt|kekerasan\w*|dipukul\w*|dianiaya|penganiayaan|disiksa|diperkosa|pemerkosaan|perkosa\w*|cabul|dicabuli|pencabulan|pelecehan\w*|dilecehkan|"
    r"melecehkan|asusila|bunuh diri|narkoba|sabu|hiv|aids|aborsi|hamil di luar nikah|perdagangan (?:orang|anak|manusia)|incest|sodomi|bully\w*|dibully|"
    r"perundungan|dirundung|diancam|mengancam|teror|diteror|disekap|anak di bawah umur|pernikahan (?:dini|anak)|digerebek|selingkuh\w*|odgj|dipasung|"
    r"penyakit menular|tbc|kusta|gangguan jiwa|video (?:mesum|asusila|porno))\b"
)


def flags_of(plain: str, emergency_share: float = 0.0) -> dict[str, bool]:
    """`emergency`, `oversight`, `sensitive` and `own_life` (somebody speaks of ending it) of a normalised message.

    `emergency_share` is the confidence of the intent classifier that the message reports an emergency.
    """
    oversight = is_oversight(plain)
    return {
        "emergency": is_emergency(plain, emergency_share),
        "oversight": oversight,
        "sensitive": oversight or bool(_SENSITIVE.search(plain)) or is_own_life(plain),
        "own_life": is_own_life(plain),
    }


SURE, HALF_SURE = 0.75, 0.3


def is_emergency(plain: str, share: float = 0.0) -> bool:
    """Danger to people that is happening: words for both, or words for one and a sure classifier."""
    if is_own_life(plain):
        return True
    without_dead_things = _DEAD_THINGS.sub(" ", plain)
    danger = _DANGER.search(without_dead_things)
    if _URGENT.search(without_dead_things):
        return True
    if not danger:
        return share >= SURE and without_dead_things == plain
    past = _NOT_NOW.search(without_dead_things)
    if past:
        return False
    return share >= HALF_SURE or bool(_NOW.search(without_dead_things))


def is_own_life(plain: str) -> bool:
    """Somebody speaks of ending a life, most often their own; not of a telephone."""
    return bool(_OWN_LIFE.search(_DEAD_THINGS.sub(" ", plain)))


def sounds_dangerous(plain: str) -> bool:
    """Words of danger to people, whether it is happening or not."""
    return bool(_DANGER.search(_DEAD_THINGS.sub(" ", plain)))


def is_oversight(plain: str) -> bool:
    """An official is accused of taking, misusing or misbehaving."""
    if _NOT_OFFICIAL.search(plain) and not re.search(r"\b(?:oknum|polisi|petugas|pungli|pegawai)\b", plain):
        return False
    return bool(_OVERSIGHT.search(plain))
