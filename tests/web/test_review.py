"""The review page: a password that cannot be guessed fast, CSRF on every decision, and approved sentences that reach the
training data."""

import asyncio
import re
import time
from html import unescape

import httpx
import pytest
import yaml

from backend.usecases.ports import ReviewItem
from backend.web.review import door
from tests.support.live_site import REVIEW_PASSWORD, LiveSite, Visitor

pytestmark = pytest.mark.database


@pytest.fixture
async def reviewer(live: LiveSite) -> Visitor:
    """Somebody who is in."""
    visitor = await live.visitor(session=False)
    assert (await log_in(visitor)).status_code == 303
    return visitor


async def log_in(visitor: Visitor, password: str = REVIEW_PASSWORD) -> httpx.Response:
    return await visitor.http.post("/tinjau/masuk", data={"password": password})


async def put(live: LiveSite, n: int = 1, text: str = "lampune mati kabeh", **changes: object) -> str:
    """One sentence that waits for a person."""
    values: dict[str, object] = {"intent": "keluhan", "issue": "lampu_jalan", "confidence": 0.31, **changes}
    item = ReviewItem(id=f"{n:032x}", text=text, reason="fallback", at=live.talk.now, **values)  # type: ignore[arg-type]
    async with live.talk.open_uow() as uow:
        await uow.review.add(item)
        await uow.commit()
    return item.id


