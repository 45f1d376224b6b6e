"""A candidate on trial on PostgreSQL: heard silently, given to a stable share, stopped by itself, and never a word of secret talks."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from backend.persistence.database import Database
from backend.persistence.tables import trial_turns
from backend.persistence.trial_rows import Trial
from backend.review import trial as rules
from backend.rounds.promotion import PromotionRefused
from backend.rounds.trial import TrialRunner
from tests.support.talk import Talk
from tests.support.toy_training import LIVE, ToyTraining, toy_training
from tests.support.toy_trial import CANDIDATE, ToyCrew, TwoEngines

pytestmark = pytest.mark.database


class Scene:
    """A talk on the product's pipeline, a trained candidate, and the runner that follows the trial."""

    def __init__(self, database: Database, toy: ToyTraining) -> None:
        self.toy, self.engines, self.crew = toy, TwoEngines(), ToyCrew(toy.serving)
        self.runner = TrialRunner(
            toy.worker.open_uow,
            self.engines,
            self.crew,
            toy.worker.models,
            database.keys.vault.identifier,
            lambda: self.talk.now,
        )
        self.talk = Talk(database, engine=self.engines, trials=self.runner)
        self.round_id = ""

    async def begin(self) -> Trial:
        self.round_id = await self.toy.desk.request("ani")
        await self.toy.worker.work_once()
        trial = await self.toy.desk.promotion.try_out(self.round_id, "ani")
        await self.runner.follow()
        await self.runner.follow()
        return trial

    async def say(self, text: str, sender: str = "sesi-a") -> None:
        self.talk.sender = sender
        await self.talk.say(text)
        while not self.runner._done.empty():
            await self.runner.note(self.runner._done.get_nowait())

    async def rows(self) -> list[Any]:
        async with self.talk.open_uow() as uow:
            return list(
                await uow.transaction.connection.execute(sa.select(trial_turns).order_by(trial_turns.c.at))
            )


@pytest.fixture
async def scene(database: Database, tmp_path: Path) -> AsyncIterator[Scene]:
    moment: list[Scene] = []

    def clock() -> datetime:
        return moment[0].talk.now

    made = Scene(database, toy_training(database, tmp_path, clock))
    moment.append(made)
    yield made


async def test_a_silent_candidate_is_compared_and_answers_nobody(scene: Scene) -> None:
    await scene.begin()
    assert scene.crew.running == [scene.toy.steps.name]
    await scene.say("lampu mati")
    await scene.say("dadah, nomor saya 0812" + "34567890")
    seen = await scene.toy.desk.trial()
    assert seen is not None
    assert (seen.compared.n, seen.compared.same_reading, seen.compared.same_answer) == (2, 1, 2)
    assert seen.labels == (("keluhan", "pamit", 1),)
    ((text, live, candidate),) = seen.texts
    assert "dadah" in text and "0812" not in text and (live, candidate) == ("keluhan", "pamit")
    assert all(request["model"] == "fake-1" for request in scene.engines.requests), (
        "nobody was answered by it"
    )
    assert (seen.live.n, seen.candidate.n, seen.candidate.ms) == (2, 2, 4.0)


async def test_of_secret_talks_there_are_figures_and_no_words(scene: Scene) -> None:
    await scene.begin()
    await scene.say("dadah anonim", "sesi-x")
    ((row,)) = [one for one in await scene.rows() if one.kind == "compared"]
    assert row.same_reading is False
    assert (row.text, row.live_label, row.candidate_label, row.sender, row.talk) == (None,) * 5
    assert row.at.minute == row.at.second == 0


async def test_what_becomes_secret_later_or_is_forgotten_loses_its_words(scene: Scene) -> None:
    await scene.begin()
    for later in ("anonim ya", "hapus"):
        await scene.say("dadah dulu", f"sesi-{later}")
        assert [one for one in await scene.rows() if one.text]
        await scene.say(later, f"sesi-{later}")
        await scene.talk.pipeline.timers.purge(scene.talk.now)
        assert not [one for one in await scene.rows() if one.text], later


async def test_a_share_of_conversations_is_served_and_keeps_its_model(scene: Scene) -> None:
    await scene.begin()
    with pytest.raises(PromotionRefused, match="busy"):
        await scene.toy.desk.promotion.try_out(scene.round_id, "budi")
    ids = [f"{n:032x}" for n in range(600)]

    def chosen() -> set[str]:
        return {one for one in ids if scene.runner.model_for("fake-1", one, None) == CANDIDATE}

    assert chosen() == set()
    parts = []
    for share in (10, 50, 10, 0):
        assert await scene.toy.desk.move_trial(share, "ani")
        await scene.runner.follow()
        parts.append(chosen())
    assert 0.05 < len(parts[0]) / len(ids) < 0.16 and 0.42 < len(parts[1]) / len(ids) < 0.58
    assert parts[0] < parts[1] and parts[0] == parts[2] and parts[3] == set()


