"""What the first visit costs on a slow network, measured as it travels."""

import gzip
import re

import httpx
import pytest

from backend.web.public import STATIC
from tests.support.live_site import LiveSite

WIDGET_KB, CHAT_PAGE_KB = 15, 60
IMPORT = re.compile(r"""from\s+"\./([\w-]+\.js)"|import\s+"\./([\w-]+\.js)""")
REFERENCE = re.compile(r"""(?:src|href)="(/static/[^"]+)""")


def modules(entry: str) -> set[str]:
    """A script and everything it imports."""
    found, todo = set(), [entry]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            text = (STATIC / name).read_text(encoding="utf-8")
            todo += [one or other for one, other in IMPORT.findall(text)]
    return found


def test_the_widget_is_small() -> None:
    names = modules("chat.js")
    assert {"chat.js", "chat-style.js", "strings.js"} <= names
    weight = sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)
    assert weight <= WIDGET_KB * 1024, f"{weight} bytes"


def test_nothing_of_ours_is_fetched_from_elsewhere() -> None:
    for path in [*STATIC.iterdir(), *(STATIC.parent / "templates").iterdir()]:
        text = path.read_text(encoding="utf-8")
        foreign = re.findall(
            r"""(?:src|href|url|import|from|fetch)\s*[=(]?\s*["'](?:https?:)?//[^"']+""", text
        )
        assert not foreign, (path.name, foreign)


async def travelled(http: httpx.AsyncClient, path: str) -> tuple[int, str]:
    """Bytes on the wire, headers apart, and the text."""
    async with http.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
        plain = gzip.decompress(raw) if answer.headers.get("content-encoding") == "gzip" else raw
        assert answer.status_code == 200, path
    return len(raw), plain.decode()


@pytest.mark.database
async def test_the_chat_page_is_small_as_it_travels(live: LiveSite) -> None:
    visitor = await live.visitor(session=False)
    weight, page = await travelled(visitor.http, "/")
    paths = set(REFERENCE.findall(page)) | {f"/static/{name}" for name in modules("chat.js")}
    for path in sorted(paths):
        weight += (await travelled(visitor.http, path))[0]
    assert weight <= CHAT_PAGE_KB * 1024, f"{weight} bytes"


@pytest.mark.database
async def test_only_what_is_the_same_for_everybody_is_compressed(live: LiveSite) -> None:
    visitor = await live.visitor({"Accept-Encoding": "gzip"})
    script = await visitor.http.get("/static/chat.js")
    assert script.headers["content-encoding"] == "gzip" and "Accept-Encoding" in script.headers["vary"]
    for path in ("/", "/lapor", "/status", "/api/web/events"):
        assert "content-encoding" not in (await visitor.http.get(path)).headers
    plain = await visitor.http.get("/static/chat.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.text == script.text
