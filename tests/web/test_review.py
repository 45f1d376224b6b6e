"""The review page: for officers whose role it is, CSRF on every decision, and approved sentences that reach the training data."""

import re
from html import unescape

import httpx
import pytest
import yaml

from backend.cases.access import Role
from backend.usecases.ports import ReviewItem
from tests.conversations import test_talks_format
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite, Visitor

pytestmark = pytest.mark.database


@pytest.fixture
async def reviewer(live: LiveSite) -> Visitor:
    """An officer who may review."""
    return await another(live)


async def another(live: LiveSite) -> Visitor:
    """One more of them."""
    return Visitor((await officer_in(live, Role.LANGUAGE)).http)


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


async def test_only_officers_whose_role_it_is_see_anything(live: LiveSite) -> None:
    item = await put(live, text="kalimat rahasia")
    stranger = (await live.visitor(session=False)).http
    assert (await stranger.get("/tinjau")).headers["location"] == "/masuk?lanjut=/tinjau"
    assert (await stranger.post(f"/tinjau/{item}", data={"decision": "dismiss"})).status_code == 401
    for role in Role:
        one = await officer_in(live, role)
        answer = await one.get("/tinjau")
        if role in {Role.LANGUAGE, Role.ADMIN}:
            assert "kalimat rahasia" in answer.text
        else:
            assert answer.status_code == 403 and "kalimat rahasia" not in answer.text
            assert (await one.post(f"/tinjau/{item}", {"decision": "dismiss"})).status_code == 403


async def test_a_decision_needs_the_token_of_the_session(live: LiveSite, reviewer: Visitor) -> None:
    item = await put(live)
    for csrf in ("", "salah", "é"):
        answer = await reviewer.http.post(f"/tinjau/{item}", data={"csrf": csrf, "decision": "dismiss"})
        assert answer.status_code == 403
    other = await another(live)
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
    other = await another(live)
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


async def test_what_was_decided_together_is_undone_together(live: LiveSite, reviewer: Visitor) -> None:
    ids = [await put(live, n, text=f"lampune mati nang gang {n}") for n in (1, 2, 3)]
    await decide(reviewer, ids[0], decision="keluhan/lampu_jalan", also=[ids[1]])  # type: ignore[arg-type]
    page = await reviewer.http.get("/tinjau")
    await reviewer.http.post("/tinjau/urung", data={"csrf": csrf_of(page.text)})
    async with live.talk.open_uow() as uow:
        assert await uow.review.approved() == () and len(await uow.review.pending()) == 3


async def test_words_are_marked_and_only_words_of_the_sentence(live: LiveSite, reviewer: Visitor) -> None:
    item = await put(live, text="lampu pasar mati")
    for hostile in ("tempat:0:999", "place:0:5", "tempat:0:5:[x](y)"):
        answer = await decide(reviewer, item, decision="keluhan/lampu_jalan", mark=hostile)
        assert answer.status_code == 400
    await decide(reviewer, item, decision="keluhan/lampu_jalan", mark="tempat:6:11")
    async with live.talk.open_uow() as uow:
        assert await uow.review.marked() == (("lampu pasar mati", "tempat", "pasar"),)


async def test_now_and_then_the_answer_is_known(live: LiveSite, reviewer: Visitor) -> None:
    ids = [await put(live, n, text=f"kalimat {n}") for n in range(1, 13)]
    for item in ids[:10]:
        assert (await decide(reviewer, item, decision="salam")).status_code == 303
    page = await reviewer.http.get("/tinjau")
    found = re.search(r'action="/tinjau/([0-9a-f]{32})"', page.text)
    assert found and found[1] not in ids and "kalimat 11" not in page.text
    answer = await decide(reviewer, found[1], decision="dismiss")
    told = await reviewer.http.get(answer.headers["location"])
    assert "Kalimat tadi kalimat uji. Yang disepakati" in told.text and "kalimat 11" in told.text
    async with live.talk.open_uow() as uow:
        assert found[1] not in {one.id for one in await uow.rounds.candidates()}
        assert len(await uow.rounds.candidates()) == 9, "the tenth waits for a second reader"
    page = await reviewer.http.get("/tinjau")
    await reviewer.http.post("/tinjau/urung", data={"csrf": csrf_of(page.text)})


async def test_a_third_person_sees_both_opinions_and_no_name(live: LiveSite, reviewer: Visitor) -> None:
    item = await put(live, 10 * 16, text="kalimat dibaca dua kali")
    first, second = await another(live), await another(live)
    await decide(first, item, decision="salam")
    assert "berbeda pendapat" not in (await second.http.get("/tinjau")).text, "the second reads blindly"
    await decide(second, item, decision="pamit")
    page = (await reviewer.http.get("/tinjau")).text
    assert "“Salam” dan “Pamit”" in page and "pilihan peninjau" in page
    await decide(reviewer, item, decision="pamit")
    async with live.talk.open_uow() as uow:
        (approved,) = await uow.review.approved()
    assert approved.label == "pamit"


async def test_two_who_differ_end_it_where_nobody_else_reads(live: LiveSite, reviewer: Visitor) -> None:
    items = [await put(live, 10 * 16 * n, text=f"kalimat dibaca dua kali {n}") for n in (1, 2)]
    first, second = await another(live), await another(live)
    for item in items:
        await decide(first, item, decision="salam")
        await decide(second, item, decision="dismiss")
    assert "2 kalimat: Anda dan rekan beda pendapat" in (await first.http.get("/tinjau")).text
    page = (await first.http.get("/tinjau/beda")).text
    assert page.count("Ikut pendapat rekan") == 2 and "Salam" in page and "Bukan untuk kami" in page
    assert "Tidak ada beda pendapat" in (await reviewer.http.get("/tinjau/beda")).text, "a third is no party"
    assert (await end(reviewer, items[0], "agree")).status_code == 404
    assert (await end(first, items[0], "menang")).status_code == 400
    assert (await end(second, items[0], "agree")).status_code == 303
    assert (await end(first, items[0], "set_aside")).headers["location"].endswith("closed")
    assert (await end(first, items[1], "set_aside")).headers["location"].endswith("set_aside")
    async with live.talk.open_uow() as uow:
        assert [(one.id, one.label) for one in await uow.review.approved()] == [(items[0], "salam")]
        aside = await uow.review.by_id(items[1])
    assert aside is not None and aside.status == "skipped"


async def end(who: Visitor, item: str, way: str) -> httpx.Response:
    page = (await who.http.get("/tinjau/beda")).text
    return await who.http.post(
        f"/tinjau/{item}/sepakat", data={"csrf": csrf_of(page), "decision": way}, follow_redirects=False
    )


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
    test_talks_format.test_a_talk_is_well_formed(proposed)
    assert "Belum ada usulan" in (await reviewer.http.get("/tinjau/percakapan")).text
    csrf = csrf_of((await reviewer.http.get("/tinjau")).text)
    kept = await reviewer.http.post(f"/tinjau/{item}/percakapan", data={"csrf": csrf})
    listed = (await reviewer.http.get(kept.headers["location"])).text
    assert "lampu: mati" in listed and phone not in listed
    assert yaml.safe_load((await reviewer.http.get("/tinjau/percakapan/usulan.yml")).text) == [proposed]
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
    await reviewer.http.post("/keluar", data={"csrf": csrf_of(page.text)})
    again = await reviewer.http.get("/tinjau", headers={"Cookie": cookie})
    assert again.headers["location"].startswith("/masuk")


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
