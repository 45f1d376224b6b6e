"""The files of a case as one officer may see them: what each is, where it stands, and its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.cases.access import Officer
from backend.cases.case import Case
from backend.cases.errors import CaseNotFound
from backend.cases.field_copy import FIELD_COPY_TYPE, Checked, Sight, sight_of
from backend.persistence.desk_uow import DeskUnitOfWork
from backend.usecases.ports import Author, FieldCopy, ThreadMessage


@dataclass(frozen=True)
class FileView:
    """One file for this officer. `number` counts within the case; `is_ours`: an officer attached it; `copy` is None until a photo was
    looked at."""

    id: str
    number: int
    kind: str
    media_type: str
    sight: Sight
    is_ours: bool
    copy: FieldCopy | None

    @property
    def is_photo(self) -> bool:
        return self.kind == "photo"

    @property
    def checked(self) -> Checked:
        return self.copy.checked if self.copy else Checked.NOT_YET

    @property
    def waits(self) -> bool:
        """A photo of the reporter that nobody has looked at, or that is being looked at again."""
        return self.is_photo and not self.is_ours and self.checked is not Checked.COVERED


async def files_of(
    uow: DeskUnitOfWork,
    officer: Officer,
    case: Case,
    assigned: frozenset[str],
    thread: Sequence[ThreadMessage] | None = None,
) -> tuple[FileView, ...]:
    """All files, in their order; `thread` saves reading it again."""
    said = thread if thread is not None else await uow.thread.of_case(case.id)
    ours = {file for one in said if one.author is Author.OFFICER for file in one.attachments}
    copies = await uow.field_copies.of_case(case.id)
    views = []
    for number, one in enumerate(await uow.attachments.of_case(case.id), 1):
        copy, is_ours = copies.get(one.id), one.id in ours
        checked = copy.checked if copy else Checked.NOT_YET
        sight = sight_of(officer, case, assigned, checked=checked, is_ours=is_ours)
        views.append(FileView(one.id, number, one.kind, one.media_type, sight, is_ours, copy))
    return tuple(views)


async def file_in_view(
    uow: DeskUnitOfWork, officer: Officer, case: Case, assigned: frozenset[str], file_id: str
) -> FileView:
    """This file of the case; raises CaseNotFound when the case has none of that id."""
    for one in await files_of(uow, officer, case, assigned):
        if one.id == file_id:
            return one
    raise CaseNotFound


async def content_of(uow: DeskUnitOfWork, file: FileView) -> tuple[bytes, str] | None:
    """Bytes and kind of what the officer is shown; None when that is nothing, or a file whose bytes were never kept."""
    if file.sight is Sight.CLOSED:
        return None
    if file.sight is Sight.COPY:
        copy = await uow.field_copies.read(file.id)
        return (copy, FIELD_COPY_TYPE) if copy else None
    whole = await uow.attachments.read(file.id)
    return (whole, file.media_type) if whole else None
