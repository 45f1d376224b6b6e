"""A backend for the dialogue's tests: the questions of docs/architecture.md with realistic answers, and a log of them."""

from __future__ import annotations

from typing import Any

KUTIM = "Kab. Kutai Timur"
PLACES: dict[str, dict[str, Any]] = {
    "sangatta utara": {"district_code": "64.08.04", "label": f"Kec. Sangatta Utara, {KUTIM}"},
    "bengalon": {"district_code": "64.08.06", "label": f"Kec. Bengalon, {KUTIM}"},
    "kongbeng": {"district_code": "64.08.15", "label": f"Kec. Kongbeng, {KUTIM}"},
}
OUTSIDE = {"samarinda": {"regency_code": "64.72", "label": "Kota Samarinda"}}
AGENCIES = {"lampu_jalan": "Dinas Perhubungan", "jalan_rusak": "Dinas PUPR", "korupsi_pungli": "Inspektorat"}
FACTS = {
    "emergency": {"police": "110", "police_label": "Polisi", "medical": "119", "medical_label": "Ambulans"},
    "limits": {
        "verify_workdays": "3",
        "respond_workdays": "5",
        "information_workdays": "5",
        "complaint_workdays": "14",
        "oversight_workdays": "60",
    },
    "service": {"photo_mb": "16", "files_per_case": "5", "cost": "gratis", "contest_days": "30"},
    "contacts": {"pln": "123", "ombudsman": "137", "lapor_sms": "1708", "lapor_site": "lapor.go.id"},
}
ROAD_QUESTION = {
    "attribute": "road_status",
    "ask": "Jalan itu termasuk jalan apa?",
    "options": [
        {"value": "kabupaten", "label": "Jalan kabupaten"},
        {"value": "provinsi", "label": "Jalan provinsi"},
        {"value": "unknown", "label": "Tidak tahu"},
    ],
}
GOOD_CODE = "48210937551620487313"


class Unanswered(Exception):
    """The backend is down."""


class FakeBackend:
    """Answers like the real one; `down` makes every question fail, `cases` are the sender's own reports."""

    def __init__(self, cases: int = 0, similar: int = 0) -> None:
        self.questions: list[tuple[str, dict[str, Any]]] = []
        self.down = False
        self.cases = [_case(n) for n in range(1, cases + 1)]
        self.similar = [_case(n) for n in range(1, similar + 1)]

    async def ask(self, name: str, **question: Any) -> dict[str, Any]:
        self.questions.append((name, question))
        if self.down:
            raise Unanswered(name)
        answer: dict[str, Any] = getattr(self, f"_{name}")(**question)
        return answer

    def asked(self, name: str) -> list[dict[str, Any]]:
        """Every question of that name so far."""
        return [question for asked, question in self.questions if asked == name]

    def _place(self, home: str, text: str = "", **pin: Any) -> dict[str, Any]:
        if pin:
            return {"status": "resolved", "place": _place(PLACES["bengalon"], "", source="pin")}
        said = text.casefold()
        if "sukamaju" in said:
            choices = [{"label": p["label"], "place": _place(p, text)} for p in list(PLACES.values())[:2]]
            return {"status": "unsure", "place": None, "choices": choices}
        for name, place in PLACES.items():
            if name in said:
                return {"status": "resolved", "place": _place(place, text), "choices": []}
        for name, place in OUTSIDE.items():
            if name in said:
                return {"status": "outside", "place": _place(place, text), "choices": []}
        return {"status": "unknown", "place": None, "choices": []}

    def _assignment(
        self, issue: str, attributes: dict[str, Any], place: dict[str, Any], **_: Any
    ) -> dict[str, Any]:
        asks = issue == "jalan_rusak" and "road_status" not in attributes
        return {
            "level": "kabupaten",
            "level_label": "kabupaten",
            "agency": "x",
            "agency_name": AGENCIES.get(issue, "Diskominfo"),
            "reason": "",
            "rule": "r1",
            "confidence": 0.9,
            "due_on": "2026-12-11",
            "due_label": "11 Desember 2026",
            "question": ROAD_QUESTION if asks else None,
        }

    def _similar(self, **_: Any) -> dict[str, Any]:
        return {"cases": self.similar}

    def _my_reports(self) -> dict[str, Any]:
        return {"cases": self.cases}

    def _facts(self, topic: str, regency_code: str) -> dict[str, Any]:
        return {"facts": FACTS[topic], "source": "uji"}

    def _status(self, code: str | None = None, case_ref: str | None = None) -> dict[str, Any]:
        if code and "".join(c for c in code if c.isdigit()) != GOOD_CODE:
            return {"outcome": "mistyped", "wait_s": None, "case": None}
        return {"outcome": "found", "wait_s": None, "case": {**_case(1), "case_ref": case_ref or "ref-1"}}


def _place(known: dict[str, Any], text: str, source: str = "text") -> dict[str, Any]:
    return {
        "regency_code": "64.08",
        "district_code": None,
        "village_code": None,
        **known,
        "landmark": text or None,
        "source": source,
        "confidence": 0.93,
        "accuracy_m": None,
    }


def _case(number: int) -> dict[str, Any]:
    return {
        "case_ref": f"ref-{number}",
        "label": f"Lampu jalan mati {number}",
        "state": "in_progress",
        "state_label": "Dikerjakan",
        "what_next": "Instansi mengerjakannya.",
        "agency_name": "Dinas Perhubungan",
        "since": "2026-11-18",
        "filed_on": "2026-11-16",
        "due_on": "2026-12-04",
        "due_label": "4 Desember 2026",
        "overdue": False,
        "distance_m": 40,
        "open_question": False,
        "replies": [{"on": "2026-11-20", "text": "Teknisi berangkat besok."}],
        "may": ["add", "contest", "confirm", "withdraw"],
    }
