"""The golden talks on the real engine and the real backend, each on a database of its own; state is stored and read back
between all turns."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.cases.case import Case
from backend.conversations.engine_client import EnginePool
from backend.model import newest
from backend.persistence.case_refs import SealedCaseRefs
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from backend.places import service as places
from tests.support.fakes import services
from tests.support.real_engine import ROOT, RealEngine
from tests.support.stage import CHANNEL, SERVED, stage_on

pytestmark = [pytest.mark.model, pytest.mark.database]

HERE = Path(__file__).parent
TALKS: list[dict[str, Any]] = [
    talk
    for file in sorted((HERE / "talks").glob("*.yml"))
    for talk in yaml.safe_load(file.read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> places.Places:
    return places.load(SERVED, tmp_path_factory.mktemp("no-polygons"))


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk["talk"])
async def test_talk(
    talk: dict[str, Any], database: Database, real_engine: RealEngine, finder: places.Places
) -> None:
    vault = database.keys.vault
    home = talk.get("home", "64.08")
    ours = replace(services(), codes=vault, refs=SealedCaseRefs(vault), places=finder, home=home)
    pool = EnginePool([real_engine.socket], real_engine.secret, 30.0)
    now = talk["now"] if isinstance(talk["now"], datetime) else datetime.fromisoformat(talk["now"])
    stage = stage_on(database, ours, home, pool, now, talk.get("channel", CHANNEL))
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
    check_cases(talk["then"], await stage.cases(), await stage.threads())


PLAY = """
import json, os, sys
from pathlib import Path
from bot.actions.backend_client import HttpBackend
from bot.training.talks import golden, play_all
backend = HttpBackend(os.environ["TEMAN_LAPOR_INTERNAL_URL"], os.environ["TEMAN_LAPOR_ENGINE_SECRET"])
played = play_all(Path(sys.argv[1]), golden(Path(sys.argv[2])), backend)
print(json.dumps([len(played), [repr(one) for one in played if not one.is_right]]))
"""


@pytest.mark.slow
async def test_in_the_exam_of_a_candidate_the_served_model_plays_all_of_them_as_they_should_be(
    database: Database, real_engine: RealEngine, finder: places.Places
) -> None:
    vault = database.keys.vault
    ours = replace(services(), codes=vault, refs=SealedCaseRefs(vault), places=finder, home="64.08")
    archive = newest(ROOT / "models")
    environment = {
        **os.environ,
        "TEMAN_LAPOR_INTERNAL_URL": f"unix:{real_engine.questions}",
        "TEMAN_LAPOR_ENGINE_SECRET": real_engine.secret,
    }
    async with real_engine.answering(opener(database.requests, vault), ours):
        process = await asyncio.create_subprocess_exec(
            str(ROOT / ".venv" / "bot" / "bin" / "python"),
            *("-c", PLAY, str(archive), str(HERE / "talks")),
            cwd=ROOT,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
        )
        told, _ = await process.communicate()
    assert json.loads(told.splitlines()[-1]) == [len(TALKS), []]


def fits(names: list[str], expected: list[str]) -> bool:
    """The same names in the same order; a trailing `*` stands for any ending."""
    if len(names) != len(expected):
        return False
    return all(
        name.startswith(wanted[:-1]) if wanted.endswith("*") else name == wanted
        for name, wanted in zip(names, expected, strict=True)
    )


def check_cases(then: dict[str, Any] | None, cases: list[Case], threads: list[list[str]]) -> None:
    """What the talk left behind in the register."""
    if then is None:
        assert cases == []
        return
    wanted = dict(then)
    assert len(cases) == wanted.pop("cases", 1)
    assert threads == wanted.pop("threads", threads)
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
    if "spot" in wanted:
        assert wanted.pop("spot") in (case.place.landmark or "")
    if "pin" in wanted:
        assert wanted.pop("pin") == (case.place.latitude is not None)
    wanted.pop("attachments", None)
    assert {name: actual[name] for name in wanted} == wanted
