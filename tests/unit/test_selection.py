"""Which approved sentences teach: limits per person and class, the newest kept back, surprises kept out."""

from datetime import UTC, datetime, timedelta

from backend.review.selection import Approved, chosen, room

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
BASE = {"salam": 1000, "keluhan/lampu_jalan": 120}


def approved(n: int, **changes: object) -> Approved:
    values: dict[str, object] = {"label": "salam", "sender": f"s{n}", "at": AT, **changes}
    return Approved(id=f"{n:032x}", decided_at=AT + timedelta(minutes=n), **values)  # type: ignore[arg-type]


def test_one_person_teaches_three_sentences_a_week() -> None:
    items = [approved(n, sender="satu") for n in range(6)]
    items.append(approved(7, sender="satu", at=AT + timedelta(days=7)))
    choice = chosen(items, BASE)
    assert len(choice.taught) == 4 and len(choice.over_limit) == 3


def test_a_round_changes_a_class_by_two_per_cent() -> None:
    assert (room("salam", BASE), room("keluhan/lampu_jalan", BASE), room("baru", BASE)) == (20, 3, 3)
    items = [approved(n) for n in range(100)]
    choice = chosen(items, BASE)
    assert len(choice.taught) == 20
    assert len(choice.held_out) == 20
    assert choice.held_out[-1] == items[-1].id, "the newest are kept back"


def test_what_was_taught_before_keeps_its_place() -> None:
    old = [approved(n, taught=True) for n in range(30)]
    new = [approved(n + 50) for n in range(5)]
    assert len(chosen([*new, *old], BASE).taught) == 35


def test_one_word_against_a_sure_assistant_waits_for_a_second_reader() -> None:
    surprise = approved(1, label="batal", guess="keluhan/lampu_jalan", guess_share=0.97)
    assert chosen([surprise], BASE).quarantined == (surprise.id,)
    agreed = approved(1, label="batal", guess="keluhan/lampu_jalan", guess_share=0.97, readers=2)
    assert chosen([agreed], BASE).taught == (agreed.id,)


def test_the_order_of_the_items_does_not_matter() -> None:
    items = [approved(n, sender=f"s{n % 4}") for n in range(40)]
    assert chosen(items, BASE) == chosen(list(reversed(items)), BASE)
