"""The golden talks on the real engine and the real backend, each on a database of its own; state is stored and read back
between all turns."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from backend.cases.case import Case
from backend.conversations.bundling import Bundling, closing_words
from backend.conversations.effects import by_use_cases
from backend.conversations.engine_client import EnginePool
from backend.conversations.inbox import Incoming
from backend.conversations.pipeline import Pipeline, Rules
from backend.persistence.case_refs import SealedCaseRefs
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from backend.places import service as places
from backend.usecases.pick_for_review import pick_for_review
from backend.web.uploads import cleaned
from tests.support.fakes import services
from tests.support.real_engine import RealEngine

pytestmark = [pytest.mark.model, pytest.mark.database]

HERE = Path(__file__).parent
CHANNEL = "web"
SERVED = ("64.08", "62.10", "62.02")
DURATION = re.compile(r"(\d+)(m|h|d)")
TALKS: list[dict[str, Any]] = [
    talk
    for file in sorted((HERE / "talks").glob("*.yml"))
    for talk in yaml.safe_load(file.read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> places.Places:
    return places.load(SERVED, tmp_path_factory.mktemp("no-polygons"))


@dataclass
class Recording:
    """The engines, and the names of what they said in the present turn."""

    pool: EnginePool
    said: list[str] = field(default_factory=list)

    @property
    def model(self) -> str | None:
        return self.pool.model

    async def run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        answer = await self.pool.run(request)
        for reply in answer["replies"]:
            self.said.extend(reply["responses"])
        return answer


@dataclass
class Stage:
    """One citizen on one database."""

    pipeline: Pipeline
    engines: Recording
    database: Database
    now: datetime
    channel: str = CHANNEL
    seq: int = 0
    code: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    count: int = 0
    conversation: str | None = None

    async def play(self, turn: dict[str, Any]) -> tuple[list[str], str]:
        """Names of the responses and the text that the person got."""
        self.engines.said.clear()
        self.now += timedelta(seconds=20)
        if "silence" in turn:
            found = DURATION.fullmatch(str(turn["silence"]))
            assert found, turn
            self.now += timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[found[2]]: int(found[1])})
            await self.pipeline.timers.remind(self.now)
            await self.pipeline.timers.purge(self.now)
        for content in await self._contents(turn):
            self.count += 1
            accepted = await self.pipeline.accept(
                Incoming(self.channel, "warga", f"m{self.count}", content, client_id=f"klien-{self.count}")
            )
            self.conversation = accepted.conversation
        await self.pipeline.settle()
        return list(self.engines.said), await self._heard()

    async def _contents(self, turn: dict[str, Any]) -> list[dict[str, Any]]:
        contents: list[dict[str, Any]] = []
        texts = turn.get("user", [])
        for text in [texts] if isinstance(texts, str) else texts:
            contents.append({"text": self._filled(text)})
        if "choice" in turn:
            assert turn["choice"] in self.choices, f"{turn['choice']} was not offered: {list(self.choices)}"
            contents.append({"choice": self.choices[turn["choice"]]})
        if "location" in turn:
            contents.append({"location": {"accuracy_m": None, "label": None, **turn["location"]}})
        if "attachment" in turn:
            contents.append({"attachments": [await self._photo()]})
        return contents

    def _filled(self, text: str) -> str:
        typo = self.code[:-1] + str((int(self.code[-1]) + 1) % 10) if self.code else ""
        return text.replace("{code}", self.code).replace("{typo}", typo)

    async def _photo(self) -> dict[str, str]:
        picture = io.BytesIO()
        Image.new("RGB", (40, 30), "teal").save(picture, "PNG")
        clean = cleaned(picture.getvalue())
        conversation = await self.pipeline.senders.open(self.channel, "warga")
        upload = await self.pipeline.senders.store_upload(
            conversation, clean.content, clean.kind, clean.media_type
        )
        return {"id": upload, "kind": "photo"}

    async def _heard(self) -> str:
        if self.conversation is None:
            return ""
        texts = []
        for event in await self.pipeline.events_after(self.conversation, self.seq):
            self.seq = event.seq
            if event.kind == "mine":
                continue
            texts.append(str(event.body.get("text") or ""))
            self.choices = {one["label"]: one["id"] for one in event.body.get("choices") or []}
            self.code = event.body.get("code") or self.code
        return "\n".join(texts)

    async def cases(self) -> list[Case]:
        connection = await self.database.admin_address.connect()
        try:
            ids = [row["id"] for row in await connection.fetch("SELECT id FROM cases ORDER BY id")]
        finally:
            await connection.close()
        async with opener(self.database.requests, self.database.keys.vault)() as uow:
            found = [await uow.cases.by_id(one) for one in ids]
        return [case for case in found if case is not None]


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk["talk"])
async def test_talk(
    talk: dict[str, Any], database: Database, real_engine: RealEngine, finder: places.Places
) -> None:
    vault = database.keys.vault
    home = talk.get("home", "64.08")
    ours = replace(services(), codes=vault, refs=SealedCaseRefs(vault), places=finder, home=home)
    pool = EnginePool([real_engine.socket], real_engine.secret, 30.0)
    now = talk["now"] if isinstance(talk["now"], datetime) else datetime.fromisoformat(talk["now"])
    stage = Stage(pipeline=None, engines=Recording(pool), database=database, now=now)  # type: ignore[arg-type]
    stage.channel = talk.get("channel", CHANNEL)
    stage.pipeline = Pipeline(
        database,
        stage.engines,
        Rules(zone=ours.reference.zone(home).tzinfo, home=home),
        by_use_cases(ours),
        ours.reference.sentence,
        pick_for_review,
        bundling=Bundling(words=closing_words()),
        clock=lambda: stage.now,
    )
    open_uow = opener(database.requests, vault)
    async with real_engine.answering(open_uow, ours):
        watch = asyncio.create_task(pool.watch())
        while pool.model is None:
            await asyncio.sleep(0.05)
        for number, turn in enumerate(talk["turns"], start=1):
            names, text = await stage.play(turn)
            where = (
                f"turn {number} { ({k: v for k, v in turn.items() if k != 'bot'}) }\nsaid {names}:\n{text}"
            )
            assert fits(names, turn["bot"]), f"{where}\nexpected {turn['bot']}"
            for part in turn.get("says", []):
                assert part in text, where
            for part in turn.get("never", []):
                assert part not in text, where
        watch.cancel()
    await pool.close()
    check_cases(talk["then"], await stage.cases())


def fits(names: list[str], expected: list[str]) -> bool:
    """The same names in the same order; a trailing `*` stands for any ending."""
    if len(names) != len(expected):
        return False
    return all(
        name.startswith(wanted[:-1]) if wanted.endswith("*") else name == wanted
        for name, wanted in zip(names, expected, strict=True)
    )


def check_cases(then: dict[str, Any] | None, cases: list[Case]) -> None:
    """What the talk left behind in the register."""
    if then is None:
        assert cases == []
        return
    wanted = dict(then)
    assert len(cases) == wanted.pop("cases", 1)
    if not wanted:
        return
    case = cases[0]
    actual = {
        "state": case.state.value,
        "agency": case.assignment.agency.rsplit("-", 1)[0],
        "level": case.assignment.level.value,
        "issue": case.issue,
        "identity_level": case.identity_level.value,
        "report_class": case.report_class.value,
        "oversight": case.oversight,
        "emergency": case.emergency,
    }
    for part in ("description", "place"):
        if part in wanted:
            whole = case.description if part == "description" else case.place.label or ""
            assert wanted.pop(part) in whole
    wanted.pop("attachments", None)
    assert {name: actual[name] for name in wanted} == wanted
