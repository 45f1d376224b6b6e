"""Open311 GeoReport v2: the shapes of the specification, only what is public, filing only with a key."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any
from xml.etree import ElementTree

import pytest

from backend.persistence.database import Database
from tests.support.live_site import LiveSite, Visitor, live_site

pytestmark = pytest.mark.database
KEY = "kunci-uji-1"  # a test's own
BASE = "/open311/v2"
LAMP = {
    "service_code": "lampu_jalan",
    "description": "Lampu depan SD 004 mati, kata Bu Sumarni <b>sudah</b> seminggu",
    "address_string": "Sangatta Utara",
    "first_name": "Sumarni",
    "phone": "081234567890",
    "email": "sumarni@contoh.example",
}
# The fields of a service request, https://wiki.open311.org/GeoReport_v2/#get-service-requests
FIELDS = {
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "service_notice",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
}
W3C = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$")


@pytest.fixture
async def caller(database: Database) -> AsyncIterator[Visitor]:
    async with live_site(database, open311_keys=f"lain, {KEY}, sempit:3") as running:
        yield await running.visitor(session=False)


async def filed(caller: Visitor, **changes: str) -> dict[str, Any]:
    answer = await caller.http.post(f"{BASE}/requests.json", data={"api_key": KEY, **LAMP, **changes})
    assert answer.status_code == 201, answer.text
    rows: list[dict[str, Any]] = answer.json()
    return rows[0]


async def listed(caller: Visitor, **asked: str) -> list[dict[str, Any]]:
    answer = await caller.http.get(f"{BASE}/requests.json", params=asked)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()
    return rows


async def test_services_are_the_catalogue_in_both_formats(caller: Visitor) -> None:
    rows = (await caller.http.get(f"{BASE}/services.json")).json()
    assert len(rows) == 63 and {row["metadata"] for row in rows} == {False}
    tree = ElementTree.fromstring((await caller.http.get(f"{BASE}/services.xml")).content)  # noqa: S314
    assert tree.tag == "services"
    assert [one.findtext("service_code") for one in tree] == [row["service_code"] for row in rows]
    assert {one.findtext("metadata") for one in tree} == {"false"}


async def test_discovery_and_definition(caller: Visitor) -> None:
    found = (await caller.http.get(f"{BASE}/discovery.json")).json()
    assert found["endpoints"][0]["url"].endswith(BASE)
    tree = ElementTree.fromstring((await caller.http.get(f"{BASE}/discovery.xml")).content)  # noqa: S314
    assert [one.text for one in tree.iter("format")] == found["endpoints"][0]["formats"]
    definition = (await caller.http.get(f"{BASE}/services/jalan_rusak.json")).json()
    assert definition == {"service_code": "jalan_rusak", "attributes": []}
    assert (await caller.http.get(f"{BASE}/services/tidak_ada.json")).status_code == 404


async def test_a_request_is_a_case_with_a_code_and_shows_no_words_of_anybody(caller: Visitor) -> None:
    row = await filed(caller)
    code = re.search(r"\d{4}( \d{4}){4}", row["service_notice"])
    assert code
    status = await caller.http.post("/status", data={"code": code[0]})
    assert status.status_code == 200 and "Dinas Perhubungan" in status.text
    for rows in (
        await listed(caller),
        (await caller.http.get(f"{BASE}/requests/{row['service_request_id']}.json")).json(),
    ):
        assert [one["service_request_id"] for one in rows] == [row["service_request_id"]]
        assert set(rows[0]) == FIELDS
        assert rows[0]["status"] == "open" and rows[0]["service_code"] == "lampu_jalan"
        assert all(W3C.match(rows[0][f"{name}_datetime"]) for name in ("requested", "updated", "expected"))
        said = str(rows)
        assert not any(word in said for word in ("Sumarni", "SD 004", "0812", code[0]))
    token = (await caller.http.get(f"{BASE}/tokens/{row['service_request_id']}.json")).json()
    assert token[0]["service_request_id"] == row["service_request_id"]


async def test_xml_of_a_request_is_well_formed(caller: Visitor) -> None:
    await filed(caller)
    answer = await caller.http.get(f"{BASE}/requests.xml")
    tree = ElementTree.fromstring(answer.content)  # noqa: S314
    assert answer.headers["content-type"].startswith("text/xml")
    assert tree.tag == "service_requests" and {field.tag for field in tree[0]} == FIELDS


@pytest.mark.parametrize("code", ["perempuan_anak", "disiplin_asn"])
async def test_sensitive_matters_are_taken_and_never_shown(caller: Visitor, code: str) -> None:
    row = await filed(caller, service_code=code)
    assert await listed(caller) == []
    answer = await caller.http.get(f"{BASE}/requests/{row['service_request_id']}.json")
    assert answer.status_code == 404


async def test_what_came_by_chat_anonymously_is_not_shown(database: Database) -> None:
    async with live_site(database) as running:
        visitor = await running.visitor()
        form = await visitor.http.get("/lapor")
        draft = re.search(r'name="draft" value="([^"]+)"', form.text)
        assert draft
        for level in ("anonymous", "confidential"):
            data = {"draft": draft[1], "what": "lampu mati", "where": "Bengalon", "issue": "lampu_jalan"}
            await visitor.http.post("/lapor", data={**data, "identity_level": level})
        assert (await visitor.http.get(f"{BASE}/requests.json")).json() == []


@pytest.mark.parametrize("key", [None, "", "salah", "lain, kunci-uji-1", "kunci-uji"])
async def test_filing_needs_a_key(caller: Visitor, key: str | None) -> None:
    data = LAMP if key is None else {"api_key": key, **LAMP}
    answer = await caller.http.post(f"{BASE}/requests.json", data=data)
    assert answer.status_code == 403 and answer.json()[0]["code"] == 403
    assert await listed(caller) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"service_code": "tidak_ada"},
        {"description": ""},
        {"description": "x" * 4001},
        {"address_string": ""},
        {"lat": "abc", "long": "1"},
        {"lat": "91", "long": "117"},
        {"lat": "nan", "long": "117"},
    ],
)
async def test_bad_arguments_are_named_and_file_nothing(caller: Visitor, changes: dict[str, str]) -> None:
    data = {"api_key": KEY, **LAMP, **changes}
    answer = await caller.http.post(f"{BASE}/requests.xml", data=data)
    assert answer.status_code == 400
    assert ElementTree.fromstring(answer.content)[0].findtext("description")  # noqa: S314
    assert await listed(caller) == []


@pytest.mark.parametrize(
    ("asked", "status", "n"),
    [
        ({"status": "open"}, 200, 1),
        ({"status": "closed"}, 200, 0),
        ({"service_code": "jalan_rusak,lampu_jalan"}, 200, 1),
        ({"service_code": "jalan_rusak"}, 200, 0),
        ({"status": "lost"}, 400, 0),
        ({"start_date": "kemarin"}, 400, 0),
        ({"start_date": "2020-01-01T00:00:00Z", "end_date": "2021-01-01T00:00:00Z"}, 400, 0),
        ({"start_date": "2020-01-01T00:00:00Z", "end_date": "2020-02-01T00:00:00Z"}, 200, 0),
    ],
)
async def test_lists_are_narrowed(caller: Visitor, asked: dict[str, str], status: int, n: int) -> None:
    await filed(caller)
    answer = await caller.http.get(f"{BASE}/requests.json", params=asked)
    assert answer.status_code == status
    if status == 200:
        assert len(answer.json()) == n


async def test_a_hasty_caller_is_told_to_wait(caller: Visitor, live: LiveSite) -> None:
    statuses = [(await caller.http.get(f"{BASE}/services.json")).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]


async def test_filing_is_paced_by_key_not_by_address(caller: Visitor) -> None:
    """Everybody who files through the app of a regency has its one address."""

    async def statuses(n: int, **sent: str) -> list[int]:
        asked = [await caller.http.post(f"{BASE}/requests.json", data=sent) for _ in range(n)]
        return [one.status_code for one in asked]

    assert await statuses(61, api_key=KEY) == [400] * 61  # nothing described: refused, and counted
    assert await statuses(4, api_key="sempit") == [400] * 3 + [429]
    assert (await caller.http.get(f"{BASE}/services.json")).status_code == 200
    assert await statuses(60, api_key="salah") == [403] * 59 + [
        429
    ]  # guesses are counted by address, with the readers
    await filed(caller)
