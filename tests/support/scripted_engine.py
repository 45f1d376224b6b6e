"""An engine that follows a script: every kind of reply a channel must draw, asked for by one word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.fake_engine import FakeEngine

SUMMARY = [
    {"label": "Masalah", "value": "Lampu jalan mati", "field": "issue"},
    {"label": "Lokasi", "value": "depan pasar lama, Kec. Sangatta Utara", "field": "place"},
    {"label": "Sejak", "value": "seminggu lalu", "field": "happened"},
    {"label": "Identitas", "value": "Anonim", "field": "identity_level"},
]


class ScriptedEngine(FakeEngine):
    """`FakeEngine`, and: *pilih* offers choices, *ringkas* shows a summary, *tebal* writes in bold, *panjang* a long text,
    *langkah* tells progress, *minta lokasi* and *minta foto* ask for a button; a filed draft gets a receipt's card."""

    async def run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """One step of a turn."""
        answer = await super().run(request)
        for reply in answer["replies"]:
            _dress(reply, request)
        return answer


def _dress(reply: dict[str, Any], request: Mapping[str, Any]) -> None:
    said = reply["text"]
    events = [one["data"] for one in request["messages"] if one.get("event") == "effect_result"]
    if events and events[0].get("outcome") == "done" and "case_number" in events[0]:
        reply["text"], reply["card"] = _receipt(events[0])
    if "pilih" in said:
        labels = ("Terbuka", "Rahasia identitas", "Anonim")
        reply["text"] = "Siapa yang boleh tahu Anda?"
        reply["choices"] = [{"id": f"q1-{n}", "label": label} for n, label in enumerate(labels, 1)]
        reply["progress"] = {"step": 3, "of": 4}
    if "ringkas" in said:
        reply["text"] = "Saya baca ulang dulu:\n" + "\n".join(
            f"*{one['label']}:* {one['value']}" for one in SUMMARY
        )
        reply["card"] = {"kind": "summary", "rows": SUMMARY}
        reply["choices"] = [
            {"id": f"q2-{n}", "label": label} for n, label in enumerate(("Kirim", "Ubah", "Batal"), 1)
        ]
    if "tebal" in said:
        reply["text"] = "Ini *penting sekali* dan ini bukan: 2 * 3 * 4. *Kode:* <b>bukan html</b>"
    if "panjang" in said:
        reply["text"] = "Kami sudah membaca cerita Anda dan akan memeriksanya bersama petugas. " * 12
    if "langkah" in said:
        reply["progress"] = {"step": 2, "of": 4}
    if "minta lokasi" in said:
        reply["ask"] = "location"
    if "minta foto" in said:
        reply["ask"] = "photo"


def _receipt(result: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    rows = [
        {"label": "Kode laporan", "value": "⟦code⟧", "field": "code"},
        {"label": "Nomor laporan", "value": result["case_number"], "field": "case_number"},
        {"label": "Diteruskan ke", "value": result["agency_name"], "field": "agency_name"},
        {"label": "Dijawab paling lambat", "value": result["due_label"], "field": "due_label"},
    ]
    text = f"Laporan Anda sudah *terkirim* ke {result['agency_name']}.\nKode: *⟦code⟧*\nSimpan kode ini, ya."
    return text, {"kind": "receipt", "rows": rows}
