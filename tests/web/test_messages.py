"""Messages over real HTTP: stored once, answered with a clear sentence whatever comes, and never lost."""

import json
from typing import Any

import pytest

from tests.support.live_site import LiveSite, Visitor

pytestmark = pytest.mark.database
ID = "pesan-uji-0001"


async def test_a_message_is_stored_and_answered(visitor: Visitor) -> None:
    event = await visitor.say("lampu mati")
    assert (event["kind"], event["message"]["text"]) == ("reply", "dengar: lampu mati")


async def test_a_session_is_begun_once_and_its_cookie_is_hidden_from_scripts(live: LiveSite) -> None:
    visitor = await live.visitor(session=False)
    first = await visitor.http.post("/api/web/session")
    cookie = first.headers["set-cookie"]
    assert first.json() == {"conversation": {"open": True}}
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
    assert "set-cookie" not in (await visitor.http.post("/api/web/session")).headers


async def test_over_https_the_cookie_belongs_to_this_host_alone(database: Any) -> None:
    from tests.support.live_site import live_site

    async with live_site(database, public_url="https://lapor.example") as live:
        answer = await (await live.visitor(session=False)).http.post("/api/web/session")
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-teman_lapor=") and "Secure" in cookie


@pytest.mark.parametrize("cookie", ["", "teman_lapor=pendek", "teman_lapor=" + "%00" * 43])
async def test_without_a_session_nothing_is_taken(live: LiveSite, cookie: str) -> None:
    visitor = await live.visitor({"Cookie": cookie}, session=False)
    for answer in (await visitor.send(text="halo"), await visitor.http.get("/api/web/events")):
        assert answer.status_code == 401
        assert answer.json()["code"] == "web_no_session"


async def test_a_resend_is_the_same_message(visitor: Visitor) -> None:
    answers = [await visitor.send(client_id=ID, text="sekali saja") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["seq"] for answer in answers}) == 1
    await visitor.say("selesai")
    mine = [event for event in await visitor.events(after=0) if event["kind"] == "mine"]
    assert [event["message"]["text"] for event in mine] == ["sekali saja", "selesai"]
    assert mine[0]["client_id"] == ID


async def test_the_same_client_id_of_two_people_is_two_messages(live: LiveSite, visitor: Visitor) -> None:
    other = await live.visitor()
    await visitor.send(client_id=ID, text="dari satu orang")
    await other.send(client_id=ID, text="dari orang lain")
    assert [e["message"]["text"] for e in await other.events(after=0) if e["kind"] == "mine"] == [
        "dari orang lain"
    ]


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("empty", {"text": ""}, 400, "web_empty"),
    ("only spaces", {"text": " \n\t "}, 400, "web_empty"),
    ("ten thousand characters", {"text": "a" * 10_000}, 413, "web_too_long"),
    ("nothing", {}, 400, "web_malformed"),
    ("two things", {"text": "a", "choice": "q1-1"}, 400, "web_malformed"),
    ("text as number", {"text": 5}, 400, "web_malformed"),
    ("text as list", {"text": ["a"]}, 400, "web_malformed"),
    ("choice with a slash", {"choice": "/restart"}, 400, "web_malformed"),
    ("choice as object", {"choice": {"id": "q1-1"}}, 400, "web_malformed"),
    ("location as text", {"location": "sini"}, 400, "web_malformed"),
    ("location without longitude", {"location": {"latitude": 1}}, 400, "web_malformed"),
    ("location off the globe", {"location": {"latitude": 91, "longitude": 0}}, 400, "web_malformed"),
    ("latitude true", {"location": {"latitude": True, "longitude": 0}}, 400, "web_malformed"),
    ("upload id of a path", {"upload": "../../etc/passwd"}, 400, "web_malformed"),
    ("client_id short", {"client_id": "a", "text": "halo"}, 400, "web_malformed"),
    ("client_id null", {"client_id": None, "text": "halo"}, 400, "web_malformed"),
    ("client_id a list", {"client_id": [ID], "text": "halo"}, 400, "web_malformed"),
    ("client_id with NUL", {"client_id": "abcdefgh\x00", "text": "halo"}, 400, "web_malformed"),
]


