"""The HTTP surface against its own description: schemathesis sends what the description allows and what it does not."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.cases.access import Role
from backend.persistence.database import Database
from tests.support.builders import a_case, digest
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite, live_site
from tests.web.test_desk_matrix import ways

pytestmark = [pytest.mark.database, pytest.mark.slow]
DESCRIPTION = Path(__file__).resolve().parents[2] / "backend" / "web" / "openapi.yml"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
EXAMPLES = "10"
OPTIONS = (
    *("--seed", "20261123", "--request-timeout", "30", "--workers", "4"),
    *("--suppress-health-check", "all", "--no-color"),
)
ANSWERS_OF_PAGES = (200, 201, 303, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def calm(database: Database) -> AsyncIterator[LiveSite]:
    async with live_site(database, open311_keys="kunci-uji", metrics_token="token-uji") as running:
        yield running


async def surveyed(description: Path, url: str, folder: Path, headers: dict[str, str], *more: str) -> None:
    """Every operation of a description is tried with what it allows and what it does not."""
    program = Path(sys.executable).with_name("schemathesis")
    named = [word for name, value in headers.items() for word in ("--header", f"{name}: {value}")]
    command = [str(program), "run", str(description), "--url", url, *named, *OPTIONS, *more]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()[-12_000:]


@pytest.mark.timeout(600)
async def test_no_server_error_and_no_answer_that_is_not_described(calm: LiveSite, tmp_path: Path) -> None:
    visitor = await calm.visitor()
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in visitor.http.cookies.jar)
    # A stream of events has no end; pages of officers are surveyed below.
    left_out = ["--exclude-path", "/api/web/events", "--exclude-path-regex", "^/tinjau"]
    checks = ["--checks", ",".join(CHECKS), "--phases", "coverage,fuzzing", "--max-examples", EXAMPLES]
    await surveyed(DESCRIPTION, calm.url, tmp_path, {"Cookie": cookies}, *checks, *left_out)


def fields_of_forms() -> list[str]:
    """Every name that a handler of the desk reads from a form or from the address."""
    read = re.compile(r"""(?:form_text|form_file)\(request, "(\w+)"|args\.get(?:list)?\("(\w+)\"""")
    folders = [ROOT / "backend" / "web" / "desk", ROOT / "backend" / "web" / "review"]
    texts = [path.read_text(encoding="utf-8") for folder in folders for path in folder.glob("*.py")]
    return sorted({a or b for text in texts for a, b in read.findall(text)})


def description_of_desk(live: LiveSite) -> dict[str, Any]:
    """The desk as the router knows it: each address with the answers that a page may give."""
    fields = {name: {"type": "string", "maxLength": 300} for name in fields_of_forms()}
    form = {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": fields}}}
    answers = {str(status): {"description": "a page"} for status in ANSWERS_OF_PAGES}
    paths: dict[str, Any] = {}
    for way in ways(live):
        path = re.sub(r"<(\w+)(?::(?:[^<>]|<[^>]*>)*)?>", r"{\1}", way.path)
        places = [
            {"name": one, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
            for one in way.parts
        ]
        asked = [{"name": one, "in": "query", "schema": {"type": "string"}} for one in fields]
        operation: dict[str, Any] = {"parameters": places, "responses": answers}
        operation |= {"requestBody": {"content": form}} if way.method == "POST" else {}
        operation["parameters"] = [*places, *(asked if way.method == "GET" else [])]
        paths.setdefault(path, {})[way.method.lower()] = operation
    return {"openapi": "3.1.0", "info": {"title": "desk", "version": "1"}, "paths": paths}


@pytest.mark.timeout(900)
async def test_no_page_of_the_desk_breaks_whatever_is_sent(calm: LiveSite, tmp_path: Path) -> None:
    async with calm.site.open_uow() as uow:
        await uow.cases.add(a_case(1), digest(1))
        await uow.commit()
    description = tmp_path / "desk.json"
    description.write_text(json.dumps(description_of_desk(calm)), encoding="utf-8")
    who = await officer_in(calm, Role.ADMIN)
    ((name, value),) = who.cookie.items()
    headers = {"Cookie": f"{name}={value}", "X-CSRF": who.csrf}
    checks = ["--checks", "not_a_server_error,status_code_conformance", "--max-examples", "12"]
    # The phase of coverage would try every field of the desk on every address, hours of it.
    checks += ["--phases", "fuzzing"]
    await surveyed(description, calm.url, tmp_path, headers, *checks)
    assert (await who.get("/meja")).status_code == 200, "nothing that was sent has ended the session"


def test_the_stream_of_events_is_described_too() -> None:
    """It is left out above, so at least its description must stand."""
    described = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))["paths"]["/api/web/events"]["get"]
    assert "text/event-stream" in described["responses"]["200"]["content"]
