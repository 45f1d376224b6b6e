"""A disk that is nearly full, then full, then not: files and finally texts are refused in words, and nothing that was acknowledged is lost.

On a file system of its own in memory, so only as root on Linux.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.support.product import ROOT, Citizen, Running

pytestmark = [pytest.mark.slow, pytest.mark.database, pytest.mark.timeout(900)]

SIZE_MB = 300
NOT_STORED = "Pesan belum tersimpan karena gangguan di pihak kami"
NO_ROOM = "Foto dan berkas sedang tidak bisa kami terima"
TOKEN = "angka-untuk-uji-ruang-simpan"


@contextmanager
def small_disk() -> Iterator[Path]:
    """A folder with so little room; skips where none can be made."""
    if os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("only root makes a file system")
    folder = Path(tempfile.mkdtemp(prefix="tl-disk-"))
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=755", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if made.returncode != 0:
        folder.rmdir()
        pytest.skip("no file system may be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@dataclass
class Stage:
    """A product on the small disk."""

    running: Running
    acknowledged: dict[str, str] = field(default_factory=dict)

    @property
    def filler(self) -> Path:
        return self.running.folder / "somebody-elses-file"

    def fill(self) -> None:
        """To the last byte."""
        with self.filler.open("ab", buffering=0) as file:
            for piece in (1024 * 1024, 4096, 1):
                try:
                    while True:
                        file.write(b"\0" * piece)
                except OSError:
                    continue

    def free(self) -> None:
        self.filler.unlink()

    def try_once(self, citizen: Citizen, text: str) -> httpx.Response:
        """One attempt; what is acknowledged is remembered."""
        name = hashlib.sha256(text.encode()).hexdigest()[:24]
        answer = citizen.http.post("/api/web/messages", json={"client_id": name, "text": text}, timeout=60)
        if answer.status_code == 202:
            self.acknowledged[name] = text
        return answer

    def doctor(self) -> str:
        command = [sys.executable, "-m", "backend", "doctor"]
        environment = self.running.environment
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=200
        )
        assert "Traceback" not in done.stderr, done.stderr[-3000:]
        assert done.returncode == 1
        return done.stdout

    def figures(self) -> str:
        return httpx.get(
            f"{self.running.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30
        ).text


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with small_disk() as folder:
        running = Running(
            folder=folder, scripted=True, ready_within_s=600, settings={"TEMAN_LAPOR_METRICS_TOKEN": TOKEN}
        )
        try:
            running.start()
            yield Stage(running)
        finally:
            running.stop()


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 48), "navy").save(file, "JPEG")
    return file.getvalue()


def test_nearly_full(stage: Stage) -> None:
    """Less than a gigabyte, as this disk always has."""
    citizen = Citizen(stage.running)
    assert "dengar: lampu mati" in citizen.say("lampu mati")
    answer = citizen.http.post("/api/web/uploads", files={"file": ("a.jpg", picture(), "image/jpeg")})
    assert answer.status_code == 507 and NO_ROOM in answer.json()["detail"]
    assert "dengar: tanpa foto" in citizen.say("tanpa foto")
    assert "WRONG    disk" in stage.doctor()
    assert "teman_lapor_disk_free_bytes" in stage.figures()


@pytest.mark.parametrize("crash", [False, True], ids=["refusing", "crashing"])
def test_full(stage: Stage, crash: bool) -> None:
    """`crash`: the server dies meanwhile, and has no room to come back as it was."""
    stage.acknowledged.clear()  # those of another test stand in the talks of its own citizens
    citizens = [Citizen(stage.running) for _ in range(4)]
    for one in citizens:
        one.say("halo")
    stage.fill()
    try:
        if crash:
            stage.running.kill_database()
        refused = refused_ones(stage, citizens)
        for path in ("/healthz", "/status"):
            assert httpx.get(f"{stage.running.url}{path}", timeout=10).status_code == 200
        # There may still be room for the smallest commit: the disk and the count of the refused are what tells.
        if not crash:  # the doctor would wait four minutes for a server that cannot come up
            assert "WRONG    disk: 0.0 GB free" in stage.doctor()
        assert "teman_lapor_not_stored_total{" in stage.figures()
        time.sleep(5)
    finally:
        stage.free()
    stage.running.wait_until_ready()
    assert not stage.running.is_dead()
    for one, text in refused:
        wait_until(lambda one=one, text=text: stage.try_once(one, text).status_code == 202)
    for name, text in stage.acknowledged.items():
        wait_until(lambda name=name, text=text: heard_once(citizens, name, text))
    assert 'teman_lapor_part_ready{part="database"} 1.0' in stage.figures()


def refused_ones(stage: Stage, citizens: list[Citizen]) -> list[tuple[Citizen, str]]:
    """Long messages until three are refused; each refusal says the truth."""
    refused: list[tuple[Citizen, str]] = []
    for number in range(80):
        citizen = citizens[number % len(citizens)]
        text = f"pesan {secrets.token_hex(8)} " + "keterangan panjang " * 150 + "selesai"
        answer = stage.try_once(citizen, text)
        if answer.status_code != 202:
            assert answer.status_code == 503, answer.text
            assert answer.json()["detail"].startswith(NOT_STORED)
            refused.append((citizen, text))
        if len(refused) == 3:
            return refused
    raise AssertionError("a full disk took everything")


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.5)


def heard_once(citizens: list[Citizen], name: str, text: str) -> bool:
    """It stands once in its talk, and has been answered."""
    for one in citizens:
        events = one.http.get("/api/web/events", params={"after": 0}).json()["events"]
        mine = [event for event in events if event.get("client_id") == name] if events else []
        if mine:
            assert len(mine) == 1
            return any(text in str(event["message"].get("text")) for event in events if event not in mine)
    return False
