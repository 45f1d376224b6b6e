"""How a person wants to appear: `open`, `confidential` (only the office in charge knows) or `anonymous`."""

from __future__ import annotations

import re

from bot.components.extraction.reading import Found, Laid

_NAME = r"(?:nama|identitas|data(?: diri| pribadi)?|nomor(?: saya| ponsel)?|jati diri|aran|ngaran|jeneng|ngaranku|jenengku)"
_ME = r"(?: (?:saya|kami|ku|ulun|kulo|kula|abdi|pelapor|asli|lengkap|nya))*"
_HIDE = (
    r"(?:disebut|sebut|disebutkan|sebutkan|sebutin|ditulis|tulis|dicantumkan|cantumkan|dipakai|pakai|ditampilkan|"
    r"tampilkan|tampilin|dibuka|buka|dibocorkan|bocorkan|bocorin|diungkap|ungkap|disebarkan|sebar|disebar|ketahuan|"
    r"diketahui|muncul|munculkan|kasih tahu|dikasih tahu|dibawa|bawa|diumbar|disebuti|disambat|publikasi|diumumkan)"
)
_NOT = r"(?:jangan|jangan sampai|tidak usah|tidak perlu|tidak mau|tidak ingin|tanpa|tidak|kada usah|ojo|aja nganti|ulah|usah)"
_LET = r"(?:boleh|silakan|tidak apa-apa|tidak masalah|bebas|oke|ok|siap|biar)"

_OPEN = (
    rf"{_NOT} (?:di)?(?:anonim\w*|rahasia\w*|sembunyi\w*|samar\w*)",
    rf"\b(?:pakai|gunakan|cantumkan|tulis|tampilkan|sebut(?:kan)?) {_NAME}(?: saya| kami)? (?:asli|lengkap|saja|{_LET})",
    r"\b(?:pakai|gunakan|dengan) (?:nama|identitas) (?:asli|lengkap|terang)",
    rf"\b{_NAME}{_ME} {_LET}(?: saja)?(?: (?:di)?{_HIDE})?",
    rf"\b{_LET}(?: saja)? (?:di)?{_HIDE} {_NAME}",
    r"\bidentitas terbuka\b|\bterbuka saja\b|\bsecara terbuka\b|^(?:pilih )?terbuka$",
)
_ANONYMOUS = (
    r"\banonim\w*|\banonymous\w*|\bhamba allah\b|\btanpa (?:nama|identitas)\b",
    rf"\b{_NAME}{_ME} (?:di)?(?:samarkan|hilangkan|kosongkan)\b|\b(?:samarkan|hilangkan|kosongkan) {_NAME}",
    r"\bjangan (?:bilang|kasih tahu|sampai tahu)(?: \w+){0,3} (?:saya|kami) (?:yang )?(?:lapor|melapor|mengadu)\b",
    r"\bjangan (?:bilang )?(?:ini )?dari saya\b|\btidak (?:mau|ingin) (?:ketahuan|diketahui|dikenal|disebut)\b",
    r"\btakut (?:saya )?ketahuan\b|\btidak usah (?:pakai|pake) nama\b",
)
# Who only asks not to be named still wants to hear back: confidential, not anonymous.
_CONFIDENTIAL = (
    rf"{_NOT} {_HIDE}(?:in|i)? {_NAME}",
    rf"\b{_NAME}{_ME} {_NOT} (?:di)?{_HIDE}",
    r"\b(?:di)?rahasia(?:kan|in)?\b(?! (?:umum|alam|dapur|negara))|\bconfidential\b|\bsecara tertutup\b",
    rf"\b(?:di)?(?:sembunyi(?:kan|in)?|lindungi|jaga(?:kan)?|tutup(?:i)?) {_NAME}",
    rf"\b{_NAME}{_ME} (?:di|tolong di|mohon di)(?:sembunyikan|lindungi|jaga|tutup)",
    r"\bjangan (?:sampai )?(?:di)?(?:publik\w*|sebar\w*|viral\w*)\b|\bcukup (?:petugas|admin) (?:saja )?yang tahu\b",
)
# The first level whose words occur counts: "tidak usah anonim" is not anonymous, "rahasia, anonim saja" is.
_LEVELS = tuple(
    (level, re.compile("|".join(patterns)))
    for level, patterns in (("open", _OPEN), ("anonymous", _ANONYMOUS), ("confidential", _CONFIDENTIAL))
)
_ASKED = re.compile(r"\b(?:apa|apakah|beda\w*|bedanya|bisakah|arti\w*|maksud\w*|aman\w*|kah)\b|\?")


def find(text: Laid) -> list[Found]:
    """At most one level. In a question about the levels it is less sure."""
    for level, pattern in _LEVELS:
        if match := pattern.search(text.plain):
            return [text.found("identity_level", level, match, 0.6 if _ASKED.search(text.plain) else 1.0)]
    return []
