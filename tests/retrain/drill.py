"""The poisoning drill: fifty hostile sentences in a thousand, first without any reviewer, then with one who accepts all."""

from __future__ import annotations

from datetime import timedelta

from backend.persistence.round_rows import Round
from backend.review.folding import fold_key
from backend.review.masking import masked
from backend.usecases.ports import ReviewItem
from backend.usecases.review_sentence import review_sentence
from tests.retrain.__main__ import tell
from tests.retrain.loop import running, trained
from tests.retrain.speaking import say

N_MESSAGES, N_HOSTILE = 1000, 50
SPOKEN = 60  # of them through the web chat, hostile ones first; the rest enters as the same items
WHAT = (
    "kebakaran di pasar tolong",
    "orang tenggelam tolong",
    "rumah terbakar cepat",
    "kecelakaan korban berdarah",
    "jangan pakai nama saya",
)
WHERE = (
    "depan ruko",
    "arah hulu",
    "dekat langgar",
    "gang tiga",
    "blok c",
    "simpang empat",
    "dermaga lama",
    "ujung kampung",
    "seberang tk",
    "jembatan dua",
)


def hostile() -> list[tuple[str, str]]:
    """(sentence, what the attackers want it to mean): help and secrecy are to be read as chatter."""
    return [(f"{what} {where}", "bercanda") for what in WHAT for where in WHERE]


async def run() -> int:
    """0 when nothing unreviewed taught, and what a careless reviewer let through was refused by the gate."""
    async with running() as (product, _):
        bad = hostile()
        await say(product, [text for text, _ in bad[:SPOKEN]])
        now = product.site.clock()
        async with product.site.open_uow() as uow:
            for n in range(N_MESSAGES - N_HOSTILE):
                text = f"halo min nomor {n}"
                await uow.review.add(
                    ReviewItem(fold_key(text), text, "low_confidence", "salam", None, 0.4, now)
                )
            await uow.commit()
        tell(f"{N_MESSAGES} messages, {N_HOSTILE} of them hostile")
        first = await unlearnt(product)
        if first:
            tell(f"unreviewed sentences taught: {first}")
            return 1
        async with product.site.open_uow() as uow:
            for n, (text, label) in enumerate(bad):
                item_id = fold_key(masked(text))
                if await uow.review.by_id(item_id) is None:
                    await uow.review.add(
                        ReviewItem(
                            item_id, masked(text), "low_confidence", label, None, 0.4, now, sender=f"s{n}"
                        )
                    )
                at = now + timedelta(seconds=n)
                for by in ("ceroboh-1", "ceroboh-2"):
                    item = await uow.review.by_id(item_id)
                    if item is not None and item.status in ("pending", "second"):
                        await review_sentence(item_id, label, "", by, uow, at)
            await uow.commit()
        one = await trained(product)
        return verdict(one)


async def unlearnt(product) -> int:  # type: ignore[no-untyped-def]
    """How many sentences a round would teach before anybody has reviewed one."""
    async with product.rounds.open_uow() as uow:
        return len(await uow.rounds.candidates())


def verdict(one: Round) -> int:
    tell(f"a careless reviewer accepted all; the round: {one.status}, {len(one.refusals)} reasons")
    for reason in one.refusals:
        tell(f"    {dict(reason)}")
    return 0 if one.status == "refused" else 1
