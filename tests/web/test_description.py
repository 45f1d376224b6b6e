"""The HTTP surface against its own description: schemathesis sends what the description allows and what it does not."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from backend.persistence.database import Database
from tests.support.live_site import LiveSite, live_site

pytestmark = [pytest.mark.database, pytest.mark.slow]
DESCRIPTION = Path(__file__).resolve().parents[2] / "backend" / "web" / "openapi.yml"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
EXAMPLES = "10"


@pytest.fixture
async def calm(database: Database) -> AsyncIterator[LiveSite]:
    async with live_site(database, open311_keys="kunci-uji", metrics_token="token-uji") as running:
        yield running


@pytest.mark.timeout(600)
async def test_no_server_error_and_no_answer_that_is_not_described(calm: LiveSite, tmp_path: Path) -> None:
    visitor = await calm.visitor()
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in visitor.http.cookies.jar)
    program = Path(sys.executable).with_name("schemathesis")
    command = [
        str(program),
        "run",
        str(DESCRIPTION),
        "--url",
        calm.url,
        "--header",
        f"Cookie: {cookies}",
        "--checks",
        ",".join(CHECKS),
        "--phases",
        "coverage,fuzzing",
        "--max-examples",
        EXAMPLES,
        "--seed",
        "20261123",
        "--request-timeout",
        "30",
        # A stream of events has no end.
        "--exclude-path",
        "/api/web/events",
        # Pages of officers, behind their own log-in.
        "--exclude-path-regex",
        "^/tinjau",
        "--workers",
        "4",
        "--suppress-health-check",
        "all",
        "--no-color",
    ]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()[-12_000:]


def test_the_stream_of_events_is_described_too() -> None:
    """It is left out above, so at least its description must stand."""
    described = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))["paths"]["/api/web/events"]["get"]
    assert "text/event-stream" in described["responses"]["200"]["content"]
