"""Votes of reviewers: one is enough for nine in ten, two for the tenth, a third when they disagree; and back again."""

import pytest

from backend.review.decisions import Vote, is_read_twice, kappa, outcome
from backend.review.folding import fold_key
from backend.review.priority import reason_of, uncertainty
from backend.usecases.pick_for_review import guesses, pick_for_review, with_provenance, work_label
from backend.usecases.review_sentence import ReviewRefused, end_dispute, review_sentence, take_back
from tests.persistence.contract import a_review_item
from tests.support.builders import NOW
from tests.support.fakes import FakeUnitOfWork, Store

ONCE, TWICE = 1, 10


async def waiting(n: int) -> tuple[FakeUnitOfWork, str]:
    uow = FakeUnitOfWork(Store())
    await uow.__aenter__()
    item = a_review_item(n)
    await uow.review.add(item)
    return uow, item.id


async def test_one_vote_is_enough_for_most() -> None:
    uow, item = await waiting(ONCE)
    done = await review_sentence(item, "sapa", "", "ani", uow, NOW)
    assert (done.status, done.label, done.decided_by) == ("approved", "sapa", "ani")
    with pytest.raises(ReviewRefused, match="closed"):
        await review_sentence(item, "batal", "", "budi", uow, NOW)


async def test_the_tenth_is_read_by_two_who_do_not_know_of_each_other() -> None:
    uow, item = await waiting(TWICE)
    assert (await review_sentence(item, "sapa", "", "ani", uow, NOW)).status == "second"
    with pytest.raises(ReviewRefused, match="voted"):
        await review_sentence(item, "sapa", "", "ani", uow, NOW)
    assert (await review_sentence(item, "batal", "", "budi", uow, NOW)).status == "disputed"
    third = await review_sentence(item, "sapa", "", "cici", uow, NOW)
    assert (third.status, third.label) == ("approved", "sapa")
    assert await uow.review.double_votes() == (("sapa", "batal"),)


async def test_a_vote_is_taken_back() -> None:
    uow, item = await waiting(ONCE)
    await review_sentence(item, None, "dismissed", "ani", uow, NOW)
    back = await take_back("ani", uow, NOW)
    assert back is not None
    assert back.status == "pending"
    assert await take_back("ani", uow, NOW) is None


async def test_passing_on_needs_a_known_reason_and_two_people() -> None:
    uow, item = await waiting(ONCE)
    with pytest.raises(ReviewRefused, match="unknown"):
        await review_sentence(item, None, "malas", "ani", uow, NOW)
    assert (await review_sentence(item, None, "bahasa", "ani", uow, NOW)).status == "pending"
    assert (await review_sentence(item, None, "tidak_jelas", "budi", uow, NOW)).status == "skipped"


async def disputed() -> tuple[FakeUnitOfWork, str]:
    uow, item = await waiting(TWICE)
    await review_sentence(item, "sapa", "", "ani", uow, NOW)
    await review_sentence(item, "batal", "", "budi", uow, NOW)
    return uow, item


async def test_where_nobody_else_reads_one_of_the_two_takes_the_others_opinion() -> None:
    uow, item = await disputed()
    done = await end_dispute(item, "ani", uow, NOW, agree=True)
    assert (done.status, done.label, done.decided_by) == ("approved", "batal", "ani")
    assert await uow.review.double_votes() == (("sapa", "batal"),), "they differed, and that stays known"
    back = await take_back("ani", uow, NOW)
    assert back is not None
    again = await uow.review.by_id(item)
    assert again is not None
    assert again.status == "disputed"


async def test_or_they_put_it_aside_and_it_teaches_nothing() -> None:
    uow, item = await disputed()
    done = await end_dispute(item, "budi", uow, NOW, agree=False)
    assert (done.status, done.label) == ("skipped", None)
    with pytest.raises(ReviewRefused, match="closed"):
        await end_dispute(item, "ani", uow, NOW, agree=True)


