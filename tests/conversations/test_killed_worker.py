"""kill -9 at every named point, in a process of its own: afterwards one case, one receipt, nothing left over."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from backend.conversations.failpoints import NAMES, VARIABLE, from_environment
from backend.persistence.database import Database
from backend.persistence.keys import key_file, store
from backend.persistence.tables import cases, turns
from tests.conversations.test_pipeline import count
from tests.support.database import TestServer
from tests.support.talk import Talk

ROOT = Path(__file__).resolve().parents[2]
OF_TURNS = [name for name in NAMES if name not in ("arrival_kept", "arrivals_sorted", "send_taken", "sent")]

# What the doomed process runs: one message that files a report.
DOOMED = """
import asyncio, sys
from backend.conversations.failpoints import from_environment
from backend.persistence.connecting import Address
from backend.persistence.database import Database
from backend.persistence.keys import load
from pathlib import Path
from tests.support.talk import Talk

async def main():
    app = Address(sys.argv[1], user=sys.argv[2] or None, role=sys.argv[3] or None)
    database = Database.connected(load(Path(sys.argv[4])), app, app, app, workers=2)
    talk = Talk(database)
    talk._reach = from_environment()
    talk.pipeline.reach = talk._reach
    object.__setattr__(talk.pipeline.worker, "reach", talk._reach)
    await talk.send("lampu mati kirim", id="satu")
    await talk.pipeline.settle()

asyncio.run(main())
"""


@pytest.mark.database
@pytest.mark.slow
@pytest.mark.parametrize("point", OF_TURNS)
async def test_killed_anywhere_the_report_is_filed_once(
    database: Database, database_server: TestServer, point: str
) -> None:
    file = key_file(database_server.folder)
    if not file.exists():
        store(database.keys, file, replace=False)
    address = database.app_address
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", DOOMED, address.dsn, address.user or "", address.role or "", str(file)],
        cwd=ROOT,
        env={**os.environ, VARIABLE: point, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    talk = Talk(database)
    again = await talk.send("lampu mati kirim", id="satu")
    await talk.pipeline.settle()
    assert [one.kind for one in await talk.history(str(again.conversation))] == ["mine", "receipt"]
    assert await count(database, cases) == 1
    assert await count(database, turns, turns.c.status != "done") == 0


def test_a_failpoint_that_nobody_named_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "tidak_ada")
    with pytest.raises(ValueError, match="tidak_ada"):
        from_environment()


def test_no_failpoint_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    reach = from_environment()
    for name in NAMES:
        reach(name)