async def test_a_report_stays_with_the_model_that_it_was_begun_with_while_both_answer(scene: Scene) -> None:
    await scene.begin()
    ids = [f"{n:032x}" for n in range(40)]

    def served(began_with: str | None) -> set[str]:
        return {scene.runner.model_for("fake-1", one, began_with) for one in ids}

    assert served(CANDIDATE) == {"fake-1"}, "silent: nobody"
    assert await scene.toy.desk.move_trial(50, "ani")
    await scene.runner.follow()
    assert served(None) == {"fake-1", CANDIDATE}
    assert (served("fake-1"), served(CANDIDATE)) == ({"fake-1"}, {CANDIDATE})
    assert served("long-gone") == {"fake-1", CANDIDATE}
    assert await scene.toy.desk.stop_trial("ani")
    await scene.runner.follow()
    assert served(CANDIDATE) == {"fake-1"}, "stopped: everybody at once"


async def test_everybody_is_back_at_the_next_look(scene: Scene) -> None:
    await scene.begin()
    await scene.toy.desk.move_trial(50, "ani")
    await scene.runner.follow()
    for n in range(12):
        await scene.say("halo", f"sesi-{n}")
    models = {request["model"] for request in scene.engines.requests}
    assert models == {"fake-1", CANDIDATE}
    seen = await scene.toy.desk.trial()
    assert seen is not None and seen.live.n + seen.candidate.n == 12 and seen.candidate.n > 0
    assert await scene.toy.desk.stop_trial("ani")
    await scene.runner.follow()
    assert scene.crew.running == [] and scene.engines.trial_model is None
    assert scene.runner.model_for("fake-1", "f" * 32, None) == "fake-1"
    assert not await scene.toy.desk.stop_trial("ani") and not await scene.toy.desk.move_trial(10, "ani")


async def test_a_turn_that_fails_in_the_candidate_is_answered_by_the_served_model(scene: Scene) -> None:
    await scene.begin()
    await scene.toy.desk.move_trial(50, "ani")
    await scene.runner.follow()
    sender = ""
    while not sender or scene.engines.requests[-1]["model"] != CANDIDATE:
        sender = f"{sender}x"
        await scene.say("tes", sender)
    scene.engines.fails = True
    scene.talk.sender = sender
    accepted = await scene.talk.send("halo")
    await scene.talk.pipeline.settle()
    scene.talk.wait(seconds=5)
    await scene.talk.pipeline.settle()
    assert accepted.conversation is not None
    assert await scene.talk.last(accepted.conversation) == "dengar: halo"


@pytest.mark.parametrize(("trouble", "ending"), [("fails", "failing"), ("slow", "slower")])
async def test_a_candidate_that_does_worse_is_stopped_by_itself(
    scene: Scene, trouble: str, ending: str
) -> None:
    await scene.begin()
    scene.engines.fails, scene.engines.candidate_ms = trouble == "fails", 60.0
    for n in range(3 if trouble == "fails" else rules.LEAST_TURNS):
        assert scene.engines.trial_model is not None
        await scene.say(f"halo {n}")
        await scene.runner.follow()
    seen = await scene.toy.desk.trial()
    assert seen is not None and (seen.trial.stage, seen.trial.ending) == ("ended", ending)
    assert scene.crew.running == [] and seen.trial.moved_by == "sistem"


async def test_a_candidate_whose_engine_does_not_come_up_is_given_up(scene: Scene) -> None:
    scene.engines.try_out = lambda address: None  # type: ignore[method-assign]
    await scene.begin()
    with pytest.raises(PromotionRefused, match="not_ready"):
        await scene.toy.desk.move_trial(10, "ani")
    scene.talk.wait(seconds=rules.LONGEST_AWAY_S + 1)
    await scene.runner.follow()
    waiting = await scene.toy.desk.trial()
    assert waiting is not None and waiting.trial.is_open, "loading takes longer than staying away may"
    scene.talk.wait(seconds=rules.LONGEST_START_S - rules.LONGEST_AWAY_S)
    await scene.runner.follow()
    seen = await scene.toy.desk.trial()
    assert seen is not None and seen.trial.ending == "not_served"


async def test_promotion_ends_the_trial_and_so_does_another_model(scene: Scene) -> None:
    await scene.begin()
    await scene.toy.desk.promotion.promote(scene.round_id, "ani")
    seen = await scene.toy.desk.trial()
    assert seen is not None and seen.trial.ending == "promoted"
    assert scene.toy.serving.name == scene.toy.steps.name
    await scene.runner.follow()
    assert scene.crew.running == []
    back = await scene.toy.desk.promotion.roll_back("ani")
    assert back.model == LIVE
