"""The backend's own PostgreSQL: made, started, adopted, watched and stopped here, on a unix socket nobody else can open.

Layout under the data folder: `postgres/18` the cluster, `postgres/programs-*` the binaries when we are root,
`postgres/socket` the folder of the socket, `postgres/server.log`.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import logging
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from backend.persistence.binaries import Programs, prepare
from backend.persistence.errors import DatabaseRefused

log = logging.getLogger(__name__)

MAJOR = "18"
SUPERUSER = "teman_lapor_server"
CLUSTERS = "postgres"  # folder of the embedded server within the data folder
RECOVERY_S = 120.0
LONGEST_SOCKET_PATH = 107
SOCKET_NAME = ".s.PGSQL.5432"

# Errors are logged without the statement and its values: they carry what people wrote.
CONFIGURATION = """\
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 64MB
fsync = on
full_page_writes = on
synchronous_commit = on
wal_recycle = off
wal_level = minimal
max_wal_senders = 0
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
timezone = 'UTC'
log_timezone = 'UTC'
"""


@dataclass
class EmbeddedServer:
    """One cluster in one data folder. Several processes may use it; the last to leave stops it."""

    home: Path
    programs: Programs
    socket: Path
    _users: IO[str] | None = field(default=None, repr=False)

    @property
    def cluster(self) -> Path:
        return self.home / MAJOR

    def url(self, database: str, user: str = SUPERUSER) -> str:
        """Address for asyncpg through SQLAlchemy."""
        return f"postgresql+asyncpg://{user}@/{database}?host={self.socket}"

    def start(self) -> EmbeddedServer:
        """Running and taking connections afterwards; a server that a killed run left behind is adopted.

        Raises:
            DatabaseRefused: it cannot be made or does not come up within 120 s; the text ends with its log.
        """
        with self._one_at_a_time():
            self._users = (self.home / "users.lock").open("w")
            fcntl.flock(self._users, fcntl.LOCK_SH)
            if not (self.cluster / "PG_VERSION").exists():
                self._make()
            self._configure()
            self._run_until_ready()
        return self

    def stop(self) -> None:
        """Stopped afterwards, unless another process still uses the server."""
        if self._users is None:
            return
        with self._one_at_a_time():
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                log.info("database left running: another process uses it")
            else:
                if self.is_running():
                    self.programs.run(
                        "pg_ctl", "stop", "-D", str(self.cluster), "-m", "fast", "-w", "-t", "60"
                    )
            self._users.close()
            self._users = None

    def is_running(self) -> bool:
        return self.programs.attempt("pg_ctl", "status", "-D", str(self.cluster)).returncode == 0

    async def keep_running(self, every_s: float = 0.5) -> None:
        """Start the server again whenever it has died, until cancelled; on a full disk as often as it takes."""
        while True:
            await asyncio.sleep(every_s)
            if not await asyncio.to_thread(self._is_alive):
                log.error("database server has died; starting it again")
                try:
                    await asyncio.to_thread(self._recover)
                except DatabaseRefused as refusal:
                    log.error("database server does not start error=%s", refusal)

    def _is_alive(self) -> bool:
        """Whether the postmaster's process exists: cheap enough to be asked twice a second."""
        lines = self._pid_lines()
        if not lines:
            return False
        try:
            os.kill(int(lines[0]), 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return not _is_zombie(int(lines[0]))

    def _recover(self) -> None:
        with self._one_at_a_time():
            self._run_until_ready()

    def _pid_lines(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _make(self) -> None:
        started = time.monotonic()
        self.programs.run(
            "initdb",
            *("-D", str(self.cluster), "-U", SUPERUSER, "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *("--auth-local=trust", "--auth-host=reject"),
        )
        log.info("database made folder=%s seconds=%.1f", self.cluster, time.monotonic() - started)

    def _configure(self) -> None:
        ours = self.cluster / "teman_lapor.conf"
        ours.write_text(CONFIGURATION.format(socket=self.socket), encoding="utf-8")
        main = self.cluster / "postgresql.conf"
        if "teman_lapor.conf" not in main.read_text(encoding="utf-8"):
            with main.open("a", encoding="utf-8") as file:
                file.write("\ninclude = 'teman_lapor.conf'\n")
        if self.programs.account:
            os.chown(ours, self.programs.account.uid, self.programs.account.gid)

    def _run_until_ready(self) -> None:
        """A killed server's children may hold its memory for a moment, and recovery takes its time: both are waited for."""
        deadline = time.monotonic() + RECOVERY_S
        words = ""
        while time.monotonic() < deadline:
            if self.is_running():
                self._adopt_socket()
            else:
                seconds = str(max(1, int(deadline - time.monotonic())))
                words = self.programs.attempt(
                    *("pg_ctl", "start", "-D", str(self.cluster), "-w", "-t", seconds),
                    *("-l", str(self.home / "server.log")),
                    timeout_s=RECOVERY_S + 10,
                ).stdout
            if self._answers():
                return
            time.sleep(0.3)
        raise DatabaseRefused(
            f"the database did not come up within {RECOVERY_S:.0f} s: {words.strip()[-400:]}"
        )

    def _answers(self) -> bool:
        return self.programs.attempt("pg_isready", "-q", "-h", str(self.socket)).returncode == 0

    def _adopt_socket(self) -> None:
        """An orphan listens where its own run told it to, which may not be where we would."""
        lines = self._pid_lines()
        if len(lines) > 4 and lines[4] and lines[4] != str(self.socket):
            self.socket = Path(lines[4])

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        with (self.home / "start.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def server_in(data: Path) -> EmbeddedServer:
    """The server of a data folder, its folders made and safe; not started.

    Raises:
        DatabaseRefused: the folder cannot be reached by the account PostgreSQL must run under.
    """
    home = data.resolve() / CLUSTERS
    home.mkdir(parents=True, exist_ok=True, mode=0o755)
    programs = prepare(home)
    if programs.account:
        _open_the_way(home, data.resolve())
        os.chown(home, programs.account.uid, programs.account.gid)
    socket = _socket_folder(home, programs)
    return EmbeddedServer(home=home, programs=programs, socket=socket)


def _open_the_way(home: Path, data: Path) -> None:
    """Our own two folders may be passed through by the server's account; folders of others are left as they are."""
    data.chmod(stat.S_IMODE(data.stat().st_mode) | 0o011)
    home.chmod(0o755)
    for parent in data.parents:
        if not parent.stat().st_mode & 0o001:
            raise DatabaseRefused(
                f"PostgreSQL cannot run as root and its account cannot pass through {parent}: "
                "set TEMAN_LAPOR_DATA to a folder elsewhere, for example /var/lib/teman-lapor"
            )


def _socket_folder(home: Path, programs: Programs) -> Path:
    """A 0700 folder for the socket: beside the cluster, or in the temporary folder when that path is too long."""
    folder = home / "socket"
    if len(os.fsencode(folder / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"teman-lapor-{name}"
    uid = programs.account.uid if programs.account else os.geteuid()
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink():
        raise DatabaseRefused(f"{folder} must not be a link")
    owner = folder.stat().st_uid
    if owner not in (uid, os.geteuid()):
        raise DatabaseRefused(f"{folder} belongs to somebody else")
    if programs.account and owner != uid:
        os.chown(folder, uid, programs.account.gid)
    folder.chmod(0o700)
    return folder


def _is_zombie(pid: int) -> bool:
    """A killed server whose parent has not collected it yet is as dead as can be (Linux only; elsewhere no)."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)
    except OSError:
        return False
    return words[-1].split()[:1] == ["Z"]
