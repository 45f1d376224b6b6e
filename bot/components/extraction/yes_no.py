"""Yes and no in all their forms, for messages that say little else."""

from __future__ import annotations

import re

from bot.components.extraction.reading import Laid

LONGEST_ANSWER = 6  # words
_SOFT = (
    "pak bu kak min admin bang mas mbak deh dong sih lah kok aja saja nya ya yah yaa itu ini kan om bos gan "
    "bapak ibu sekali sangat banget terima kasih nih tuh dah wal"
)
_YES = (
    "ya iya iyah yes yup yap yoi y yo inggih nggih injih enggih muhun leres sumuhun he eh heeh hooh oke ok okey okay okeh "
    "okelah sip siap setuju benar betul bener bujur bujuran pas cocok boleh bisa jadi mau lanjut lanjutkan tentu pasti "
    "silakan silahkan monggo mangga gas yakin sudah tepat bungul-tidak inya-ai hi'ih ih ihi tul yoh sesuai baik baiklah "
    "hooh-lah sudah-benar sudah-betul"
)
_NO = (
    "tidak bukan jangan no nope n ora mboten dudu henteu teu sanes lain kada kadada kadak indak endik ndik batal belum "
    "salah keliru nanti ogah emoh moal tidaklah tidak-usah tidak-perlu tidak-mau tidak-jadi kurang-tepat jangan-dulu"
)
_YES_WORDS, _NO_WORDS = frozenset(_YES.split()), frozenset(_NO.split())
_SOFT_WORDS = frozenset(_SOFT.split())
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


def yes_or_no(text: Laid) -> str | None:
    """`"yes"`, `"no"` or None when the message is something else, or both."""
    words = _WORD.findall(text.plain)
    if not words or len(words) > LONGEST_ANSWER:
        return _by_sign(text.typed)
    meaning = [word for word in words if word not in _SOFT_WORDS] or [
        word for word in words if word in _YES_WORDS
    ]
    if not meaning:
        return None
    if meaning[0] in _NO_WORDS and len(meaning) <= 3:
        return "no" if all(word in _NO_WORDS | _YES_WORDS | {"usah", "perlu"} for word in meaning) else None
    if all(word in _YES_WORDS or word in {"ya", "yah", "yaa"} for word in meaning):
        return "yes"
    return None


def _by_sign(typed: str) -> str | None:
    signs = typed.strip()
    if signs and all(sign in "👍👌✅🙆\ufe0f" or "\U0001f3fb" <= sign <= "\U0001f3ff" for sign in signs):
        return "yes"
    if signs and all(sign in "👎❌🙅🚫\ufe0f" or "\U0001f3fb" <= sign <= "\U0001f3ff" for sign in signs):
        return "no"
    return None
