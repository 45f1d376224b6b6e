"""Talks with the real rules, forms, actions and responses; what NLU would have read is given directly.

The state goes through JSON after every message, so every talk is also a restart in the middle.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from bot.actions import backend_client
from tests.bot.fake_backend import FakeBackend

if TYPE_CHECKING:
    from bot.engine.engine import Engine

ROOT = Path(__file__).parents[2]
GIVEN: dict[str, Any] = {}
NOW = "2026-11-23T09:12:00+08:00"


def whole_domain() -> dict[str, Any]:
    """domain.yml with the responses of bot/data, as Rasa merges them."""
    import yaml

    domain: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    domain["responses"] = {}
    for file in sorted((ROOT / "bot/data/responses").glob("*.yml")):
        domain["responses"] |= yaml.safe_load(file.read_text(encoding="utf-8"))["responses"]
    return domain


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The engine with a model of rules only, trained once per test process."""
    folder = Path(mkdtemp(prefix="dialogue-"))
    os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
    import rasa.model_training
    import yaml

    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    policies = {
        **{k: config[k] for k in ("recipe", "assistant_id", "language")},
        "policies": config["policies"],
    }
    (folder / "config.yml").write_text(yaml.safe_dump({**policies, "pipeline": []}), encoding="utf-8")
    (folder / "domain.yml").write_text(yaml.safe_dump(whole_domain(), allow_unicode=True), encoding="utf-8")
    model = rasa.model_training.train_core(
        str(folder / "domain.yml"), str(folder / "config.yml"), str(ROOT / "bot/data/rules"), str(folder)
    )
    from bot.engine import logs
    from bot.engine.engine import Engine

    logs.configure()
    assert model
    # What NLU would read is part of each test: `Talk.say` puts it into GIVEN.
    return Engine(Path(model), read=lambda heard: {**GIVEN, "text": heard.text})


class Talk:
    """One conversation. `say` hears a message and returns the reply (`{}` when the bot stays silent)."""

    def __init__(self, backend: FakeBackend | None = None, channel: str = "web") -> None:
        self.backend = backend or FakeBackend()
        self.channel = channel
        self.state: dict[str, Any] | None = None
        self.turns = 0
        self.effects: list[dict[str, Any]] = []
        self.replies: list[dict[str, Any]] = []
        self.draft: dict[str, Any] = {}
        self.unsure: str | None = None

    def say(self, text: str = "", intent: str = "nlu_fallback", **parsed: Any) -> dict[str, Any]:
        """A typed message as NLU would have read it. `entities` may be given as `place="…"` and so on."""
        confidence = parsed.pop("confidence", 0.95)
        keys = ("topic", "language", "issue_ranking", "flags", "intent_ranking")
        given = {key: parsed.pop(key) for key in keys if key in parsed}
        if issue := parsed.pop("issue", None):
            given["issue_ranking"] = [{"code": issue, "confidence": 0.9}]
        attachments, location = parsed.pop("attachments", None), parsed.pop("location", None)
        sure = parsed.pop("sure", 0.6)
        entities = [{"entity": name, "value": value, "confidence": sure} for name, value in parsed.items()]
        given |= {"intent": {"name": intent, "confidence": confidence}, "entities": entities}
        given.setdefault("intent_ranking", [given["intent"]])
        messages: list[dict[str, Any]] = [{"id": f"m{self.turns}", "text": text}] if text else []
        if location:
            messages.append({"id": f"l{self.turns}", "location": location})
        if attachments:
            messages.append(
                {"id": f"a{self.turns}", "attachments": [{"id": a, "kind": "photo"} for a in attachments]}
            )
        return self._take(messages, given)

    def choose(self, label: str) -> dict[str, Any]:
        """Tap the choice with that label."""
        assert self.state is not None
        offered = {c["label"]: c["id"] for c in self.state["offered"]}
        return self._take([{"id": f"c{self.turns}", "choice": offered[label]}], {})

    def event(self, name: str, **data: Any) -> dict[str, Any]:
        """An event of the backend."""
        return self._take([{"id": f"e{self.turns}", "event": name, "data": data}], {})

    def filed(self, **data: Any) -> dict[str, Any]:
        """The second step of a turn that asked for the last effect."""
        effect = self.effects[-1]
        level = effect["data"].get("identity_level", "open")
        result = {
            "kind": effect["kind"],
            "outcome": "done",
            "agency_name": "Dinas Perhubungan",
            "identity_level": level,
        }
        return self.event("effect_result", **{**result, "due_label": "11 Desember 2026", **data})

    def slot(self, name: str) -> Any:
        assert self.state is not None
        return self.state["slots"].get(name)

    @property
    def asked(self) -> str | None:
        value = self.slot("requested_slot")
        return str(value) if value else None

    def _take(self, messages: list[dict[str, Any]], given: Mapping[str, Any]) -> dict[str, Any]:
        from bot.engine.contract import turn_from

        self.turns += 1
        frozen = {
            "turn": f"t{self.turns}",
            "attempt": 1,
            "conversation": "talk",
            "channel": self.channel,
            "now": NOW,
            "seed": f"{self.turns:032x}",
            "home": "64.08",
            "messages": messages,
            "state": self.state,
        }
        loaded = engine()
        GIVEN.clear()
        GIVEN.update(given)
        with backend_client.using(self.backend):
            body = asyncio.run(loaded.take(turn_from(frozen))).body
        self.state = json.loads(json.dumps(body["state"]))
        self.draft = dict(body["draft"])
        self.effects += body["effects"]
        self.unsure = body["understanding"][-1]["unsure"] if body["understanding"] else None
        reply: dict[str, Any] = dict(body["replies"][0]) if body["replies"] else {}
        self.replies.append(reply)
        return reply


LAMP = "lampu jln depan sd 004 sangatta utara mati udh seminggu, jgn sebut nama saya"


def complete_first_message(talk: Talk, **more: Any) -> dict[str, Any]:
    """What, where, when and identity in one message."""
    facts: dict[str, Any] = {
        "place": "depan sd 004 sangatta utara",
        "time": {"text": "udh seminggu", "on": "2026-11-16", "precision": "week"},
        "identity_level": "confidential",
    }
    return talk.say(LAMP, "keluhan", issue="lampu_jalan", **{**facts, **more})
