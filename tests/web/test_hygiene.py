"""What every answer carries and every request obeys: all routes are walked, so a new one cannot forget."""

import logging
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from backend.persistence.database import Database
from backend.run import quiet_libraries
from backend.web.hygiene import CONTENT_SECURITY_POLICY
from tests.support.live_site import LiveSite, live_site

pytestmark = pytest.mark.database
EMBEDDER = "https://kutaitimur.example"
FOREIGN = [
    "https://jahat.example",
    "null",
    "http://localhost.jahat.example",
    "https://kutaitimur.example.jahat.example",
]
# What may stand in the place of a part of a route; an id elsewhere.
EXAMPLES = {"_": "messages", "__file_uri__": "chat.js", "name": "jalan_rusak.json"}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
async def embedding(database: Database) -> AsyncIterator[LiveSite]:
    async with live_site(database, embed_origins=f"{EMBEDDER}, https://lain.example") as running:
        yield running


def walked(live: LiveSite) -> Iterator[tuple[str, str]]:
    """Method and a path of every route."""
    for route in live.app.router.routes:
        path = re.sub(r"<(\w+)(:[^/]*)?>", lambda part: EXAMPLES.get(part[1], "0" * 32), "/" + route.path)
        for method in sorted(route.methods):
            yield method, path


async def test_every_answer_of_every_route_carries_the_headers(
    live: LiveSite, subtests: pytest.Subtests
) -> None:
    visitor = await live.visitor()
    routes = [*walked(live), ("GET", "/tidak-ada"), ("DELETE", "/lapor"), ("GET", "/static/tidak-ada.js")]
    assert len(routes) > 18
    for method, path in routes:
        with subtests.test(f"{method} {path}"):
            answer = await visitor.http.request(method, path)
            headers = answer.headers
            assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY.format(ancestors="'none'")
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            assert headers["cross-origin-opener-policy"] == "same-origin"
            is_file = path.startswith("/static/") and answer.status_code == 200
            assert headers["cache-control"] == ("public, max-age=300" if is_file else "no-store")
            assert "server" not in headers and "x-powered-by" not in headers
            assert "access-control-allow-origin" not in headers


async def test_no_unsafe_route_takes_a_request_from_another_page(
    embedding: LiveSite, subtests: pytest.Subtests
) -> None:
    routes = [one for one in walked(embedding) if one[0] in UNSAFE]
    assert len(routes) >= 9
    for method, path in routes:
        with subtests.test(f"{method} {path}"):
            visitor = await embedding.visitor()
            for origin in FOREIGN:
                answer = await visitor.http.request(method, path, headers={"Origin": origin})
                assert answer.status_code == 403, origin
                assert "access-control-allow-origin" not in answer.headers
            answer = await visitor.http.request(method, path, headers={"Sec-Fetch-Site": "cross-site"})
            assert answer.status_code == 403


async def test_our_own_pages_are_taken(live: LiveSite) -> None:
    visitor = await live.visitor({"Origin": live.url, "Sec-Fetch-Site": "same-origin"})
    assert (await visitor.send(text="halo")).status_code == 202


async def test_an_embedding_site_may_speak_the_chat_protocol(embedding: LiveSite) -> None:
    visitor = await embedding.visitor({"Origin": EMBEDDER}, session=False)
    asked = await visitor.http.options("/api/web/messages", headers={"Access-Control-Request-Method": "POST"})
    answer = await visitor.http.post("/api/web/session")
    for one in (asked, answer):
        assert one.headers["access-control-allow-origin"] == EMBEDDER
        assert one.headers["access-control-allow-credentials"] == "true"
        assert "origin" in one.headers["vary"].lower()
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-teman_lapor_embedded=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=None", "Partitioned"))


@pytest.mark.parametrize("path", ["/lapor", "/status", "/status/tambah", "/masuk", "/keluar"])
async def test_an_embedding_site_may_send_nothing_but_the_chat(embedding: LiveSite, path: str) -> None:
    visitor = await embedding.visitor()
    assert (await visitor.http.post(path, headers={"Origin": EMBEDDER})).status_code == 403


async def test_the_embedded_session_is_not_the_one_of_our_own_page(embedding: LiveSite) -> None:
    own = await embedding.visitor()
    answer = await own.http.get("/api/web/events", headers={"Origin": EMBEDDER})
    assert answer.status_code == 401


async def test_nothing_a_citizen_wrote_stands_in_the_log(
    live: LiveSite, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    quiet_libraries()
    canary = "kanarilog"
    visitor = await live.visitor({"User-Agent": canary, "Cookie-Lain": canary})
    await visitor.say(f"{canary} satu")
    await visitor.say(f"{canary} rusak sekali")
    await visitor.send(text=f"{canary} rusak")
    await visitor.send(client_id=canary + "§", text=canary)
    await visitor.send(location=canary)
    await visitor.http.post("/api/web/messages", content=f'{{"text": "{canary}'.encode())
    await visitor.http.post("/api/web/uploads", files={"file": (f"{canary}.jpg", canary.encode())})
    await visitor.http.get(f"/{canary}?code={canary}")
    await visitor.http.post("/status", data={"code": canary})
    await visitor.http.post("/lapor", data={"what": canary, "draft": canary})
    await visitor.http.post("/masuk", data={"login": canary, "password": canary})
    receipt = await visitor.say(f"{canary} kirim")
    code = str(receipt["code"])
    await visitor.http.post("/status", data={"code": code})
    assert "dengar" not in caplog.text and canary not in caplog.text
    assert code not in caplog.text and code.replace(" ", "") not in caplog.text
    assert len(caplog.records) > 5, "the log must have been written for this to mean anything"


async def test_an_unexpected_error_says_its_number_and_none_of_the_words(
    live: LiveSite, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any, **__: Any) -> Any:
        raise ValueError("kanarirusak 0812")

    visitor = await live.visitor()
    monkeypatch.setattr(type(live.talk.pipeline), "accept", breaks)
    answer = await visitor.send(text="halo")
    log_id = answer.json()["log_id"]
    assert answer.status_code == 500 and len(log_id) == 8
    assert log_id in caplog.text and "ValueError" in caplog.text and "chat_api.py" in caplog.text
    assert "kanarirusak" not in caplog.text and "kanarirusak" not in answer.text


@pytest.mark.parametrize(
    ("path", "without_engines"), [("/healthz", 200), ("/readyz", 200), ("/readyz?all=1", 503)]
)
async def test_health_is_told_without_a_session(live: LiveSite, path: str, without_engines: int) -> None:
    """A balancer sends people to hosts without engines, too: what they write is kept, and /lapor files."""
    visitor = await live.visitor(session=False)
    assert (await visitor.http.get(path)).status_code == 200
    live.engine.model = None
    assert (await visitor.http.get(path)).status_code == without_engines
    live.site.leaving.set()
    assert (await visitor.http.get(path)).status_code == (200 if path == "/healthz" else 503)
