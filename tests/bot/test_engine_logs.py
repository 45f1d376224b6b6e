"""No word of a citizen reaches the logs, at no level, not even when everything goes wrong."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot.engine import logs

PLANTED = "kambing hijau di rumah bupati"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that the engine's process would write, at the chattiest level."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, structlog.get_config())
    stream = io.StringIO()
    logs.configure(logging.DEBUG, stream)
    root.setLevel(logging.DEBUG)
    yield stream
    logging.captureWarnings(False)
    root.handlers[:], root.level = before[0], before[1]
    logging.getLogger(logs.OWN).setLevel(logging.NOTSET)
    structlog.configure(**before[2])


def raise_quoting() -> None:
    try:
        raise KeyError(PLANTED)
    except KeyError as failure:
        raise ValueError(f"no such place {PLANTED}") from failure


def test_foreign_lines_keep_only_their_place(written: io.StringIO) -> None:
    logging.getLogger("rasa.core.processor").warning("got %s", PLANTED)
    try:
        raise_quoting()
    except ValueError:
        logging.getLogger("asyncio").exception("task of %s failed", PLANTED)
    structlog.get_logger().error("processor.message.parse", parse_data_text=PLANTED)
    warnings.showwarning(f"unknown intent {PLANTED}", UserWarning, "io.py", 100)
    text = written.getvalue()
    assert PLANTED not in text
    assert "rasa.core.processor test_engine_logs.py:" in text
    assert "ValueError at test_engine_logs.py:" in text
    assert "from KeyError at test_engine_logs.py:" in text
    assert "py.warnings" in text


def test_the_engines_own_lines_are_readable(written: io.StringIO) -> None:
    logging.getLogger("bot.engine.server").info("engine ready model=%s", "m1")
    assert "engine ready model=m1" in written.getvalue()


@pytest.mark.model
@pytest.mark.parametrize(
    "typed",
    ["lapor {}", "halo {}", "gagal {}", "bocor {}", "tolak {}", "putar {}", "ingatkan {}", "{}", "/batal {}"],
)
async def test_no_turn_writes_what_was_typed(
    talk: Any, written: io.StringIO, capfd: pytest.CaptureFixture[str], typed: str
) -> None:
    one = talk()
    capfd.readouterr()
    for text in (typed.format(PLANTED), "depan " + PLANTED):
        try:
            await one.say(text)
        except Exception as failure:  # noqa: BLE001
            logging.getLogger("aiohttp.server").exception("Error handling request")
            assert PLANTED not in logs.where(failure)
    out, err = capfd.readouterr()
    for place in (written.getvalue(), out, err):
        assert PLANTED not in place
        assert "kambing" not in place
        assert "opaque" not in place
