"""The operator's commands about officers and the audit, as they are typed on a fresh machine."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.__main__ import main
from tests.support.database import folder_of_tests

pytestmark = pytest.mark.database

HOLDER = ("--holder", "Rina Contoh", "--sk-number", "800/1/2026", "--sk-until", "2031-01-31")
FIRST = (
    "add-officer",
    "--login",
    "admin.induk",
    "--role",
    "admin_induk",
    "--title",
    "Admin induk Diskominfo",
)
LINK = re.compile(r"http://localhost:8000/masuk/undangan/[0-9a-f]{64}\n")


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = folder_of_tests()
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("TEMAN_LAPOR_DATA", str(folder))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_the_first_officer_a_new_holder_and_an_audit_that_is_checked(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*FIRST, *HOLDER]) == 0
    first = capsys.readouterr().out
    assert LINK.fullmatch(first)
    assert main([*FIRST, *HOLDER]) == 1 and "another position's" in capsys.readouterr().err
    assert main(["hand-over", "--login", "admin.induk", *HOLDER]) == 0
    second = capsys.readouterr().out
    assert LINK.fullmatch(second) and second != first
    assert main(["hand-over", "--login", "siapa", *HOLDER]) == 1
    wrong = [*FIRST[:2], "x.y", *FIRST[3:4], "narahubung", *FIRST[5:], *HOLDER]
    capsys.readouterr()
    assert main(wrong) == 1 and "agency" in capsys.readouterr().err
    assert main([*FIRST[:2], "lain", *FIRST[3:], *HOLDER[:5], "2020-01-01"]) == 1
    assert "sk_until" in capsys.readouterr().err
    assert main(["verify-audit"]) == 0
    assert "2 entries in 1 chains" in capsys.readouterr().out
    (data / "audit").mkdir(exist_ok=True)
    forged = {"n": 1, "at": "2026-11-23T00:00:00+00:00", "kind": "heads", "dump": "", "link": "00"}
    line = json.dumps({**forged, "heads": {"actor:operator": [9, "00"]}})
    (data / "audit" / "anchors-2026-11.jsonl").write_text(line + "\n", encoding="utf-8")
    assert main(["verify-audit"]) == 1
    told = capsys.readouterr().out
    assert "BROKEN  anchor 1" in told and "BROKEN  actor:operator" in told
