"""The product as people start it: a talk to the code over HTTP, nothing of it in the log at debug, and a peaceful end."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from backend.talk import talk
from tests.support.product import ROOT, Running

pytestmark = [pytest.mark.model, pytest.mark.database, pytest.mark.slow]
FIRST = "lampu jln depan sd 004 sangatta utara mati udh seminggu, jgn sebut nama saya"
LATER = ("kanarikata apa kabar", "zzqx kanarikata", "laporan saya", "saya butuh orang kanarikata")


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    ours = Running(settings={"TEMAN_LAPOR_LOG_LEVEL": "debug"})
    try:
        ours.start()
        yield ours
    finally:
        ours.stop()


def spoken(url: str, *lines: str) -> list[dict[str, object]]:
    out = io.StringIO()
    assert talk(url, io.StringIO("".join(f"{line}\n" for line in lines)), out) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_code_in_at_most_five_more_messages_and_the_log_knows_nothing(running: Running) -> None:
    answers = spoken(running.url, FIRST, "kirim")
    code = str(answers[-1]["code"])
    assert re.fullmatch(r"\d{4}( \d{4}){4}", code), answers
    status = httpx.post(f"{running.url}/status", data={"code": code})
    assert status.status_code == 200 and "Diterima" in status.text
    assert "sd 004" not in status.text.lower(), "the report is anonymous: its place is not shown"
    spoken(running.url, *LATER, code, '{"choice": "kanarikata salah"}')
    log = running.log()
    assert "request refused" in log, "the log must have been written for this to mean anything"
    for words in ("sd 004", "sebut nama", "udh seminggu", "kanarikata", code, code.replace(" ", "")):
        assert words not in log, words


def test_both_pages_without_scripts_work(running: Running) -> None:
    with httpx.Client(base_url=running.url) as http:
        draft = re.search(r'name="draft" value="([^"]+)"', http.get("/lapor").text)
        assert draft
        answer = http.post(
            "/lapor",
            data={
                "draft": draft[1],
                "what": "sampah menumpuk seminggu",
                "where": "desa singa gembara, sangatta utara",
                "issue": "lainnya",
                "identity_level": "confidential",
            },
        )
        assert answer.status_code == 201 and "Kab" in answer.text
        assert "singa gembara" not in running.log().lower()


def test_the_doctor_finds_nothing_wrong_while_it_runs(running: Running) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "backend", "doctor"],
        cwd=ROOT,
        env=running.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "nobody waits" in told.stdout and "runs and is ready" in told.stdout


def test_it_is_small(running: Running) -> None:
    assert running.process is not None
    door = running.process.pid
    children = Path(f"/proc/{door}/task/{door}/children").read_text(encoding="ascii").split()
    assert len(children) == 1
    for pid in (str(door), *children):
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        resident = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert resident and int(resident[1]) <= 220 * 1024, f"{pid}: {int(resident[1]) // 1024} MB"
