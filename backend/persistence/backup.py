"""Backups that hold no key, a key backup that needs a passphrase, and a restore that serves nobody before it has purged.

A dump without the key file is noise, and the key file without a dump opens nothing: keep them in two places.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import secrets
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from backend.persistence import binaries, keys, schema
from backend.persistence.anchor_file import AnchorFile
from backend.persistence.anchors import Anchors
from backend.persistence.columns import SCHEMA
from backend.persistence.connecting import Address
from backend.persistence.database import Database, DatabaseSettings, first_address, running_server
from backend.persistence.errors import DatabaseRefused, KeysRefused
from backend.persistence.tables import case_history, cases, inbox
from backend.persistence.unit_of_work import SqlUnitOfWork
from backend.usecases.ports import AuditEntry

# Dumps live as long as copies of messages may come: what was purged is gone from every backup after that.
DUMPS_KEPT = timedelta(days=8)
SHORTEST_PASSPHRASE = 12
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**15, 8, 1
KEYS_FORMAT = 1
PROGRAM_S = 3600


@dataclass(frozen=True)
class Restored:
    """What a restore brought back: cases, and when the newest thing in it happened (None: an empty register). `n_purged` conversations
    were due while the dump lay on its shelf."""

    n_purged: int
    n_cases: int = 0
    newest_at: datetime | None = None


async def backup(database: Database, folder: Path, now: datetime) -> Path:
    """Write a dump of everything but the keys, and drop dumps older than 8 days; returns the file.

    Raises:
        DatabaseRefused: pg_dump failed; nothing half-written is left.
    """
    target = folder / f"teman-lapor-{now:%Y%m%dT%H%M%SZ}.dump"
    await dump_to(database, target)
    await asyncio.to_thread(_drop_old, folder, now)
    return target


async def dump_to(database: Database, target: Path) -> None:
    """Write one dump of everything but the keys, readable by its owner alone; whole or not at all."""
    await asyncio.to_thread(_dump, database.admin_address, target)


def _dump(address: Address, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = target.with_name(f"{target.name}.half")
    arguments = ("--format=custom", f"--schema={SCHEMA}", f"--role={schema.OWNER}", "--enable-row-security")
    try:
        half.touch(mode=0o600)
        _run("pg_dump", address, *arguments, f"--file={half}")
        half.rename(target)
    finally:
        half.unlink(missing_ok=True)


def _drop_old(folder: Path, now: datetime) -> None:
    for old in folder.glob("teman-lapor-*.dump"):
        if old.stat().st_mtime < (now - DUMPS_KEPT).timestamp():
            old.unlink()


def backup_keys(data: Path, target: Path, passphrase: str) -> None:
    """Write the key file sealed with a passphrase.

    Raises:
        KeysRefused: the passphrase is too short, or there is no key file.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise KeysRefused(f"the passphrase needs at least {SHORTEST_PASSPHRASE} characters")
    written = keys.load(keys.key_file(data)).written().encode()
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, written, b"teman-lapor keys")
    parts = {"salt": salt, "nonce": nonce, "sealed": sealed}
    text = {
        "format": KEYS_FORMAT,
        **{name: base64.b64encode(value).decode() for name, value in parts.items()},
    }
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(text, file)
        file.flush()
        os.fsync(file.fileno())


def open_key_backup(source: Path, passphrase: str) -> keys.Keys:
    """The keys in a key backup; raises KeysRefused for a wrong passphrase or a damaged file."""
    try:
        values: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
        salt, nonce, sealed = (base64.b64decode(values[name]) for name in ("salt", "nonce", "sealed"))
        written = AESGCM(_stretched(passphrase, salt)).decrypt(nonce, sealed, b"teman-lapor keys")
    except InvalidTag as failure:
        raise KeysRefused("wrong passphrase, or the key backup is damaged") from failure
    except (OSError, ValueError, KeyError, TypeError) as failure:
        raise KeysRefused(f"{source} is no key backup: {type(failure).__name__}") from failure
    return keys.parse(written.decode(), str(source))


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P).derive(passphrase.encode())


async def restore(
    settings: DatabaseSettings, dump: Path, now: datetime, *, replace: bool = False
) -> Restored:
    """Put a dump in the place of the database; nobody may be served until this returns.

    Raises:
        KeysRefused: the data folder has no key file (bring it with `restore_keys` first), or not the dump's.
        DatabaseRefused: the database holds reports already (`replace` drops them), or the dump cannot be read.
    """
    ours = keys.load(keys.key_file(settings.data))
    async with running_server(settings) as server:
        address = await first_address(server, settings)
        await _make_room(address, replace=replace, login=server is not None)
        arguments = ("--single-transaction", "--exit-on-error", str(dump))
        await asyncio.to_thread(_run, "pg_restore", address, *arguments, database_option=True)
        await _refuse_foreign_keys(address, ours)
        database = await Database.open(settings)
        try:
            n_cases, newest_at = await _extent(database)
            n_purged = await _purge_and_sign(database, settings, dump, now)
        finally:
            await database.close()
    return Restored(n_purged, n_cases, newest_at)


