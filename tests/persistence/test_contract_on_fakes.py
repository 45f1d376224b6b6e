"""The in-memory fakes keep the contract, so that use cases tested on them hold on PostgreSQL too."""

import itertools

import pytest

from backend.usecases.ports import Attachment
from tests.persistence.contract import RepositoryContract
from tests.support.fakes import FakeUnitOfWork, Store


class FakeRig:
    def __init__(self) -> None:
        self.store = Store()
        self._count = itertools.count(1)

    def open_uow(self) -> FakeUnitOfWork:
        return FakeUnitOfWork(self.store)

    async def conversation(self, sender: str) -> str:
        conversation = f"{next(self._count):032x}"
        self.store.senders[conversation] = sender
        return conversation

    async def attachment(self, conversation: str) -> str:
        attachment = Attachment(f"{next(self._count):032x}", "photo", "image/jpeg", 1000, conversation)
        self.store.attachments[attachment.id] = attachment
        return attachment.id


class TestFakes(RepositoryContract):
    @pytest.fixture
    def rig(self) -> FakeRig:
        return FakeRig()