async def test_nobody_else_ends_a_dispute_in_their_place() -> None:
    uow, item = await disputed()
    with pytest.raises(ReviewRefused, match="not_yours"):
        await end_dispute(item, "cici", uow, NOW, agree=True)
    with pytest.raises(ReviewRefused, match="unknown"):
        await end_dispute("e" * 32, "ani", uow, NOW, agree=True)
    third = await review_sentence(item, "sapa", "", "cici", uow, NOW)
    assert (third.status, third.label) == ("approved", "sapa")


def test_about_one_in_ten_is_read_twice() -> None:
    ids = [fold_key(f"kalimat nomor {n}") for n in range(2000)]
    assert 0.07 < sum(map(is_read_twice, ids)) / len(ids) < 0.13


def test_agreement_counts_against_chance() -> None:
    assert kappa([]) is None
    assert kappa([("a", "a"), ("b", "b"), ("a", "b"), ("b", "a")]) == 0.0
    assert outcome("f" * 32, [Vote("a", None, "dismissed")]) == ("dismissed", None)


READS = {
    "what the engine admits": ({"unsure": "fallback"}, "fallback"),
    "a low confidence": ({"intent": "sapa", "confidence": 0.3}, "low_confidence"),
    "two that are close": (
        {"intent": "sapa", "confidence": 0.52, "ranking": [{"confidence": 0.52}, {"confidence": 0.45}]},
        "small_margin",
    ),
    "a complaint about what?": (
        {"intent": "keluhan", "confidence": 0.9, "issue_ranking": [{"code": "sampah", "confidence": 0.2}]},
        "unsure_issue",
    ),
    "an answer to our question": ({"intent": "sapa", "confidence": 0.3, "asked": "place"}, None),
    "what is sure": ({"intent": "sapa", "confidence": 0.9}, None),
}


@pytest.mark.parametrize(("read", "reason"), READS.values(), ids=READS)
def test_why_a_person_should_look(read: dict[str, object], reason: str | None) -> None:
    assert reason_of(read) == reason


def test_what_was_wrong_is_the_most_uncertain() -> None:
    assert uncertainty("officer_changed", 0.99, [0.99]) == 1.0
    assert uncertainty("low_confidence", 0.2, [0.2, 0.1]) > uncertainty("low_confidence", 0.8, [0.8, 0.1])


def test_near_doubles_wait_as_one() -> None:
    texts = {"m1": "pak lampu jalan mati", "m2": "Lampu jalan matiii min!!", "m3": "jalan lampu mati"}
    read = [{"message": name, "intent": "keluhan", "confidence": 0.2} for name in texts]
    assert len({item.id for item in pick_for_review(read, texts, NOW)}) == 1


def test_a_complaint_is_guessed_with_its_issue() -> None:
    issues = [{"code": "sampah", "confidence": 0.6}, {"code": "drainase_banjir", "confidence": 0.2}]
    labels = [label for label, _ in guesses((("keluhan", 0.5), ("sapa", 0.3), ("tanya", 0.1)), issues)]
    assert labels == ["keluhan/sampah", "sapa", "keluhan/drainase_banjir"]


def test_what_was_said_around_is_masked_and_a_repetition_seen() -> None:
    item = pick_for_review([{"message": "m", "unsure": "fallback"}], {"m": "opo iki"}, NOW)[0]
    phone = "0812" + "34567890"
    told = with_provenance(
        item, [("warga", "opo iki min"), ("asisten", f"hub {phone}"), ("warga", "opo iki")], "s", "t"
    )
    assert told.reason == "repeated"
    assert told.context[1] == ("asisten", "hub [TELEPON]")
    assert (told.sender, told.talk) == ("s", "t")


def test_an_officers_correction_is_a_candidate_with_its_label_first() -> None:
    item = work_label("sampah menumpuk", "keluhan/sampah", "keluhan/jalan_rusak", "officer_changed", NOW)
    assert item is not None
    assert (item.source, item.ranking[0][0], item.issue, item.status) == (
        "work",
        "keluhan/sampah",
        "jalan_rusak",
        "pending",
    )
