"""Changes of the reference rows: drafted row by row, published as a version from a day on, and taken back by another version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backend.reference.editors import kind_of, tables
from backend.reference.loader import Reference
from backend.reference.tables import (
    Becomes,
    Change,
    Overlay,
    Table,
    Values,
    between,
    load_with,
    overlaid,
    rows_of,
    shipped_rows,
)
from backend.usecases.reference_values import PublishRefused, Revision, Version, Versions

SHIPPED = 0


@dataclass(frozen=True)
class Standing:
    """What there is: all versions, the one in force, the newest (which may wait for its day), and the draft on top of the newest."""

    versions: tuple[Version, ...]
    active: int
    newest: int
    published: Overlay
    draft: tuple[Revision, ...]

    @property
    def drafted(self) -> Overlay:
        """The rows as they would be with the draft."""
        return overlaid([*self.published.values(), *[one.change for one in self.draft]])


def active_on(versions: tuple[Version, ...], day: date) -> int:
    """The version in force: the newest whose day has come, 0 when there is none.

    A version that goes back may come into force before one that waits; it is newer, so the waiting one never does.
    """
    return max((one.number for one in versions if one.effective_on <= day), default=SHIPPED)


async def standing(store: Versions, today: date) -> Standing:
    """As of that day."""
    versions = await store.all()
    newest = versions[-1].number if versions else SHIPPED
    published = await overlay_of(store, newest)
    return Standing(versions, active_on(versions, today), newest, published, await store.draft())


async def overlay_of(store: Versions, number: int) -> dict[tuple[str, str], Change]:
    """All changes that hold in a version."""
    return overlaid(one.change for one in await store.revisions(number))


async def reference_of(store: Versions, number: int) -> Reference:
    """The reference data of a version; raises `RowInvalid` when a newer release no longer takes its rows."""
    return load_with(tables(), await overlay_of(store, number))


def row_of(table: Table, key: str, overlay: Overlay) -> Values | None:
    """A row as it stands with these changes."""
    return next((row for row in rows_of(table, overlay) if table.key(row) == key), None)


def is_shipped(table: Table, key: str) -> bool:
    """Whether the release has a row of that key."""
    return any(table.key(row) == key for row in shipped_rows(table.file))


async def draft_changes(
    changes: Sequence[Change], by: str, reason: str, now: datetime, store: Versions, today: date
) -> None:
    """Put changes into the draft after the loader has taken all rows with them; raises `RowInvalid`."""
    found = await standing(store, today)
    load_with(tables(), overlaid([*found.drafted.values(), *changes]))
    for change in changes:
        before = row_of(kind_of(change.file).table, change.key, found.published)
        await store.put(Revision(change, before, by, reason, now))


async def publish(
    by: str, reason: str, effective_on: date, now: datetime, store: Versions, today: date, *, alone: bool
) -> Version:
    """The draft as a new version; the draft is empty afterwards. `alone` says that nobody else could publish it.

    Raises:
        PublishRefused: an empty draft, a day in the past or before a version that still waits, or the author of a change
            that wants a second person.
        RowInvalid: the rows do not fit together any more.
        VersionTaken: somebody was faster.
    """
    found = await standing(store, today)
    _check(found, by, effective_on, today, alone=alone)
    load_with(tables(), found.drafted)
    version = Version(found.newest + 1, now, by, effective_on, reason)
    await store.add(version, found.draft)
    await store.clear()
    return version


def _check(found: Standing, by: str, effective_on: date, today: date, *, alone: bool) -> None:
    if not found.draft:
        raise PublishRefused("reference_empty")
    last = max((one.effective_on for one in found.versions if one.number >= found.active), default=today)
    if effective_on < today or (found.newest > found.active and effective_on < last):
        raise PublishRefused("reference_too_early")
    if by in second_wanted(found.draft) and not alone:
        raise PublishRefused("reference_second")


def second_wanted(draft: tuple[Revision, ...]) -> frozenset[str]:
    """Authors of changes that another person has to publish."""
    return frozenset(one.author for one in draft if kind_of(one.change.file).second)


async def go_back(number: int, by: str, reason: str, now: datetime, store: Versions, today: date) -> Version:
    """A new version, in force at once, whose rows are those of an older one (0: the shipped ones). A draft stays as it is.

    Raises:
        PublishRefused: there is no such version, or nothing would change.
        RowInvalid: the old rows do not fit this release any more.
    """
    found = await standing(store, today)
    if not SHIPPED <= number < found.newest:
        raise PublishRefused("reference_no_version")
    wanted = await overlay_of(store, number)
    changes = between(found.published, wanted)
    if not changes and found.active == found.newest:
        raise PublishRefused("reference_same")
    load_with(tables(), wanted)
    rows = [
        Revision(one, row_of(kind_of(one.file).table, one.key, found.published), by, reason, now)
        for one in changes
    ]
    version = Version(found.newest + 1, now, by, today, reason, equals=number)
    await store.add(version, rows)
    return version


@dataclass(frozen=True)
class Difference:
    """One row in two versions; None where it does not exist."""

    file: str
    key: str
    old: Values | None
    new: Values | None


def differences(old: Overlay, new: Overlay) -> tuple[Difference, ...]:
    """What is different between two versions, by file and row; a row that only stands elsewhere is told with equal sides."""
    names = dict.fromkeys([*old, *new])
    found = []
    for file, key in names:
        if old.get((file, key)) == new.get((file, key)):
            continue
        table = kind_of(file).table
        found.append(Difference(file, key, row_of(table, key, old), row_of(table, key, new)))
    return tuple(found)


def removal(table: Table, key: str) -> Change:
    """The change that takes a row away."""
    return Change(table.file, key, Becomes.REMOVED)
