"""An engine without Rasa: a pure function of its request, small enough to be read, and as stateless as the real one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from backend.conversations.engine_client import EngineFailed, EnginesAway
from tests.support.builders import draft_data


class FakeEngine:
    """Says back what it heard. `kirim` files the draft (`kirim anonim` anonymously, `kirim rahasia` confidentially), `hapus` forgets, `rusak` fails always,
    `hal lain` begins another draft,
    `rusak sekali` on the first attempt only. Draft ids come from the seed of the turn that opened the draft."""

    def __init__(self) -> None:
        self.model: str | None = "fake-1"
        self.requests: list[Mapping[str, Any]] = []

    async def run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        if self.model is None:
            raise EnginesAway("no engine is up")
        self.requests.append(request)
        state = request["state"] or {"schema": 1, "slots": {"heard": []}}
        events = [one["data"] for one in request["messages"] if one.get("event") == "effect_result"]
        said = " | ".join(_heard(one) for one in request["messages"])
        if "rusak" in said and not ("sekali" in said and request["attempt"] > 1):
            raise EngineFailed("action_failed")
        if events:
            return _answer(request, state, _receipt(events[0]), level=state["slots"].get("level"))
        state = {**state, "slots": {**state["slots"], "heard": [*state["slots"]["heard"], said]}}
        if "hal lain" in said:
            state["slots"].pop("draft_id", None)
        state["slots"].setdefault("draft_id", hashlib.sha256(request["seed"].encode()).hexdigest()[:32])
        level = "anonymous" if "anonim" in said else "confidential" if "rahasia" in said else "open"
        if "kirim" in said:
            state["slots"]["level"] = level
            draft = draft_data(
                draft_id=state["slots"]["draft_id"],
                identity_level=level,
                description=" ".join(state["slots"]["heard"]),
            )
            draft["attachments"] = _attachments(request)
            return _answer(request, state, "", [{"kind": "file_complaint", "data": draft}], level=level)
        if "hapus" in said:
            return _answer(request, state, "", [{"kind": "forget", "data": {}}])
        return _answer(request, state, f"dengar: {said}", level=level, draft_open=True)


def _heard(message: Mapping[str, Any]) -> str:
    return str(message.get("text") or message.get("choice") or message.get("event") or "berkas")


def _attachments(request: Mapping[str, Any]) -> list[str]:
    return [file["id"] for one in request["messages"] for file in one.get("attachments", ())]


def _receipt(result: Mapping[str, Any]) -> str:
    if result["kind"] == "forget":
        return "sudah dihapus"
    return f"terkirim {result['case_number']}, kode ⟦code⟧"


def _answer(
    request: Mapping[str, Any],
    state: Mapping[str, Any],
    text: str,
    effects: list[dict[str, Any]] | None = None,
    *,
    level: str | None = None,
    draft_open: bool = False,
) -> dict[str, Any]:
    reply = {"text": text, "choices": [], "card": None, "progress": None, "ask": None, "responses": []}
    understood = [
        {"message": one["id"], "intent": "keluhan", "unsure": "fallback", "flags": {}}
        for one in request["messages"]
    ]
    return {
        "turn": request["turn"],
        "attempt": request["attempt"],
        "model": "fake-1",
        "replies": [reply] if text else [],
        "state": dict(state),
        "effects": effects or [],
        "understanding": understood,
        "draft": {"identity_level": level, "sensitive": False, "open": draft_open},
    }
