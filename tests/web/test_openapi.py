"""The written protocol is the running one: valid, complete, and true of what is answered."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from tests.support.live_site import LiveSite, Visitor

ROOT = Path(__file__).resolve().parent.parent.parent
SPEC: dict[str, Any] = yaml.safe_load((ROOT / "backend" / "web" / "openapi.yml").read_text(encoding="utf-8"))

# Pages for officers are for browsers; other tests walk them by role.
OF_OFFICERS = ("masuk", "keluar", "meja", "tinjau")


def conforms(value: Any, name: str) -> None:
    """The value is what the named schema says."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": SPEC["components"]}
    Draft202012Validator(schema).validate(value)


def test_the_description_is_valid() -> None:
    validate(SPEC)


@pytest.mark.database
async def test_every_route_is_described_and_every_description_is_a_route(live: LiveSite) -> None:
    routes = {
        (
            method.lower(),
            re.sub(r"<(item_id|name)[^>]*>", r"{\1}", "/" + route.path),
        )
        for route in live.app.router.routes
        for method in route.methods
        if not route.path.startswith(("static", *OF_OFFICERS))
    }
    methods = {"get", "post", "put", "delete", "patch"}
    described = {
        (method, path)
        for path, item in SPEC["paths"].items()
        for method in item
        if method in methods and not path[1:].startswith(OF_OFFICERS)
    }
    assert {one for one in routes if one[0] not in {"head", "options"}} == described


@pytest.mark.database
async def test_what_is_answered_is_what_is_described(live: LiveSite, visitor: Visitor) -> None:
    for text in ("halo", "pilih", "ringkas langkah", "minta lokasi", "lampu mati kirim"):
        conforms(await visitor.say(text), "Event")
    await visitor.send(choice="q1-1")
    await visitor.send(location={"latitude": 0.5, "longitude": 117.5})
    events = await visitor.events(after=0)
    assert {event["kind"] for event in events} == {"mine", "reply", "receipt"}
    for event in events:
        conforms(event, "Event")
    conforms((await visitor.send(text="")).json(), "Error")
    stranger = await live.visitor(session=False)
    conforms((await stranger.send(text="halo")).json(), "Error")


@pytest.mark.database
@pytest.mark.parametrize(
    ("message", "is_valid"),
    [
        ({"client_id": "pesan-0001", "text": "halo"}, True),
        (
            {"client_id": "pesan-0001", "location": {"latitude": 0.5, "longitude": 117, "accuracy_m": None}},
            True,
        ),
        ({"client_id": "pesan-0001", "choice": "q1-1"}, True),
        ({"client_id": "pesan-0001"}, False),
        ({"client_id": "pesan-0001", "text": "a", "choice": "q1-1"}, False),
        ({"client_id": "a", "text": "halo"}, False),
        ({"client_id": "pesan-0001", "text": ""}, False),
        ({"client_id": "pesan-0001", "location": {"latitude": 91, "longitude": 0}}, False),
    ],
)
async def test_description_and_code_agree_on_messages(
    visitor: Visitor, message: dict[str, Any], is_valid: bool
) -> None:
    schema = {"$ref": "#/components/schemas/Message", "components": SPEC["components"]}
    assert Draft202012Validator(schema).is_valid(message) is is_valid
    answer = await visitor.http.post("/api/web/messages", json=message)
    assert (answer.status_code == 202) is is_valid


def test_the_story_names_every_address_of_the_protocol() -> None:
    story = (ROOT / "docs" / "web-protocol.md").read_text(encoding="utf-8")
    for path in SPEC["paths"]:
        if path.startswith("/api/web/") and "{" not in path:
            assert path in story, path
    for code in re.findall(r"`(web_\w+)`", story):
        sentences = (ROOT / "backend" / "reference" / "sentences.csv").read_text(encoding="utf-8")
        assert f"\n{code}," in sentences, code
