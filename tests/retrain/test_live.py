"""Real engines, real talks: a candidate is tried silently, for a tenth, for half, serves all, and is taken back by one click."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator

import pytest

from tests.retrain.live import Trial
from tests.retrain.loop import running
from tests.retrain.sibling import FORGOTTEN, round_of_sibling
from tests.retrain.speaking import say
from tests.support.database import folder_of_tests
from tests.support.product import Running

SEEN = ("sampah menumpuk di pasar teluk lingga", "lampu jalan mati di bengalon")
pytestmark = [
    pytest.mark.model,
    pytest.mark.slow,
    pytest.mark.database,
    pytest.mark.timeout(2400),
]


@pytest.fixture
async def product(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[object]:
    ours = Running(folder=folder_of_tests())
    ours.bring_model()
    settings = {**ours.environment, "TEMAN_LAPOR_PORT": "0"}
    for name, value in settings.items():
        if name.startswith("TEMAN_LAPOR_"):
            monkeypatch.setenv(name, value)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    try:
        async with running() as (product, _):
            yield product
    finally:
        await asyncio.to_thread(shutil.rmtree, ours.folder, True)


async def test_a_candidate_goes_all_the_way_and_back_and_nobody_notices(product) -> None:  # type: ignore[no-untyped-def]
    one = await round_of_sibling(product)
    told: list[str] = []

    def tell(sentence: str) -> None:
        told.append(sentence)
        print(sentence)

    trial = Trial(product, one, n_talks=6, tell=tell, slang=SEEN)
    assert await trial.run(), "\n".join(told)
    assert any(FORGOTTEN in text for text in trial.shown), "the page shows what is read otherwise"
    assert product.crew.serving.name == one.live_model
    await say(product, ["halo"])