def restore_keys(data: Path, source: Path, passphrase: str) -> None:
    """Bring the key file back; an existing one is never overwritten.

    Raises:
        KeysRefused: wrong passphrase, or other keys are there already.
    """
    found = open_key_backup(source, passphrase)
    target = keys.key_file(data)
    if not target.exists():
        keys.store(found, target, replace=False)
    if keys.load(target) != found:
        raise KeysRefused(f"{target} exists and holds other keys; move it away first")


async def _make_room(address: Address, *, replace: bool, login: bool) -> None:
    engine = address.pool(1)
    try:
        async with engine.begin() as connection:
            await schema.check_server(connection)
            taken = await schema.revision(connection) is not None
            if taken and not replace:
                raise DatabaseRefused("the database holds reports already; --replace drops them for good")
            await schema.make_roles(connection, login=login)
            await connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
    finally:
        await engine.dispose()


async def _refuse_foreign_keys(address: Address, ours: keys.Keys) -> None:
    """A dump of other keys is taken away again: nothing in it could be read."""
    engine = address.pool(1)
    try:
        async with engine.begin() as connection:
            stored = await connection.scalar(sa.text(f"SELECT key_fingerprint FROM {SCHEMA}.installation"))  # noqa: S608
            if stored == ours.vault.fingerprint():
                return
            await connection.execute(sa.text(f"DROP SCHEMA {SCHEMA} CASCADE"))
    finally:
        await engine.dispose()
    raise KeysRefused("this dump was written with other keys: bring back its own key backup")


async def _extent(database: Database) -> tuple[int, datetime | None]:
    """How many cases there are, and when the newest line of a history or the newest message was written."""
    newest = sa.select(
        sa.func.greatest(
            sa.select(sa.func.max(case_history.c.at)).scalar_subquery(),
            sa.select(sa.func.max(inbox.c.received_at)).scalar_subquery(),
        )
    )
    async with database.workers.connect() as connection:
        n_cases = await connection.scalar(sa.select(sa.func.count()).select_from(cases))
        return int(n_cases or 0), await connection.scalar(newest)


async def _purge_and_sign(database: Database, settings: DatabaseSettings, dump: Path, now: datetime) -> int:
    """What was due while the dump lay on its shelf goes first; the entry is signed by its chain."""
    purged = 0
    while True:
        async with SqlUnitOfWork(database.workers, database.keys.vault) as uow:
            due = await uow.conversations.due_for_purge(now, even_if_busy=True)
            for conversation in due:
                await uow.conversations.purge(conversation)
            await uow.commit()
        purged += len(due)
        if not due:
            break
    details = {"dump": dump.name, "purged": str(purged)}
    async with SqlUnitOfWork(database.workers, database.keys.vault) as uow:
        await uow.audit.add(AuditEntry(now, "operator", "restored", details=details))
        await uow.commit()
    file = AnchorFile(settings.data / "audit", database.keys.vault, settings.host_name)
    await Anchors(database.workers, file).restored(dump.name)
    return purged


def _run(program: str, address: Address, *arguments: str, database_option: bool = False) -> None:
    """Run a client program of ours; the password travels in the environment, where `ps` does not show it."""
    environment = libpq_environment(address)
    if database_option:
        arguments = (f"--dbname={environment['PGDATABASE']}", *arguments)
    done = subprocess.run(
        [str(binaries.locate() / "bin" / program), *arguments],
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PROGRAM_S,
        check=False,
    )
    if done.returncode != 0:
        raise DatabaseRefused(f"{program} failed: {done.stderr.decode(errors='replace').strip()[-800:]}")


def libpq_environment(address: Address) -> dict[str, str]:
    """An address as PostgreSQL's own programs read it from the environment."""
    parts = urlsplit(address.dsn)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    found = {
        "PGHOST": options.get("host") or parts.hostname or "",
        "PGPORT": options.get("port") or str(parts.port or ""),
        "PGUSER": address.user or unquote(parts.username or "") or options.get("user", ""),
        "PGPASSWORD": unquote(parts.password or "") or options.get("password", ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
        "PGSSLMODE": options.get("sslmode", ""),
    }
    return {name: value for name, value in found.items() if value}
