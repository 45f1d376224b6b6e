"""From a message to its reply through a real database: once, in order, all or nothing."""

import asyncio

import pytest
import sqlalchemy as sa

from backend.cases import tracking_code
from backend.conversations.outbox import Parcel, Sent, TryLater
from backend.persistence.database import Database
from backend.persistence.tables import cases, dead_letters, inbox, outbox, review_items, turns
from tests.support.talk import Crash, Talk

pytestmark = pytest.mark.database


async def count(database: Database, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
    async with database.requests.connect() as connection:
        query = sa.select(sa.func.count()).select_from(table).where(*conditions)
        return int(await connection.scalar(query) or 0)


async def test_a_message_gets_its_reply_and_both_are_in_the_history(database: Database) -> None:
    talk = Talk(database)
    accepted = await talk.send("lampu mati", id="c-1")
    await talk.pipeline.settle()
    mine, reply = await talk.history(accepted.conversation)
    assert (mine.seq, mine.kind, mine.body) == (
        1,
        "mine",
        {"message": {"text": "lampu mati"}, "client_id": "c-1"},
    )
    assert (reply.seq, reply.kind, reply.body["text"]) == (2, "reply", "dengar: lampu mati")
    assert await talk.history(accepted.conversation, after=2) == []


async def test_state_is_carried_from_turn_to_turn(database: Database) -> None:
    talk = Talk(database)
    await talk.say("satu")
    await talk.say("dua")
    assert talk.engine.requests[0]["state"] is None
    assert talk.engine.requests[1]["state"]["slots"]["heard"] == ["satu"]
    assert talk.engine.requests[1]["now"] == "2026-11-23T09:12:34+08:00"


async def test_copies_at_the_same_moment_are_one_message(database: Database) -> None:
    talk = Talk(database)
    answers = await asyncio.gather(*(talk.send("lampu mati", id="sama") for _ in range(8)))
    assert {(one.conversation, one.seq) for one in answers} == {(answers[0].conversation, answers[0].seq)}
    assert [one.is_new for one in answers].count(True) == 1
    await talk.pipeline.settle()
    assert len(talk.engine.requests) == 1


async def test_places_rise_without_a_gap_for_concurrent_messages(database: Database) -> None:
    talk = Talk(database)
    answers = await asyncio.gather(*(talk.send(f"pesan {n}") for n in range(12)))
    assert sorted(one.seq for one in answers) == list(range(1, 13))
    assert len({one.conversation for one in answers}) == 1


async def test_a_filed_report_answers_with_its_code_which_the_engine_never_saw(database: Database) -> None:
    talk = Talk(database)
    await talk.say("lampu mati")
    receipt = await talk.say("kirim")
    async with talk.open_uow() as uow:
        conversation = await uow.conversations.find("web", talk.sender)
    event = (await talk.history(conversation))[-1]
    code = event.body["code"]
    assert event.kind == "receipt"
    assert code in receipt and "⟦" not in receipt and len(code.replace(" ", "")) == 20
    assert code.replace(" ", "") not in str(talk.engine.requests).replace(" ", "")
    async with talk.open_uow() as uow:
        found = await uow.cases.by_code_digest(database.keys.vault.digest(code.replace(" ", "")))
    assert found is not None and "lampu mati" in found.description


POINTS = [
    "message_accepted",
    "turn_frozen",
    "turn_held",
    "engine_answered",
    "effects_done",
    "receipt_made",
    "before_turn_commit",
    "after_turn_commit",
]


@pytest.mark.parametrize("point", POINTS)
async def test_a_crash_anywhere_ends_with_one_case_and_one_receipt(database: Database, point: str) -> None:
    before = Talk(database)
    await before.say("lampu mati")
    before.crash_at = point
    with pytest.raises(Crash):
        await before.send("kirim", id="kirim-1")
        await before.pipeline.settle()
    after = Talk(database, now=before.now)
    accepted = await after.send("kirim", id="kirim-1")
    await after.pipeline.settle()
    kinds = [one.kind for one in await after.history(accepted.conversation)]
    assert kinds == ["mine", "reply", "mine", "receipt"]
    assert await count(database, cases) == 1
    assert await count(database, turns, turns.c.status != "done") == 0


async def test_a_retry_replays_the_frozen_input(database: Database) -> None:
    talk = Talk(database)
    await talk.send("rusak sekali")
    await talk.pipeline.settle()
    await talk.send("menyusul")
    talk.wait(seconds=5)
    await talk.pipeline.settle()
    first, again, next_turn = talk.engine.requests
    assert {**first, "attempt": 2} == again
    assert (next_turn["attempt"], next_turn["messages"][0]["text"]) == (1, "menyusul")


async def test_the_third_failure_tells_the_person_and_the_officers(database: Database) -> None:
    talk = Talk(database)
    accepted = await talk.send("rusak")
    for _ in range(5):
        await talk.pipeline.settle()
        talk.wait(seconds=30)
    assert len(talk.engine.requests) == 3
    assert await talk.last(accepted.conversation) == talk.services.reference.sentence("turn_failed")
    assert await count(database, dead_letters, dead_letters.c.error_code == "action_failed") == 1
    assert await talk.say("masih bisa") == "dengar: masih bisa"


async def test_an_error_of_our_own_costs_only_that_message(database: Database) -> None:
    talk = Talk(database)
    await talk.say("lampu mati")
    broken = Talk(database)

    async def fails(*_: object) -> None:
        raise KeyError("rusak")

    object.__setattr__(broken.pipeline.worker, "carry_out", fails)
    await broken.send("kirim")
    for _ in range(4):
        await broken.pipeline.settle()
        broken.wait(seconds=30)
    assert await count(database, dead_letters, dead_letters.c.error_code == "worker_KeyError") == 1
    assert await count(database, cases) == 0


async def test_without_an_engine_messages_wait_and_the_person_is_told_once(database: Database) -> None:
    talk = Talk(database)
    talk.engine.model = None
    accepted = await talk.send("lampu mati")
    await talk.pipeline.settle()
    assert await talk.pipeline.timers.tell_engines_are_down(talk.now) == 0, "patience first"
    talk.wait(seconds=20)
    assert await talk.pipeline.timers.tell_engines_are_down(talk.now) == 1
    assert await talk.pipeline.timers.tell_engines_are_down(talk.now) == 0, "once"
    assert await talk.last(accepted.conversation) == talk.services.reference.sentence("engine_down")
    talk.engine.model = "fake-1"
    await talk.pipeline.settle()
    assert await talk.last(accepted.conversation) == "dengar: lampu mati"
    assert await count(database, turns, turns.c.failures > 0) == 0


async def test_workers_racing_never_work_on_one_conversation_twice(database: Database) -> None:
    processes = [Talk(database, sender="x") for _ in range(4)]
    talk = processes[0]
    senders = [Talk(database, sender=f"s{n}") for n in range(6)]
    for n in range(5):
        for one in senders:
            await one.send(f"{one.sender} pesan {n}")
        await asyncio.gather(*(process.pipeline.settle() for process in processes))
    asked = [request for process in processes for request in process.engine.requests]
    assert len({(request["turn"], request["attempt"]) for request in asked}) == len(asked)
    for one in senders:
        async with one.open_uow() as uow:
            conversation = await uow.conversations.find("web", one.sender)
            state = await uow.conversations.state(conversation)
        heard = " | ".join(state["slots"]["heard"]).split(" | ")
        assert heard == [f"{one.sender} pesan {n}" for n in range(5)]
    assert await count(database, turns, turns.c.status == "frozen") == 0
    assert talk.now is not None


async def test_danger_and_questions_about_a_report_overtake_a_surge(database: Database) -> None:
    talk = Talk(database)
    said = [f"lampu mati nomor {n}" for n in range(104)]
    code = tracking_code.grouped(tracking_code.mint(lambda _: 123_456_789))
    for n, text in enumerate([*said, f"cek {code}", "tolong ada anak tenggelam"]):
        talk.sender = f"sesi-{n}"
        talk.wait(seconds=1)
        await talk.send(text)
    heard = []
    while await talk.pipeline.worker.work_once():
        heard.append(talk.engine.requests[-1]["messages"][0]["text"])
    assert heard == [f"cek {code}", "tolong ada anak tenggelam", *said]


async def test_a_surge_of_open_windows_does_not_hide_who_is_due(database: Database) -> None:
    """The first hundred that wait are still writing; whoever comes after them and is done is answered."""
    talk = Talk(database, channel="whatsapp")
    for n in range(102):
        talk.sender = f"62-{n}"
        await talk.send("lampu")
    talk.sender = "62-terakhir"
    await talk.send("batal")
    assert await talk.pipeline.worker.work_once()
    assert [one["text"] for one in talk.engine.requests[-1]["messages"]] == ["batal"]


async def test_a_late_answer_of_an_older_attempt_is_discarded(database: Database) -> None:
    slow, fast = Talk(database), Talk(database)
    accepted = await slow.send("lampu mati")
    now = slow.now.isoformat()
    async with slow.open_uow() as uow:
        mine = await uow.turns.claim(slow.now, now, lambda *_: "fake-1")
        await uow.commit()
    await fast.pipeline.settle()
    await slow.pipeline.worker._run(mine)
    assert slow.engine.requests == []
    replies = [one for one in await fast.history(accepted.conversation) if one.kind == "reply"]
    assert len(replies) == 1


async def test_a_quiet_window_makes_one_turn_of_a_burst(database: Database) -> None:
    talk = Talk(database, channel="whatsapp")
    await talk.send("lampu")
    await talk.pipeline.settle()
    talk.wait(seconds=1)
    await talk.send("mati")
    await talk.pipeline.settle()
    assert talk.engine.requests == []
    talk.wait(seconds=1.6)
    await talk.pipeline.settle()
    assert [[one["text"] for one in request["messages"]] for request in talk.engine.requests] == [
        ["lampu", "mati"]
    ]


@pytest.mark.parametrize(
    "content", [{"text": "Kirim!"}, {"choice": "q1-1"}, {"text": "ada kebakaran di pasar"}]
)
async def test_what_cannot_wait_closes_the_window(database: Database, content: dict[str, str]) -> None:
    talk = Talk(database, channel="whatsapp")
    await talk.send("lampu mati")
    await talk.send(**content)
    await talk.pipeline.settle()
    assert len(talk.engine.requests[0]["messages"]) == 2


async def test_a_slash_reaches_the_engine_as_a_word(database: Database) -> None:
    talk = Talk(database)
    await talk.say(" /​/restart")
    assert talk.engine.requests[0]["messages"][0]["text"] == "restart"


async def test_review_candidates_are_stored_but_never_of_anonymous_talks(database: Database) -> None:
    await Talk(database, sender="a").say("bingung")
    await Talk(database, sender="b").say("bingung anonim")
    assert await count(database, review_items) == 1


class Postman:
    """A channel sender that notes what it was given and answers as it was told."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.parcels: list[Parcel] = []

    async def send(self, parcel: Parcel) -> object:
        self.parcels.append(parcel)
        return self.answers.pop(0) if self.answers else Sent(f"wamid-{len(self.parcels)}")


async def test_a_push_channel_is_sent_to_in_order_with_retries(database: Database) -> None:
    postman = Postman(TryLater("131000"), Sent("p1"))
    talk = Talk(database, channel="whatsapp", senders={"whatsapp": postman})
    await talk.send("satu kirim")
    await talk.pipeline.settle()
    assert [parcel.address for parcel in postman.parcels] == ["alamat-sesi-a"]
    await talk.send("batal")
    await talk.pipeline.settle()
    assert len(postman.parcels) == 1, "the second waits for the first"
    talk.wait(seconds=10)
    await talk.pipeline.settle()
    assert [parcel.id for parcel in postman.parcels[:2]] == [postman.parcels[0].id] * 2
    assert len(postman.parcels) == 3
    assert await count(database, outbox, outbox.c.status == "delivered") == 2


async def test_a_crash_while_sending_is_unknown_and_sent_again_later(database: Database) -> None:
    postman = Postman()
    talk = Talk(database, channel="whatsapp", senders={"whatsapp": postman}, crash_at="sent")
    with pytest.raises(Crash):
        await talk.say("kirim")
    again = Talk(database, channel="whatsapp", senders={"whatsapp": postman}, now=talk.now)
    await again.pipeline.settle()
    assert len(postman.parcels) == 1
    again.wait(seconds=121)
    await again.pipeline.settle()
    assert len(postman.parcels) == 2
    assert await count(database, outbox, outbox.c.status == "delivered") == 1


async def test_lone_surrogates_and_nul_are_taken(database: Database) -> None:
    talk = Talk(database)
    assert await talk.say("a\ud800b\x00c") == "dengar: a�bc"


async def test_the_reader_of_a_stream_is_woken(database: Database) -> None:
    talk = Talk(database)
    running = asyncio.create_task(talk.pipeline.run())
    try:
        accepted = await talk.send("lampu mati")
        began = asyncio.get_running_loop().time()
        found = await talk.pipeline.wait_for_event(accepted.conversation, accepted.seq, timeout_s=5)
        assert [one.kind for one in found] == ["reply"]
        assert asyncio.get_running_loop().time() - began < 2
        other = Talk(database)
        listening = asyncio.create_task(other.pipeline.wakeups.run())
        await asyncio.sleep(0.3)
        waiting = asyncio.create_task(other.pipeline.wait_for_event(accepted.conversation, found[-1].seq, 4))
        await asyncio.sleep(0.1)
        began = asyncio.get_running_loop().time()
        await talk.send("lagi")
        assert (await waiting)[0].kind == "mine"
        assert asyncio.get_running_loop().time() - began < 1, "told by the other process, not found by a poll"
        listening.cancel()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_every_stored_body_is_sealed(database: Database) -> None:
    talk = Talk(database)
    await talk.say("katarahasia di pasar")
    await talk.say("kirim")
    async with database.requests.connect() as connection:
        for table in (inbox, outbox, cases, turns):
            for row in await connection.execute(sa.select(table)):
                assert b"katarahasia" not in repr(row).encode()
