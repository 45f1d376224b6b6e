"""A few simulated citizens of every kind on the real engine and the real backend; `make citizens` lets all of them talk."""

from __future__ import annotations

import pytest

from backend.persistence.database import Database
from backend.places import service as places
from tests.citizens.citizen import Citizen
from tests.citizens.figures import transcript
from tests.citizens.manners import MANNERS
from tests.citizens.personas import SEED, personas
from tests.citizens.talking import world
from tests.citizens.verdict import faults
from tests.support.real_engine import RealEngine
from tests.support.stage import SERVED

MOST_MESSAGES = 8
PEOPLE = personas(SEED, of_each=1)[::2]


def test_the_same_seed_gives_the_same_people() -> None:
    def names(seed: int) -> list[tuple[str, str]]:
        return [(one.manner.name, one.facts.id) for one in personas(seed)]

    assert names(SEED) == names(SEED) != names(SEED + 1)
    assert len(names(SEED)) >= 150
    assert len({manner for manner, _ in names(SEED)}) == len(MANNERS)


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> places.Places:
    return places.load(SERVED, tmp_path_factory.mktemp("no-polygons"))


@pytest.mark.model
@pytest.mark.database
@pytest.mark.parametrize("citizen", PEOPLE, ids=lambda one: f"{one.manner.name} {one.facts.id}")
async def test_citizen(
    citizen: Citizen, database: Database, real_engine: RealEngine, finder: places.Places
) -> None:
    async with world(real_engine, finder) as ours:
        talk = await ours.talk(citizen, database)
    assert not faults(talk), transcript(talk)
    assert talk.to_code is None or talk.to_code <= MOST_MESSAGES
