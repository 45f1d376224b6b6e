"""What every ledger of LAPOR! must do; part of `RepositoryContract`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from backend.cases.case import REPORTER
from backend.cases.submission import HandOver, Progress, ReplyThere, Way
from backend.cases.workflow import State
from backend.usecases.ports import Author, ThreadMessage
from tests.support.builders import NOW, a_case, digest, later


def a_line(case_id: str, **changes: Any) -> HandOver:
    return replace(
        HandOver(case_id, Way.API, Progress.SENDING, "bridge", NOW, tried_until=later(minutes=5)), **changes
    )


class HandOverContract:
    """Inherit it and give it a `rig` fixture."""

    async def _stored(self, rig: Any, **changes: Any) -> None:
        async with rig.open_uow() as uow:
            for n, state in enumerate((State.RECEIVED, State.ASSIGNED, State.WITHDRAWN, State.RESOLVED), 1):
                await uow.cases.add(a_case(n, state=state, **changes), digest(n))
            await uow.commit()

    async def test_what_never_was_handed_on(self, rig: Any) -> None:
        await self._stored(rig)
        async with rig.open_uow() as uow:
            ids = [a_case(n).id for n in (1, 2, 4)]
            assert [case.id for case in await uow.handovers.never(Way.MANUAL)] == ids
            assert [case.id for case in await uow.handovers.never(Way.MANUAL, 1, ids[0])] == [ids[1]]
            assert [case.id for case in await uow.handovers.never(Way.API)] == ids[1:]
            assert list(await uow.handovers.ready(NOW)) == ids[1:]

    async def test_the_ledger_is_read_newest_first_in_pages(self, rig: Any) -> None:
        await self._stored(rig)
        async with rig.open_uow() as uow:
            for n, at in ((1, NOW), (2, later(hours=2)), (4, later(hours=1))):
                await uow.handovers.write(a_line(a_case(n).id, begun_at=at, differences=("title",)))
            await uow.commit()
        async with rig.open_uow() as uow:
            first = await uow.handovers.ledger(2)
            assert [number for number, _ in first] == [a_case(2).number, a_case(4).number]
            assert first[0][1].differences == ("title",)
            rest = await uow.handovers.ledger(2, (first[1][1].begun_at, first[1][1].case_id))
            assert [number for number, _ in rest] == [a_case(1).number]

    async def test_a_case_is_claimed_by_one_until_its_time_is_over(self, rig: Any) -> None:
        await self._stored(rig)
        line = a_line(a_case(2).id)
        async with rig.open_uow() as uow:
            begun = await uow.handovers.begin(line, NOW)
            assert begun is not None and begun.attempts == 1
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.handovers.begin(line, later(minutes=4)) is None
            assert line.case_id not in await uow.handovers.ready(later(minutes=4))
            assert line.case_id in await uow.handovers.ready(later(minutes=5))
            again = await uow.handovers.begin(line, later(minutes=5))
            assert again is not None and again.attempts == 2

    async def test_lines_come_back_whole_and_by_their_age(self, rig: Any) -> None:
        await self._stored(rig)
        whole = a_line(
            a_case(4).id,
            progress=Progress.HANDED_ON,
            their_number="7654321",
            their_state="Proses",
            state_at=NOW,
            handed_on_at=NOW,
            differences=("title",),
            attempts=3,
            last_error="timeout",
            tried_until=None,
        )
        async with rig.open_uow() as uow:
            await uow.handovers.write(a_line(whole.case_id))
            await uow.handovers.write(whole)
            await uow.cases.save(replace(a_case(4, state=State.RESOLVED), lapor_tracking_id="7654321"))
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.handovers.of_case(whole.case_id) == whole
            assert await uow.handovers.of_case(a_case(1).id) is None
            assert await uow.handovers.handed_on(later(hours=1)) == (whole,)
            assert await uow.handovers.handed_on(NOW) == ()
            assert whole.case_id not in [case.id for case in await uow.handovers.never(Way.MANUAL)]
            found = await uow.cases.by_lapor_number("7654321")
            assert found is not None and found.id == whole.case_id
            assert await uow.cases.by_lapor_number("7654322") is None

    async def test_a_refused_case_waits_for_an_officer(self, rig: Any) -> None:
        await self._stored(rig)
        async with rig.open_uow() as uow:
            line = a_line(a_case(2).id, progress=Progress.REFUSED, tried_until=NOW)
            await uow.handovers.write(line)
            assert await uow.handovers.begin(line, later(days=1)) is None
            assert line.case_id not in await uow.handovers.ready(later(days=1))

    async def test_answers_are_told_one_after_the_other_once_the_case_is_there(self, rig: Any) -> None:
        await self._stored(rig)
        case = a_case(2, state=State.ASSIGNED)
        lines = [ReplyThere(f"{n:032x}", case.id, "dinas-1", later(minutes=n)) for n in (1, 2)]
        async with rig.open_uow() as uow:
            for line in reversed(lines):
                text = ThreadMessage(line.message_id, case.id, Author.OFFICER, "sudah", line.marked_at)
                await uow.thread.add(text)
                await uow.replies_there.write(line)
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.replies_there.of_case(case.id) == tuple(lines)
            assert await uow.replies_there.waiting() == ()
            assert await uow.replies_there.begin(later(hours=1), later(hours=2)) is None
            kept = await uow.cases.by_id(case.id)
            await uow.cases.save(replace(kept, lapor_tracking_id="7654321"))
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.replies_there.waiting() == tuple(lines)
            assert await uow.replies_there.waiting(1) == (lines[0],)
            begun = await uow.replies_there.begin(later(hours=1), later(hours=2))
            assert begun == replace(lines[0], attempts=1, tried_until=later(hours=2))
            assert await uow.replies_there.begin(later(hours=1), later(hours=2)) is None, (
                "after the first one"
            )
            again = await uow.replies_there.begin(later(hours=2), later(hours=3))
            assert again is not None and again.attempts == 2
            await uow.replies_there.write(replace(again, refused=True))
            second = await uow.replies_there.begin(later(hours=2), later(hours=3))
            assert second is not None and second.message_id == lines[1].message_id
            kept = await uow.cases.by_id(case.id)
            await uow.cases.save(kept.noted("restricted", REPORTER, later(hours=2)))
            assert await uow.replies_there.begin(later(hours=9), later(hours=10)) is None, "only by hand"
            await uow.replies_there.write(replace(second, told_at=later(hours=2)))
            assert [one.message_id for one in await uow.replies_there.waiting()] == [lines[0].message_id]
