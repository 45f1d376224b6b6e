"""Which field of the draft a person wants to change: `what`, `where`, `when`, `proof` or `identity`."""

from __future__ import annotations

import re

from bot.components.extraction.reading import Found, Laid

_CHANGE = (
    r"(?:ubah|rubah|ganti\w*|mengubah|mengganti|edit|salah|keliru|koreksi|betulkan|perbaiki|revisi|ralat|tukar|update|"
    r"diubah|diganti|diperbaiki|dibetulkan|dikoreksi|direvisi|digeser|geser|pindah\w*|ulangi|hapus|berubah|"
    r"mauubah|ngganti|ngubah|ubahi|baiki|ganteni|robah)"
)
_FIELDS = {
    "where": r"lokasi\w*|tempat\w*|alamat\w*|titik\w*|patokan\w*|desa\w*|kecamatan\w*|kelurahan\w*|rt|rw|posisi\w*|pin|panggonan\w*",
    "when": r"tanggal\w*|waktu\w*|hari\w*|jam\w*|kapan\w*|wayah\w*",
    "proof": r"foto\w*|gambar\w*|bukti\w*|video\w*|lampiran\w*|dokumen\w*|file\w*",
    "identity": r"identitas\w*|nama\w*|anonim\w*|rahasia\w*|terbuka|kerahasiaan\w*|pelapor\w*",
    "what": r"isi\w*|laporan\w*|keluhan\w*|aduan\w*|deskripsi\w*|masalah\w*|cerita\w*|uraian\w*|judul\w*|keterangan\w*|"
    r"jenis\w*|kategori\w*|kejadian\w*|instansi\w*|teks\w*|kata-kata\w*",
}
_BETWEEN = (
    r"(?: (?:nya|di|pada|soal|bagian|data|kolom|yang|jadi|ke|untuk|dulu|ini|itu|tadi|saya|lagi|dong)){0,3} "
)
_NEAR = {
    field: re.compile(
        rf"\b{_CHANGE}{_BETWEEN}(?P<what>{words})\b|\b(?P<that>{words})(?: \w+){{0,3}} {_CHANGE}\b"
    )
    for field, words in _FIELDS.items()
}


def find(text: Laid) -> list[Found]:
    """At most one field; of several, the one said first."""
    hits = [
        (match.start(), field, match) for field, near in _NEAR.items() if (match := near.search(text.plain))
    ]
    if not hits:
        return []
    _, field, match = min(hits, key=lambda hit: hit[0])
    return [text.found("field", field, match)]
