"""A file that an officer put beside words for the reporter, for whoever may read those words."""

from __future__ import annotations

from backend.cases.errors import CaseNotFound
from backend.usecases.find_status import case_of_ref
from backend.usecases.ports import Attachment, Proof, UnitOfWork
from backend.usecases.services import Services
from backend.usecases.views import shown_files


async def file_of_reply(
    conversation: str, case_ref: str, file_id: str, uow: UnitOfWork, services: Services
) -> Attachment:
    """The file, without its bytes. Raises `CaseNotFound` for anything else: a file of the reporter, of another case, of a sealed one."""
    case, proof = await case_of_ref(conversation, case_ref, uow, services)
    thread = () if proof is Proof.LAPOR else await uow.thread.of_case(case.id)
    shown = {one for message in thread for one in shown_files(case, message)}
    for file in await uow.attachments.of_case(case.id):
        if file.id == file_id and file.id in shown:
            return file
    raise CaseNotFound