def csrf_of(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return unescape(found[1])


async def decide(visitor: Visitor, item: str, **data: str) -> httpx.Response:
    page = await visitor.http.get("/tinjau")
    return await visitor.http.post(f"/tinjau/{item}", data={"csrf": csrf_of(page.text), **data})


async def test_without_the_password_nothing_is_shown(live: LiveSite) -> None:
    item = await put(live, text="kalimat rahasia")
    stranger = await live.visitor(session=False)
    page = await stranger.http.get("/tinjau")
    assert 'type="password"' in page.text and "kalimat rahasia" not in page.text
    for path in (f"/tinjau/{item}", "/tinjau/keluar"):
        assert (await stranger.http.post(path, data={"csrf": "", "decision": "dismiss"})).status_code == 403


async def test_the_session_is_bound_to_this_site(live: LiveSite) -> None:
    cookie = (await log_in(await live.visitor(session=False))).headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie


async def test_every_failure_makes_the_next_answer_slower(
    live: LiveSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "FIRST_DELAY_S", 0.1)
    visitor = await live.visitor(session=False)
    took = []
    for _ in range(4):
        began = time.monotonic()
        answer = await log_in(visitor, "salah")
        took.append(time.monotonic() - began)
        assert answer.status_code == 401 and "Kata sandi keliru" in answer.text
    assert took[1] >= 0.1 and took[2] >= 0.2 and took[3] >= 0.4
    began = time.monotonic()
    assert (await log_in(visitor)).status_code == 303, "slow, never locked"
    assert time.monotonic() - began >= 0.8
    assert (await log_in(visitor)).elapsed.total_seconds() < 0.5, "a success forgives"


async def test_failures_at_the_same_time_wait_for_each_other(
    live: LiveSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve guesses sent at once must not all take the time of the first."""
    monkeypatch.setattr(door, "FIRST_DELAY_S", 0.05)
    visitor = await live.visitor(session=False)
    began = time.monotonic()
    answers = await asyncio.gather(*(log_in(visitor, f"tebakan {n}") for n in range(12)))
    assert time.monotonic() - began >= 0.05 * 2**4
    assert sorted(answer.status_code for answer in answers) == [401] * 6 + [429] * 6


async def test_a_decision_needs_the_token_of_the_session(live: LiveSite, reviewer: Visitor) -> None:
    item = await put(live)
    for csrf in ("", "salah", "é"):
        answer = await reviewer.http.post(f"/tinjau/{item}", data={"csrf": csrf, "decision": "dismiss"})
        assert answer.status_code == 403
    other = await live.visitor(session=False)
    await log_in(other)
    foreign = csrf_of((await other.http.get("/tinjau")).text)
    assert (await reviewer.http.post(f"/tinjau/{item}", data={"csrf": foreign})).status_code == 403


async def test_a_sentence_is_approved_with_the_right_label(live: LiveSite, reviewer: Visitor) -> None:
    item = await put(live, text="<b>lampune</b> mati", ranking=(("keluhan/lampu_jalan", 0.31),))
    page = await reviewer.http.get("/tinjau")
    assert "&lt;b&gt;lampune&lt;/b&gt; mati" in page.text and "31 %" in page.text
    answer = await decide(reviewer, item, decision="keluhan/lampu_jalan")
    assert answer.status_code == 303
    shown = await reviewer.http.get(answer.headers["location"])
    assert "Tersimpan" in shown.text and "lampune" not in shown.text
    async with live.talk.open_uow() as uow:
        (approved,) = await uow.review.approved()
    assert (approved.text, approved.label) == ("<b>lampune</b> mati", "keluhan/lampu_jalan")


async def test_a_label_is_found_by_its_words(live: LiveSite, reviewer: Visitor) -> None:
    item = await put(live)
    words = live.talk.services.reference.issues["jalan_rusak"].label
    assert (await decide(reviewer, item, decision="approve", words=words)).status_code == 303
    async with live.talk.open_uow() as uow:
        (approved,) = await uow.review.approved()
    assert approved.label == "keluhan/jalan_rusak"


async def test_a_sentence_is_dismissed_passed_on_and_taken_back(live: LiveSite, reviewer: Visitor) -> None:
    item = await put(live)
    answer = await decide(reviewer, item, decision="dismiss")
    assert "bukan untuk kami" in (await reviewer.http.get(answer.headers["location"])).text
    page = await reviewer.http.get("/tinjau")
    undone = await reviewer.http.post("/tinjau/urung", data={"csrf": csrf_of(page.text)})
    assert "dibatalkan" in (await reviewer.http.get(undone.headers["location"])).text
    assert (await decide(reviewer, item, decision="skip", reason="malas")).status_code == 400
    assert (await decide(reviewer, item, decision="skip", reason="bahasa")).status_code == 303
    assert "lampune" not in (await reviewer.http.get("/tinjau")).text, "not for this person any more"
    other = await live.visitor(session=False)
    await log_in(other)
    assert "lampune" in (await other.http.get("/tinjau")).text
    async with live.talk.open_uow() as uow:
        assert await uow.review.approved() == ()


async def test_alike_sentences_are_decided_together(live: LiveSite, reviewer: Visitor) -> None:
    ids = [await put(live, n, text=f"lampune mati nang gang {n}") for n in (1, 2, 3)]
    page = (await reviewer.http.get("/tinjau")).text
    assert page.count('name="also"') == 2
    await decide(reviewer, ids[0], decision="keluhan/lampu_jalan", also=[ids[1], ids[2]])  # type: ignore[arg-type]
    async with live.talk.open_uow() as uow:
        assert len(await uow.review.approved()) == 3


async def test_a_person_can_be_forgotten(live: LiveSite, reviewer: Visitor) -> None:
    ids = [await put(live, n, text=f"kalimat {n}", sender="s1") for n in (1, 2)]
    assert (await decide(reviewer, ids[0], decision="forget_person")).status_code == 303
    assert "Tidak ada yang menunggu" in (await reviewer.http.get("/tinjau")).text


async def test_a_talk_becomes_a_proposal_for_a_test(live: LiveSite, reviewer: Visitor) -> None:
    phone = "0812" + "34567890"
    talk = (("warga", "lampu: mati\n- x"), ("asisten", "Di mana?"), ("warga", f"hub {phone}"))
    item = await put(live, context=talk)
    answer = await reviewer.http.get(f"/tinjau/{item}/percakapan.yml")
    (proposed,) = yaml.safe_load(answer.text)
    assert [turn["user"] for turn in proposed["turns"]] == ["lampu: mati - x", "hub [TELEPON]"]
    assert "attachment" in answer.headers["content-disposition"]


@pytest.mark.parametrize("label", ["", "keluhan/tidak_ada", "../../etc", "restart", "keluhan"])
async def test_only_labels_of_the_list_are_taken(live: LiveSite, reviewer: Visitor, label: str) -> None:
    item = await put(live)
    for data in ({"decision": "approve", "label": label}, {"decision": label or "x"}):
        assert (await decide(reviewer, item, **data)).status_code == 400
    assert (await decide(reviewer, item, decision="approve", words=label)).status_code == 400


async def test_an_unknown_sentence_is_not_found(live: LiveSite, reviewer: Visitor) -> None:
    await put(live)
    assert (await decide(reviewer, "f" * 32, decision="dismiss")).status_code == 404


async def test_leaving_ends_the_session_here_and_there(reviewer: Visitor) -> None:
    cookie = "; ".join(f"{name}={value}" for name, value in reviewer.http.cookies.items())
    page = await reviewer.http.get("/tinjau")
    await reviewer.http.post("/tinjau/keluar", data={"csrf": csrf_of(page.text)})
    again = await reviewer.http.get("/tinjau", headers={"Cookie": cookie})
    assert 'type="password"' in again.text


async def test_what_the_assistant_did_not_understand_waits_masked(live: LiveSite, reviewer: Visitor) -> None:
    visitor = await live.visitor()
    phone, nik = "0812" + "34567890", "6408" + "041203990001"
    await visitor.say(f"hubungi aku nang {phone} utawa {nik} yo")
    page = (await reviewer.http.get("/tinjau")).text
    assert "hubungi aku" in page and phone not in page and nik not in page


@pytest.mark.parametrize("words", ["kirim anonim", "anonim dulu ceritanya"])
async def test_nothing_of_an_anonymous_talk_waits_for_a_person(
    live: LiveSite, reviewer: Visitor, words: str
) -> None:
    await (await live.visitor()).say(words)
    assert "anonim" not in (await reviewer.http.get("/tinjau")).text.lower().replace("disamarkan", "")
