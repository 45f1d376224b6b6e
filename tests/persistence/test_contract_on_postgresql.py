"""PostgreSQL keeps the contract that the fakes keep."""

import itertools

import pytest
import sqlalchemy as sa

from backend.persistence.database import Database
from backend.persistence.tables import conversations
from backend.persistence.unit_of_work import SqlUnitOfWork
from backend.usecases.ports import Attachment
from tests.persistence.contract import RepositoryContract
from tests.support.builders import NOW

pytestmark = pytest.mark.database


class PostgresRig:
    def __init__(self, database: Database) -> None:
        self.database = database
        self._count = itertools.count(1)
        self._conversations = itertools.count()

    def open_uow(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self.database.requests, self.database.keys.vault)

    async def conversation(self, sender: str) -> str:
        """One sender has one conversation per channel: the first is on the web, others as if on several channels."""
        async with self.open_uow() as uow:
            number = next(self._conversations)
            channel = f"channel{number}" if number else "web"
            conversation = await uow.conversations.open(channel, sender, None, NOW)
            await uow.transaction.connection.execute(
                sa.update(conversations)
                .where(conversations.c.id == conversation)
                .values(sender_hmac=self.database.keys.vault.identifier("sender", sender))
            )
            await uow.commit()
        return conversation

    async def attachment(self, conversation: str) -> str:
        one = Attachment(f"{next(self._count):032x}", "photo", "image/jpeg", 4, conversation)
        async with self.open_uow() as uow:
            await uow.attachments.store(one, b"\xff\xd8\xff\xe0")
            await uow.commit()
        return one.id


class TestPostgreSQL(RepositoryContract):
    @pytest.fixture
    def rig(self, database: Database) -> PostgresRig:
        return PostgresRig(database)
