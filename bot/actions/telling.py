"""What counts as telling the matter, and what the words do to the description and its issue. Pure."""

from __future__ import annotations

import re
from typing import Any

from bot.actions import matters
from bot.actions.answers import reopened
from bot.actions.draft import CLARIFICATION, CONFIRM, DESCRIPTION, SENSITIVE_ISSUES, Slots
from bot.actions.reading import Reading

REPORT_CLASS = {"aspirasi": "aspiration", "minta_informasi": "information_request"}
TELLING = frozenset({"keluhan", "aspirasi", "minta_informasi", "darurat"})
# Interruptions for which a bare place name, date or description is easily mistaken.
MISTAKABLE = frozenset(
    "nlu_fallback luar_cakupan bercanda uji_coba promosi belum_selesai tambah_info kirim_bukti".split()
)
# Words that speak of a report which is already filed; without them "masih mati" or "tambahan: …" belongs to the draft.
FILED = re.compile(
    r"\b(?:kode|ditutup|laporan\s+(?:\w+\s+){0,2}(?:kemarin|kmrn|tadi|lama|lalu|sebelumnya|dulu|terkirim))\b",
    re.IGNORECASE,
)
# Words that take back what was said before: a new matter after them replaces the old one, it is no second one.
TAKING_BACK = re.compile(
    r"\b(?:bukan(?!\s+(?:cuma|hanya|main))|salah(?!\s+(?:satu|seorang))|ralat|maksud(?:nya|ku)?|sebenarnya|(?:se)?harusnya|not)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\bbukan\b.*?(?=,|\bmaksud|\btapi\b|\btetapi\b|$)", re.IGNORECASE)
# A matter may be told within a message of another intent ("jangan sebut nama saya ya, di rsud …").
CARRIERS = frozenset("mau_lapor identitas ya tidak batal koreksi salam laporan_saya".split())
# A long message that is full of a place or a date may tell the matter as well; a short one is just that.
LONG_CARRIERS = frozenset("beri_lokasi beri_waktu kirim_bukti marah".split())
PLACE_OR_TIME = frozenset({"beri_lokasi", "beri_waktu"})
FEWEST_WORDS_CARRIED, MANY_WORDS = 3, 9
# Beside a place or a date, that many words are no mere "di sana itu".
FEWEST_WORDS_BESIDE = 2
SURE_OF_A_MATTER = 0.6
FAIRLY_SURE = 0.15
UNSURE_INTENT = 0.7
# A matter that may well be a sensitive one is treated as such.
LIKELY_SENSITIVE = 0.3
# These words speak of reports, not of a matter: "batalkan laporan jalan saya" tells none.
OF_REPORTS = re.compile(r"\b(?:batal\w*|cabut|laporan(?:ku|nya)?)\b", re.IGNORECASE)
ASKED_BEFORE = 2
EMERGENCY_ISSUE = "bencana_darurat"
FEWEST_WORDS_TOLD = 3


def tells_within(reading: Reading) -> bool:
    """Whether a message of another intent also tells what is the matter."""
    if OF_REPORTS.search(reading.text):
        return False
    sure, long = reading.top_issue[1] >= SURE_OF_A_MATTER, reading.words >= MANY_WORDS
    if reading.intent in LONG_CARRIERS:
        beside = reading.intent in PLACE_OR_TIME and reading.words_beside >= FEWEST_WORDS_BESIDE
        return sure and (long or beside or _may_complain(reading))
    fairly_sure = long and reading.top_issue[1] >= FAIRLY_SURE
    return reading.intent in CARRIERS and reading.words >= FEWEST_WORDS_CARRIED and (sure or fairly_sure)


def _may_complain(reading: Reading) -> bool:
    """Whether the intent is unsure or telling a matter is a likely one: "lampu mati di bengalon" is a place and a matter."""
    if reading.confidence < UNSURE_INTENT:
        return True
    names = ((str(r.get("name") or r.get("intent")), float(r["confidence"])) for r in reading.intent_ranking)
    return any(name.partition("/")[0] in TELLING and confidence >= FAIRLY_SURE for name, confidence in names)


