"""Fixtures for all tests. Nothing heavy is imported here: the bot's tests run without the backend's libraries."""

from tests.support.database import database, database_server
from tests.support.real_engine import real_engine

__all__ = ["database", "database_server", "real_engine"]
