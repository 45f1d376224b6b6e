"""What every implementation of the repositories must do. Inherit `RepositoryContract` and give it a `rig` fixture."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import pytest

from backend.cases.case import Actor, IdentityLevel
from backend.cases.errors import StaleCase
from backend.cases.workflow import Mover, State
from backend.review.decisions import Vote
from backend.review.marking import Mark
from backend.usecases.ports import (
    AuditEntry,
    Author,
    DuplicateCase,
    HumanRequest,
    News,
    Notice,
    ReviewItem,
    ThreadMessage,
    UnitOfWork,
)
from backend.usecases.reach import Reach
from tests.persistence.field_copy_contract import FieldCopyContract
from tests.persistence.handover_contract import HandOverContract
from tests.support.builders import NOW, a_case, digest, later

DESK = Actor(Mover.DESK, "desk-1")


class Rig(Protocol):
    """A fresh, empty store."""

    def open_uow(self) -> UnitOfWork:
        """A new transaction."""

    async def conversation(self, sender: str) -> str:
        """A new conversation of this sender (the same sender may have several); returns its opaque id."""

    async def attachment(self, conversation: str) -> str:
        """A stored file of this conversation, committed; returns its id."""


def a_review_item(n: int, **changes: object) -> ReviewItem:
    item = ReviewItem(
        id=f"{n:032x}",
        text="lampu mati min [TELEPON]",
        reason="low_confidence",
        intent="keluhan",
        issue="lampu_jalan",
        confidence=0.41,
        at=later(minutes=n),
        ranking=(("keluhan", 0.41), ("cek_status", 0.33)),
    )
    return replace(item, **changes)  # type: ignore[arg-type]


class RepositoryContract(HandOverContract, FieldCopyContract):
    """The suite. Every test commits in one transaction and looks in another."""

    # ── transaction ─────────────────────────────────────────────────────────────────────────────────────────────

    async def test_another_code_opens_a_case_and_the_first_one_nothing(self, rig: Rig) -> None:
        async with rig.open_uow() as uow:
            await uow.cases.add(a_case(1), digest(1))
            await uow.cases.add(a_case(2), digest(2))
            await uow.cases.replace_code(a_case(1).id, digest(3))
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.cases.by_code_digest(digest(1)) is None
            for one, by in ((1, 3), (2, 2)):
                found = await uow.cases.by_code_digest(digest(by))
                assert found is not None and found.id == a_case(one).id

    async def test_nothing_stays_without_commit(self, rig: Rig) -> None:
        async with rig.open_uow() as uow:
            await uow.cases.add(a_case(), digest())
        async with rig.open_uow() as uow:
            assert await uow.cases.by_id(a_case().id) is None

    async def test_nothing_stays_of_a_block_that_failed(self, rig: Rig) -> None:
        with pytest.raises(ZeroDivisionError):
            async with rig.open_uow() as uow:
                await uow.cases.add(a_case(), digest())
                raise ZeroDivisionError
        async with rig.open_uow() as uow:
            assert await uow.cases.by_draft_id(a_case().draft_id) is None

    async def test_rolled_back_work_can_be_followed_by_other_work(self, rig: Rig) -> None:
        async with rig.open_uow() as uow:
            await uow.cases.add(a_case(1), digest(1))
            await uow.rollback()
            await uow.cases.add(a_case(2), digest(2))
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.cases.by_id(a_case(1).id) is None
            assert await uow.cases.by_id(a_case(2).id) is not None

    # ── cases ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def test_a_case_comes_back_as_it_went_in(self, rig: Rig) -> None:
        case = a_case(attributes={"road_status": "kabupaten"}, objection="bukan provinsi", emergency=True)
        await _stored(rig, case)
        async with rig.open_uow() as uow:
            assert await uow.cases.by_id(case.id) == case

    async def test_a_case_is_found_by_each_of_its_keys(self, rig: Rig) -> None:
        case = a_case()
        await _stored(rig, case)
        async with rig.open_uow() as uow:
            assert await uow.cases.by_draft_id(case.draft_id) == case
            assert await uow.cases.by_number(case.number) == case
            assert await uow.cases.by_code_digest(digest()) == case

    async def test_unknown_keys_find_nothing(self, rig: Rig) -> None:
        await _stored(rig, a_case())
        async with rig.open_uow() as uow:
            assert await uow.cases.by_id("f" * 32) is None
            assert await uow.cases.by_draft_id("f" * 32) is None
            assert await uow.cases.by_number("NONE-0000") is None
            assert await uow.cases.by_code_digest(digest(99)) is None

    @pytest.mark.parametrize("field", ["draft_id", "number", "code"])
    async def test_a_second_case_with_the_same_key_is_refused(self, rig: Rig, field: str) -> None:
        first, second = a_case(1), a_case(2)
        await _stored(rig, first)
        if field != "code":
            second = replace(second, **{field: getattr(first, field)})
        async with rig.open_uow() as uow:
            with pytest.raises(DuplicateCase) as caught:
                await uow.cases.add(second, digest(1 if field == "code" else 2))
            assert caught.value.field == field

    async def test_a_saved_change_raises_the_version_and_appends_events(self, rig: Rig) -> None:
        case = a_case()
        await _stored(rig, case)
        async with rig.open_uow() as uow:
            moved = case.moved_to(State.IN_VERIFICATION, DESK, later(hours=1), "dibaca", "catatan dalam")
            saved = await uow.cases.save(moved)
            await uow.commit()
        assert saved.version == case.version + 1
        async with rig.open_uow() as uow:
            found = await uow.cases.by_id(case.id)
        assert found == replace(moved, version=saved.version)

    async def test_the_second_of_two_savers_is_told(self, rig: Rig) -> None:
        case = a_case()
        await _stored(rig, case)
        async with rig.open_uow() as uow:
            await uow.cases.save(case.moved_to(State.IN_VERIFICATION, DESK, later(hours=1)))
            await uow.commit()
        async with rig.open_uow() as uow:
            with pytest.raises(StaleCase):
                await uow.cases.save(case.noted("text_added", DESK, later(hours=2)))

    async def test_stored_events_are_never_altered(self, rig: Rig) -> None:
        case = a_case()
        await _stored(rig, case)
        forged = replace(case.events[0], what="forged", public_note="forged")
        changed = replace(case, events=(forged,)).noted("text_added", DESK, later(hours=1))
        async with rig.open_uow() as uow:
            await uow.cases.save(changed)
            await uow.commit()
        async with rig.open_uow() as uow:
            found = await uow.cases.by_id(case.id)
        assert found is not None
        assert [event.what for event in found.events] == ["filed", "text_added"]

    async def test_followers_are_listed_oldest_first(self, rig: Rig) -> None:
        await _stored(rig, a_case(1))
        for n in (3, 2):
            await _stored(rig, a_case(n, at=later(minutes=n), parent_id=a_case(1).id, state=State.MERGED))
        async with rig.open_uow() as uow:
            found = await uow.cases.followers(a_case(1).id)
        assert [case.id for case in found] == [a_case(2).id, a_case(3).id]

    async def test_similar_candidates_are_open_ordinary_and_near(self, rig: Rig) -> None:
        wanted = [a_case(1, at=later(days=-2)), a_case(2, at=later(days=-1))]
        others = [
            a_case(3, issue="sampah"),
            a_case(4, place=replace(a_case().place, regency_code="62.02", district_code=None)),
            a_case(5, at=later(days=-40)),
            a_case(6, state=State.RESOLVED),
            a_case(7, state=State.MERGED, parent_id=wanted[0].id),
            a_case(8, sensitive=True),
            a_case(9, oversight=True),
        ]
        for case in [*wanted, *others]:
            await _stored(rig, case)
        async with rig.open_uow() as uow:
            found = await uow.cases.similar_candidates(["lampu_jalan"], "64.08", later(days=-30))
            assert [case.id for case in found] == [wanted[1].id, wanted[0].id]
            assert len(await uow.cases.similar_candidates(["lampu_jalan"], "64.08", later(days=-30), 1)) == 1

    async def test_recent_cases_come_newest_first_page_by_page(self, rig: Rig) -> None:
        many = [a_case(n, at=later(days=-n)) for n in range(1, 6)]
        async with rig.open_uow() as uow:
            for case in many:
                await uow.cases.add(case, digest(int(case.id, 16)))
            await uow.commit()
        async with rig.open_uow() as uow:
            first = await uow.cases.filed_since(later(days=-4), limit=3)
            rest = await uow.cases.filed_since(later(days=-4), first[-1], 3)
            assert [one.number for one in (*first, *rest)] == [one.number for one in many[:4]]
            assert await uow.cases.n_filed_since(later(days=-4)) == 4

    async def test_only_recent_cases_that_a_draft_can_touch_are_opened(self, rig: Rig) -> None:
        closed = a_case(1, at=later(days=-1), issue="sampah", state=State.ARCHIVED)
        still_open = a_case(2, at=later(days=-2), issue="sampah")
        about = a_case(3, at=later(days=-3), state=State.ARCHIVED)
        for case in (closed, still_open, about):
            await _stored(rig, case)
        async with rig.open_uow() as uow:
            for among, found in (
                (Reach(frozenset({about.issue}), dates=False), [about]),
                (Reach(frozenset({about.issue}), dates=True), [still_open, about]),
                (Reach(frozenset(), dates=True), [still_open]),
                (Reach(None, dates=False), [closed, still_open, about]),
            ):
                since = later(days=-4)
                page = await uow.cases.filed_since(since, among=among)
                assert [one.number for one in page] == [one.number for one in found]
                assert await uow.cases.n_filed_since(since, among) == len(found)

    async def test_the_whole_register_is_walked_page_by_page(self, rig: Rig) -> None:
        for n in (3, 1, 2):
            await _stored(rig, a_case(n))
        async with rig.open_uow() as uow:
            first = await uow.cases.page(limit=2)
            rest = await uow.cases.page(after=first[-1].id, limit=2)
            assert [case.number for case in (*first, *rest)] == ["TEST-0001", "TEST-0002", "TEST-0003"]
            assert await uow.cases.page(after=rest[-1].id) == ()

    # ── thread, files, contacts ─────────────────────────────────────────────────────────────────────────────────

    async def test_the_thread_is_read_in_order_and_per_case(self, rig: Rig) -> None:
        for n in (1, 2):
            await _stored(rig, a_case(n))
        messages = [
            ThreadMessage(f"{n:032x}", a_case(1).id, author, f"kata ke-{n}", later(minutes=n))
            for n, author in enumerate(Author, start=1)
        ]
        async with rig.open_uow() as uow:
            for message in messages:
                await uow.thread.add(message)
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.thread.of_case(a_case(1).id) == tuple(messages)
            assert await uow.thread.of_case(a_case(2).id) == ()

    async def test_files_are_bound_once_and_only_by_their_own_conversation(self, rig: Rig) -> None:
        for n in (1, 2):
            await _stored(rig, a_case(n))
        mine, other = await rig.conversation("a"), await rig.conversation("b")
        first, second, foreign = [await rig.attachment(one) for one in (mine, mine, other)]
        async with rig.open_uow() as uow:
            bound = await uow.attachments.bind(mine, [second, foreign, "f" * 32, first], a_case(1).id)
            assert bound == (second, first)
            assert await uow.attachments.bind(mine, [first], a_case(2).id) == ()
            await uow.commit()
        async with rig.open_uow() as uow:
            files = await uow.attachments.of_case(a_case(1).id)
        assert {file.id for file in files} == {first, second}
        assert {file.conversation for file in files} == {None}

    async def test_a_contact_leads_from_the_case_to_the_conversation_and_back(self, rig: Rig) -> None:
        mine, other = await rig.conversation("a"), await rig.conversation("b")
        for n in (1, 2, 3):
            await _stored(rig, a_case(n, at=later(minutes=n)))
        async with rig.open_uow() as uow:
            await uow.contacts.link(a_case(1).id, mine)
            await uow.contacts.link(a_case(2).id, mine)
            await uow.contacts.link(a_case(3).id, other)
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.contacts.recipient(a_case(1).id) == mine
            assert await uow.contacts.cases_of(mine) == (a_case(2).id, a_case(1).id)

    async def test_the_same_sender_finds_cases_from_another_conversation(self, rig: Rig) -> None:
        before, now = await rig.conversation("a"), await rig.conversation("a")
        await _stored(rig, a_case())
        async with rig.open_uow() as uow:
            await uow.contacts.link(a_case().id, before)
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.contacts.cases_of(now) == (a_case().id,)

    async def test_an_unlinked_case_has_no_way_back(self, rig: Rig) -> None:
        mine = await rig.conversation("a")
        await _stored(rig, a_case())
        async with rig.open_uow() as uow:
            await uow.contacts.link(a_case().id, mine)
            await uow.contacts.unlink(a_case().id)
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.contacts.recipient(a_case().id) is None
            assert await uow.contacts.cases_of(mine) == ()

    async def test_an_anonymous_case_is_linked_to_nobody(self, rig: Rig) -> None:
        await _stored(rig, a_case(identity_level=IdentityLevel.ANONYMOUS))
        async with rig.open_uow() as uow:
            assert await uow.contacts.recipient(a_case().id) is None

    async def test_forgetting_a_conversation_ends_its_contacts_and_keeps_its_cases(self, rig: Rig) -> None:
        mine = await rig.conversation("a")
        await _stored(rig, a_case())
        async with rig.open_uow() as uow:
            await uow.contacts.link(a_case().id, mine)
            await uow.commit()
        async with rig.open_uow() as uow:
            await uow.conversations.forget(mine)
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.contacts.recipient(a_case().id) is None
            assert await uow.cases.by_id(a_case().id) is not None

    # ── the rest ────────────────────────────────────────────────────────────────────────────────────────────────

    async def test_notices_and_requests_for_a_person_are_taken(self, rig: Rig) -> None:
        mine = await rig.conversation("a")
        await _stored(rig, a_case())
        async with rig.open_uow() as uow:
            await uow.outbox.add(Notice("1" * 32, a_case().id, mine, News.MOVED, "Kabar laporan.", NOW))
            await uow.conversations.request_human(HumanRequest("2" * 32, mine, "asked", "ingin bicara", NOW))
            assert await uow.outbox.settled_at(mine, NOW) == NOW, "on a pulled channel it is there"
            await uow.conversations.empty(mine, later(hours=24))
            await uow.commit()

    async def test_review_items_wait_oldest_first_until_settled(self, rig: Rig) -> None:
        items = [a_review_item(n) for n in (1, 2, 3)]
        async with rig.open_uow() as uow:
            for item in reversed(items):
                await uow.review.add(item)
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.review.pending() == tuple(items)
            assert await uow.review.pending(limit=1) == (items[0],)
            label = "keluhan/lampu_jalan"
            decided = await uow.review.settle(items[0].id, "approved", label, "reviewer-1", NOW)
            await uow.review.settle(items[1].id, "dismissed", None, "reviewer-1", NOW)
            assert await uow.review.settle("f" * 32, "approved", "keluhan", "reviewer-1", NOW) is None
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.review.pending() == (items[2],)
            assert decided is not None
            assert await uow.review.approved() == (decided,)
            dismissed = await uow.review.by_id(items[1].id)
        assert (decided.status, decided.label, decided.decided_by) == ("approved", label, "reviewer-1")
        assert dismissed is not None
        assert dismissed.status == "dismissed"

    async def test_review_items_are_folded_and_ordered_by_worth(self, rig: Rig) -> None:
        calm, often, harmful = (
            a_review_item(1, uncertainty=0.5),
            a_review_item(2, uncertainty=0.5, context=(("bot", "Di mana?"), ("warga", "[NAMA]"))),
            a_review_item(3, uncertainty=0.5, harm=4.0, issue="jalan_rusak"),
        )
        async with rig.open_uow() as uow:
            for item in (calm, often, often, often, harmful):
                await uow.review.add(item)
            await uow.commit()
        async with rig.open_uow() as uow:
            waiting = await uow.review.pending()
            assert [item.id for item in waiting] == [harmful.id, often.id, calm.id]
            assert waiting[1] == replace(often, n=3)
            assert await uow.review.pending(issue="jalan_rusak") == (harmful,)

    async def test_what_somebody_did_replaces_what_the_assistant_felt(self, rig: Rig) -> None:
        right = (("keluhan/sampah", 0.9),)
        steps = [
            ("fallback", (), "fallback", ()),
            ("repeated", (), "repeated", ()),
            ("officer_changed", right, "officer_changed", right),
            ("repeated", (), "officer_changed", right),
        ]
        for reason, ranking, stands, guesses in steps:
            async with rig.open_uow() as uow:
                await uow.review.add(a_review_item(1, reason=reason, ranking=ranking))
                await uow.commit()
            async with rig.open_uow() as uow:
                (item,) = await uow.review.pending()
            assert (item.reason, item.ranking) == (stands, guesses)

    async def test_votes_hide_an_item_from_who_gave_them(self, rig: Rig) -> None:
        items = [a_review_item(n) for n in (1, 2)]
        async with rig.open_uow() as uow:
            for item in items:
                await uow.review.add(item)
            await uow.review.vote(items[0].id, Vote("ani", "sapa"), NOW)
            await uow.review.vote(items[0].id, Vote("budi", None, "dismissed"), later(seconds=1))
            await uow.review.vote(items[1].id, Vote("budi", None, "bahasa"), later(seconds=2))
            await uow.review.settle(items[0].id, "disputed", None, "budi", NOW)
            await uow.commit()
        async with rig.open_uow() as uow:
            assert [item.id for item in await uow.review.pending(by="ani")] == [items[1].id]
            assert [item.id for item in await uow.review.pending(by="cici")] == [one.id for one in items]
            assert await uow.review.votes(items[0].id) == (
                Vote("ani", "sapa"),
                Vote("budi", None, "dismissed"),
            )
            assert [item.id for item in await uow.review.disputes("ani")] == [items[0].id]
            assert await uow.review.disputes("cici") == ()
            assert await uow.review.double_votes() == (("sapa", "dismissed"),)
            assert await uow.review.counts("budi", NOW) == {"pending": 1, "disputed": 1, "mine": 2}
            assert await uow.review.last_votes("budi") == (items[1].id,)
            await uow.review.take_back(items[1].id, "budi")
            assert await uow.review.last_votes("budi") == (items[0].id,)
            assert await uow.review.last_votes("cici") == ()
            await uow.review.vote(items[0].id, Vote("ani", None, "dismissed"), later(seconds=3))
            await uow.review.take_back(items[0].id, "ani")
            assert [vote.by for vote in await uow.review.votes(items[0].id)] == ["ani", "budi"]

    async def test_a_proposed_talk_is_kept_until_it_is_forgotten(self, rig: Rig) -> None:
        talk = (("warga", "halo"), ("asisten", "Halo!"))
        items = [a_review_item(n, context=talk) for n in (1, 2)]
        async with rig.open_uow() as uow:
            for n, item in enumerate(items):
                await uow.review.add(item)
                await uow.review.propose(item.id, "ani", later(minutes=n))
                await uow.review.propose(item.id, "budi", later(minutes=9 - n))
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.review.proposed() == (items[1], items[0])
            await uow.review.unlearn(item_id=items[1].id)
            assert await uow.review.proposed() == (items[0],)

    async def test_marked_words_and_known_answers_are_kept_apart(self, rig: Rig) -> None:
        item, gold = a_review_item(1, text="lampu pasar mati"), a_review_item(2, source="gold")
        async with rig.open_uow() as uow:
            for one in (item, gold):
                await uow.review.add(one)
                await uow.review.vote(one.id, Vote("ani", "sapa"), NOW)
                await uow.review.vote(one.id, Vote("budi", "batal"), later(seconds=1))
            await uow.review.mark(item.id, "ani", [Mark("tempat", 0, 5)])
            await uow.review.mark(item.id, "ani", [Mark("tempat", 6, 11)])
            await uow.review.settle(item.id, "approved", "sapa", "ani", NOW)
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.review.marked() == (("lampu pasar mati", "tempat", "pasar"),)
            assert await uow.review.gold_votes("ani") == {gold.id: "sapa"}
            assert await uow.review.double_votes() == (("sapa", "batal"),), "gold says nothing of agreement"
            assert await uow.review.pending(by="cici") == ()
            assert await uow.review.last_votes("ani") == (item.id, gold.id)
            assert await uow.review.counts("ani", NOW) == {"approved": 1, "mine": 2}
            await uow.review.unlearn(item_id=item.id)
            assert await uow.review.marked() == ()

    async def test_what_one_person_said_can_be_unlearned(self, rig: Rig) -> None:
        items = [a_review_item(1, sender="s1", talk="t1"), a_review_item(2, sender="s1"), a_review_item(3)]
        async with rig.open_uow() as uow:
            for item in items:
                await uow.review.add(item)
            assert await uow.review.unlearn() == 0
            assert await uow.review.unlearn(talk="t1") == 1
            assert await uow.review.unlearn(sender="s1") == 1
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.review.pending() == (items[2],)
            gone = await uow.review.by_id(items[0].id)
        assert gone is not None
        assert (gone.status, gone.text, gone.label, gone.context) == ("unlearned", "", None, ())

    async def test_audit_entries_are_kept_in_order(self, rig: Rig) -> None:
        await _stored(rig, a_case())
        entries = [
            AuditEntry(later(minutes=n), "desk-1", action, a_case().id, "alasan", {"n": str(n)})
            for n, action in enumerate(["case_moved", "identity_read"])
        ]
        async with rig.open_uow() as uow:
            for entry in entries:
                await uow.audit.add(entry)
            await uow.audit.add(AuditEntry(NOW, "desk-1", "signed_in"))
            await uow.commit()
        async with rig.open_uow() as uow:
            found = await uow.audit.of_case(a_case().id)
        assert [(entry.action, entry.reason, dict(entry.details)) for entry in found] == [
            ("case_moved", "alasan", {"n": "0"}),
            ("identity_read", "alasan", {"n": "1"}),
        ]

    async def test_failed_lookups_are_counted_per_asker_and_time(self, rig: Rig) -> None:
        async with rig.open_uow() as uow:
            await uow.lookups.add_failure("a", later(hours=-2))
            await uow.lookups.add_failure("a", NOW)
            await uow.lookups.add_failure("a", later(minutes=1))
            await uow.lookups.add_failure("b", NOW)
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.lookups.failures("a", NOW - timedelta(hours=1)) == (NOW, later(minutes=1))
            assert await uow.lookups.failures("nobody", NOW - timedelta(hours=1)) == ()


async def _stored(rig: Rig, case: object) -> None:
    async with rig.open_uow() as uow:
        await uow.cases.add(case, digest(int(case.id, 16)))  # type: ignore[attr-defined,arg-type]
        await uow.commit()