def is_told(reading: Reading, slots: Slots, asked: str | None) -> bool:
    """Whether the words tell the matter of the draft, those included that sound like a follow-up on a filed report."""
    if reading.intent in TELLING:
        return True
    if asked in (None, DESCRIPTION) and not slots.get(DESCRIPTION) and _told_at_last(reading, slots):
        return True
    if (
        reading.intent not in ("belum_selesai", "tambah_info")
        or reading.value("case_ref")
        or reading.value("tracking_code")
    ):
        return False
    return (
        bool(slots.get(DESCRIPTION)) and reading.words >= FEWEST_WORDS_TOLD and not FILED.search(reading.text)
    )


def _told_at_last(reading: Reading, slots: Slots) -> bool:
    """A matter within other words; or words that nobody understands, when the question was asked often enough."""
    asked_often = int(slots.get("times_asked") or 0) >= ASKED_BEFORE
    unread = reading.intent == "nlu_fallback" or (
        reading.intent in CARRIERS | MISTAKABLE and reading.top_issue[1] >= FAIRLY_SURE
    )
    return tells_within(reading) or (asked_often and unread and reading.words >= FEWEST_WORDS_TOLD)


def takes_back(reading: Reading, asked: str | None) -> bool:
    """Whether the person corrects what was read back to them, or what a question about it takes for granted."""
    return asked in (CONFIRM, CLARIFICATION) and bool(TAKING_BACK.search(reading.text))


def described(reading: Reading, slots: Slots, asked: str | None = None) -> dict[str, Any]:
    """The person's own words, joined to what was told before, and what they are about."""
    before = slots.get(DESCRIPTION)
    if before and reading.text.casefold() in before.casefold():
        return {}
    changes: dict[str, Any] = {DESCRIPTION: f"{before}\n{reading.text}" if before else reading.text}
    code, confidence = reading.top_issue
    known = (slots.get("issue_ranking") or [{}])[0].get("confidence", 0.0)
    ranking = {"issue": code, "issue_ranking": [dict(r) for r in reading.issue_ranking[:3]]}
    if before and takes_back(reading, asked) and (corrected := _corrected(reading, slots, ranking)):
        return {**changes, **corrected}
    if code and (not slots.get("issue") or confidence > known):
        changes |= ranking
    if not before or not slots.get("report_class"):
        changes["report_class"] = REPORT_CLASS.get(reading.intent, "complaint")
    if any(
        r["code"] in SENSITIVE_ISSUES and float(r["confidence"]) >= LIKELY_SENSITIVE
        for r in reading.issue_ranking
    ):
        changes["sensitive"] = True
    if not before and (two := matters.two_in(reading)):
        changes["issue"] = two.first
        second = {"text": two.text, "issue": two.second}
        changes["second_matter"] = [*(slots.get("second_matter") or []), second]
    elif (
        not slots.get("question") and not slots.get(CLARIFICATION) and (question := matters.unclear(reading))
    ):
        changes["question"] = question
    if reading.intent == "darurat":
        changes["emergency"] = True
        if matters.is_named(reading.text, EMERGENCY_ISSUE):
            changes["issue"] = EMERGENCY_ISSUE
    return changes


def _corrected(reading: Reading, slots: Slots, ranking: dict[str, Any]) -> dict[str, Any]:
    """Another matter instead of the one that was read back, or the question which one; nothing when it is not about that."""
    if other := _instead(reading, slots):
        return {**ranking, "issue": other, "question": None, CLARIFICATION: None}
    if reading.attributes or not matters.is_named(reading.text, slots.get("issue")):
        return {}
    if question := matters.which(reading, slots):
        return {"question": question, CLARIFICATION: None}
    return reopened(DESCRIPTION, slots)


def _instead(reading: Reading, slots: Slots) -> str | None:
    """What the matter is instead of the one that was read back: "bukan jembatan, maksudnya sinyal" names both."""
    others = [r for r in reading.issue_ranking if r["code"] != slots.get("issue")]
    if others and float(others[0]["confidence"]) >= FAIRLY_SURE:
        return str(others[0]["code"])
    return matters.named_in(_NEGATED.sub(" ", reading.text), slots.get("issue"))
