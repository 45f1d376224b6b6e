"""The protocol from a terminal: a line in, a JSON object out, whatever the line is."""

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import pytest

from backend.talk import message_of, talk
from tests.support.live_site import LiveSite
from tests.web.test_uploads import jpeg

LINES: list[tuple[str, dict[str, Any]]] = [
    ("lampu mati", {"text": "lampu mati"}),
    ('{"text": "halo"}', {"text": "halo"}),
    ('{"choice": "q1-1"}', {"choice": "q1-1"}),
    ('{"location": {"latitude": 1, "longitude": 2}}', {"location": {"latitude": 1, "longitude": 2}}),
    ('{"file": "foto.jpg"}', {"file": "foto.jpg"}),
    ("{halo", {"text": "{halo"}),
    ('{"lain": 1}', {"text": '{"lain": 1}'}),
    ('{"text": "a", "choice": "b"}', {"text": '{"text": "a", "choice": "b"}'}),
    ("[1]", {"text": "[1]"}),
    ("/restart", {"text": "/restart"}),
]


@pytest.mark.parametrize(("line", "message"), LINES)
def test_a_line_is_a_message(line: str, message: dict[str, Any]) -> None:
    assert message_of(line) == message


async def spoken(url: str, *lines: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit code, and an object for each line."""
    out = io.StringIO()
    code = await asyncio.to_thread(talk, url, io.StringIO("".join(f"{line}\n" for line in lines)), out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.database
async def test_a_talk_ends_with_a_code(live: LiveSite, tmp_path: Path) -> None:
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(jpeg())
    code, answers = await spoken(
        live.url, "pilih", "", '{"choice": "q1-3"}', json.dumps({"file": str(photo)}), "lampu mati kirim"
    )
    assert code == 0 and len(answers) == 4, "an empty line is no message"
    assert [one["label"] for one in answers[0]["replies"][0]["choices"]][0] == "Terbuka"
    assert answers[1]["replies"][0]["text"] == "dengar: q1-3"
    assert [answer["code"] for answer in answers[:3]] == [None] * 3
    assert len(answers[3]["code"].replace(" ", "")) == 20


@pytest.mark.database
async def test_a_refusal_is_an_answer_and_the_talk_goes_on(live: LiveSite, tmp_path: Path) -> None:
    wrong = tmp_path / "foto.jpg"
    wrong.write_text("bukan foto")
    code, answers = await spoken(
        live.url,
        "a" * 5000,
        json.dumps({"file": str(wrong)}),
        '{"file": "tidak-ada.jpg"}',
        '{"choice": "/restart"}',
        "masih bisa",
    )
    assert code == 0 and len(answers) == 5
    for answer in answers[:4]:
        assert answer["replies"] == [] and len(answer["error"]) > 10
    assert "4.000" in answers[0]["error"] and "Jenis berkas" in answers[1]["error"]
    assert answers[4]["replies"][0]["text"] == "dengar: masih bisa"


async def test_a_backend_that_is_away_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    code, answers = await spoken("http://localhost:9", "halo")
    assert (code, answers) == (1, [])
    assert "make run" in capsys.readouterr().err