async def test_what_cannot_be_taken_is_answered_with_a_sentence(
    visitor: Visitor, subtests: pytest.Subtests
) -> None:
    for name, message, status, code in REFUSED:
        with subtests.test(name):
            answer = await visitor.send(**message)
            error = answer.json()
            assert (answer.status_code, error["code"]) == (status, code)
            assert len(error["detail"]) > 20
    assert (await visitor.say("masih bisa"))["message"]["text"] == "dengar: masih bisa"


RAW: list[tuple[str, bytes]] = [
    ("no JSON", b"halo"),
    ("nothing", b""),
    ("a list", b"[1]"),
    ("a number", b"3"),
    ("NaN latitude", b'{"client_id":"pesan-uji-0001","location":{"latitude":NaN,"longitude":1}}'),
    ("infinite latitude", b'{"client_id":"pesan-uji-0001","location":{"latitude":1e999,"longitude":1}}'),
    ("not UTF-8", b'{"client_id":"pesan-uji-0001","text":"\xff\xfe"}'),
    ("a number of 5,000 digits", b'{"client_id":"pesan-uji-0001","text":' + b"9" * 5000 + b"}"),
    ("200,000 deep", b'{"text":' + b"[" * 200_000 + b"]" * 200_000 + b"}"),
    ("200,000 objects deep", b'{"a":' * 200_000 + b"1" + b"}" * 200_000),
    ("4 MB", b'{"text":"' + b"a" * 4_000_000 + b'"}'),
]


async def test_hostile_bodies_cost_nothing(visitor: Visitor, subtests: pytest.Subtests) -> None:
    for name, body in RAW:
        with subtests.test(name):
            answer = await visitor.http.post(
                "/api/web/messages", content=body, headers={"Content-Type": "application/json"}
            )
            assert answer.status_code in {400, 413}
            assert answer.json()["detail"]
    assert (await visitor.say("masih bisa"))["message"]["text"] == "dengar: masih bisa"


TAKEN: list[tuple[str, str, str]] = [
    ("emoji only", "😡🕳️🚧", "dengar: 😡🕳️🚧"),
    ("NUL", "lampu\x00 mati", "dengar: lampu mati"),
    ("a slash command", "/restart", "dengar: restart"),
    ("slash with payload", '/greet{"a":1}', 'dengar: greet{"a":1}'),
    ("slash behind a zero-width space", "\u200b/restart", "dengar: restart"),
    ("markup", "<img src=x onerror=alert(1)>", "dengar: <img src=x onerror=alert(1)>"),
    ("right to left", "\u202etrevni", "dengar: \u202etrevni"),
    ("four thousand characters", "a" * 4000, "dengar: " + "a" * 4000),
]


async def test_odd_texts_are_taken_and_answered(visitor: Visitor, subtests: pytest.Subtests) -> None:
    for name, text, reply in TAKEN:
        with subtests.test(name):
            assert (await visitor.say(text))["message"]["text"] == reply


async def test_half_a_character_is_replaced_and_the_rest_is_kept(visitor: Visitor) -> None:
    body = json.dumps({"client_id": ID, "text": "aneh-\ud83d-parah"})
    assert (await visitor.http.post("/api/web/messages", content=body)).status_code == 202
    events: list[dict[str, Any]] = []
    while len(events) < 2:
        events = await visitor.events(after=0, wait=5)
    assert events[-1]["message"]["text"] == "dengar: aneh-\ufffd-parah"


async def test_more_messages_than_a_person_types_are_told_to_wait(live: LiveSite, visitor: Visitor) -> None:
    answers = [await visitor.send(text=f"pesan {n}") for n in range(33)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert [answer.status_code for answer in answers[:30]] == [202] * 30 and len(refused) == 3
    assert 0 < int(refused[0].headers["retry-after"]) <= 60
    assert refused[0].json()["code"] == "web_too_fast"
    other = await live.visitor()
    assert (await other.send(text="saya tidak ikut-ikutan")).status_code == 202


async def test_while_the_engine_is_away_messages_are_kept(live: LiveSite, visitor: Visitor) -> None:
    live.engine.model = None
    mine = (await visitor.send(text="jangan hilang")).json()["seq"]
    assert [event["seq"] for event in await visitor.events(after=0)] == [mine]
    live.engine.model = "fake-1"
    live.talk.pipeline.wakeups.work()
    events = await visitor.events(after=mine, wait=10)
    assert events[0]["message"]["text"] == "dengar: jangan hilang"
