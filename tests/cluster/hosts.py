"""Hosts of one installation on this machine: a data folder, sockets and a port each; shared keys and one PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backend.persistence import keys
from backend.persistence.backup import backup_keys, restore_keys
from backend.persistence.connecting import Address
from backend.persistence.embedded import SUPERUSER, EmbeddedServer, server_in
from backend.persistence.sealing import Vault
from tests.support.database import folder_of_tests
from tests.support.product import ROOT, Running

PASSPHRASE = "kata sandi untuk uji dua mesin"
READY_WITHIN_S = 600.0
DATABASE = "teman_lapor_cluster"
# A release that is ahead of this one by a migration: a column and an index on tables that are busy.
NEXT_RELEASE = """\
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE inbox ADD COLUMN of_next_release BOOLEAN DEFAULT FALSE NOT NULL")
    op.execute("CREATE INDEX conversations_of_next_release_idx ON conversations (channel, draft_open)")


def downgrade() -> None:
    raise NotImplementedError
"""
PARTS = ("backend", "bot", "config.yml", "domain.yml", "endpoints.yml", "pyproject.toml")


@dataclass
class Cluster:
    """The database server and its hosts; `engines` says how many each host has, `scripted` that they follow a script."""

    engines: tuple[int, ...] = (2, 1)
    scripted: bool = False
    folder: Path = field(default_factory=folder_of_tests)
    hosts: list[Running] = field(default_factory=list)
    server: EmbeddedServer | None = None

    @contextmanager
    def running(self) -> Iterator[Cluster]:
        """All hosts up and ready; everything stopped and gone afterwards."""
        try:
            self._open()
            yield self
        finally:
            for host in self.hosts:
                host.stop()
            if self.server is not None:
                self.server.stop()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _open(self) -> None:
        self.server = server_in(self.folder).start()
        asyncio.run(self._make_database())
        for n_engines in self.engines:
            # Three engines load at the same time, and on a busy machine nothing else is to be measured by it.
            host = Running(ready_within_s=READY_WITHIN_S, scripted=self.scripted)
            host.settings = {
                "DATABASE_URL": f"postgresql://{SUPERUSER}@/{DATABASE}?host={self.server.socket}",
                "TEMAN_LAPOR_HOST_NAME": f"host-{len(self.hosts) + 1}",
                "TEMAN_LAPOR_ENGINES": str(n_engines),
                # Standing back for the other host's door as well, engines would take minutes to start here.
                "TEMAN_LAPOR_GIVE_WAY": "0",
            }
            if not self.scripted:
                host.settings["TEMAN_LAPOR_BOT_PYTHON"] = str(ROOT / ".venv" / "bot" / "bin" / "python")
            self._give_keys(host)
            self.hosts.append(host)
        for host in self.hosts:
            host.start(wait=False)
        for host in self.hosts:
            host.wait_until_ready()

    def _give_keys(self, host: Running) -> None:
        """The way of `backup-keys` on the first host and `restore-keys` on the others."""
        if not self.hosts:
            keys.load_or_make(host.folder)
            return
        carried = self.folder / "kunci.age"
        if not carried.exists():
            backup_keys(self.hosts[0].folder, carried, PASSPHRASE)
        restore_keys(host.folder, carried, PASSPHRASE)

    async def _make_database(self) -> None:
        connection = await self.address("postgres").connect()
        try:
            await connection.execute(f"CREATE DATABASE {DATABASE}")
        finally:
            await connection.close()

    def address(self, database: str = DATABASE) -> Address:
        """Of the administrator."""
        assert self.server is not None
        return Address(f"postgresql:///{database}?host={self.server.socket}", user=SUPERUSER)

    async def ask(self, sql: str, *values: Any) -> list[Any]:
        """Rows straight from the database."""
        connection = await self.address().connect()
        try:
            return list(await connection.fetch(sql, *values))
        finally:
            await connection.close()

    @property
    def vault(self) -> Vault:
        """The keys that all hosts share."""
        return keys.load(keys.key_file(self.hosts[0].folder)).vault

    def next_release(self) -> Path:
        """A tree like this one with one migration more."""
        from backend.persistence.schema import newest_revision

        tree = self.folder / "next-release"
        if tree.exists():
            return tree
        tree.mkdir()
        for name in PARTS:
            source = ROOT / name
            ignore = shutil.ignore_patterns("__pycache__")
            if source.is_dir():
                shutil.copytree(source, tree / name, ignore=ignore)
            else:
                shutil.copy2(source, tree / name)
        versions = tree / "backend" / "persistence" / "migrations" / "versions"
        head = str(newest_revision())
        (versions / "9999_next_release.py").write_text(NEXT_RELEASE.format(head=head), encoding="utf-8")
        return tree


def kill_engine(host: Running, number: int) -> None:
    """kill -9 of one engine of a host."""
    wanted = f"engine-{number}.sock".encode()
    for pid, environment in host.processes(b"bot.engine"):
        if wanted in environment:
            os.kill(pid, signal.SIGKILL)
            return
    raise AssertionError(f"host has no engine {number}")
