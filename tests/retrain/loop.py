"""The loop once around: talk, review, train, examine, promote, understand better, go back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from backend import model
from backend.app import Product
from backend.persistence.round_rows import Round
from backend.review.folding import fold_key
from backend.review.masking import masked
from backend.settings import Settings, load
from backend.usecases.pick_for_review import work_label
from backend.usecases.review_sentence import review_sentence
from tests.retrain.__main__ import LEAST_GAIN, MOST_LOSS, label_of, rows, tell, understood
from tests.retrain.live import LONGEST_BACK_S, Trial
from tests.retrain.speaking import say

START_WITHIN_S = 900.0
N_TALKS = 12


@asynccontextmanager
async def running() -> AsyncIterator[tuple[Product, Settings]]:
    """The product, with a trained model."""
    settings = load()
    if model.train(settings, only_if_missing=True):
        raise SystemExit("no model could be trained")
    product = await Product.open(settings)
    await product.listen()
    work = asyncio.create_task(product.work())
    try:
        async with asyncio.timeout(START_WITHIN_S):
            while product.engines.model is None:
                await asyncio.sleep(0.2)
        yield product, settings
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await product.close()


async def review(product: Product, labelled: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """Give every sentence its label, twice where two readers are wanted; (arrived by themselves, put right by officers)."""
    arrived = corrected = 0
    for text, label in labelled:
        now = product.site.clock()
        async with product.site.open_uow() as uow:
            item_id = fold_key(masked(text))
            if await uow.review.by_id(item_id) is None:
                # The assistant was sure of something wrong: such a sentence comes from an officer who moves the case.
                item = work_label(text, label, "luar_cakupan", "officer_changed", now)
                assert item is not None
                await uow.review.add(item)
                corrected += 1
            else:
                arrived += 1
            done = await review_sentence(item_id, label, "", "peninjau-demo", uow, now)
            if done.status == "second":
                await review_sentence(item_id, label, "", "peninjau-kedua", uow, now)
            await uow.commit()
    return arrived, corrected


async def trained(product: Product) -> Round:
    """One round, its lines told while it runs."""
    assert product.site.training is not None
    desk, told = product.site.training, 0
    round_id = await desk.request("peninjau-demo")
    while True:
        found = await desk.round(round_id)
        assert found is not None
        lines = found[0].log.splitlines()
        for line in lines[told:]:
            tell(f"    {line}")
        told = len(lines)
        if not found[0].is_open:
            tell(
                f"round {found[0].status}: {found[1]}, refusals {list(found[0].refusals)}, error {found[0].error}"
            )
            return found[0]
        await asyncio.sleep(1)


def share(archive: Path, settings: Settings, part: str) -> float:
    """Share of the sentences of a part that a version understands."""
    wanted = rows(part)
    read = understood(archive, [row["text"] for row in wanted], settings.bot_python)
    return sum(label_of(one) == row["label"] for one, row in zip(read, wanted, strict=True)) / len(wanted)


async def run() -> int:
    """0 when the loop closes: the slang is understood by 15 points more and nothing else by 0.5 less, and nothing of a
    talk is lost while the candidate is tried."""
    async with running() as (product, settings):
        live = product.crew.serving
        assert live is not None and product.site.training is not None
        before = await asyncio.to_thread(share, live, settings, "kept")
        tell(f"served: {live.name}; unseen slang understood: {before:.1%}")
        said = sorted(rows("said"), key=lambda row: rows("said").index(row) % 3)
        await say(product, [row["text"] for row in said])
        arrived, corrected = await review(product, [(row["text"], row["label"]) for row in said])
        tell(
            f"{len(said)} citizens spoke: {arrived} sentences waited for a reviewer, {corrected} came from officers"
        )
        one = await trained(product)
        if one.status != "passed" or one.exam is None:
            return 1
        for part in one.exam["sets"]:
            tell(f"    {part['name']:14} n={part['n']:4} {part['live']:.1%} → {part['candidate']:.1%}")
        trial = Trial(product, one, N_TALKS, tell, [row["text"] for row in rows("kept")])
        went_well = await trial.run()
        after = await asyncio.to_thread(share, settings.models / str(one.model), settings, "kept")
        losses = [part["live"] - part["candidate"] for part in one.exam["sets"] if part["name"] != "baru"]
        tell(
            f"unseen slang: {before:.1%} → {after:.1%}; greatest loss elsewhere: {max(losses) * 100:+.2f} points"
        )
        closed = after - before >= LEAST_GAIN and max(losses) <= MOST_LOSS
        return 0 if closed and went_well and trial.back_s <= LONGEST_BACK_S else 1
