"""The door of the desk: an invitation, a password, a second factor; delays, expiry, hand-over; nothing without both."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pyotp
import pytest

from backend.cases.access import Officer, Role
from backend.persistence.database import Database
from backend.persistence.officer_rows import Holder
from backend.web.desk import secrets_of_officers as proof
from tests.support.desk import AtDesk, at_desk, officer_in, put_officer, session_for
from tests.support.live_site import LiveSite, live_site

pytestmark = pytest.mark.database

PASSWORD = "empat kuda makan rumput"


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, page[:2000]
    return unescape(found[1])


async def stranger(live: LiveSite) -> httpx.AsyncClient:
    return (await live.visitor(session=False)).http


async def taken(live: LiveSite, role: Role = Role.AGENCY, **changes: object) -> tuple[str, str, list[str]]:
    """A position whose holder has been through the set-up: login, TOTP secret, recovery codes."""
    officer = await put_officer(live.site, role, **changes)
    token = b"\x07" * 31 + bytes([len(live.clients)])
    async with live.site.accounts.begin() as rows:
        await rows.positions.invite(officer.id, token, live.site.clock() + timedelta(hours=1))
    http = await stranger(live)
    page = await http.get(f"/masuk/undangan/{token.hex()}")
    assert officer.title in page.text
    answer = await http.post(f"/masuk/undangan/{token.hex()}", data={"password": PASSWORD, "again": PASSWORD})
    page = await http.get(answer.headers["location"])
    letters = re.search(r'class="key">([A-Z2-7 ]+)<', page.text)
    assert letters and "<svg" in page.text
    totp = letters[1].replace(" ", "")
    data = {"csrf": field(page.text, "csrf"), "code": code_of(live, totp)}
    page = await http.post("/masuk/pengaman", data=data)
    assert page.status_code == 200, page.text
    codes = re.findall(r"<li>([A-Z0-9]{5}-[A-Z0-9]{5})</li>", page.text)
    assert len(codes) == proof.N_RECOVERY
    assert (await http.get("/meja/akun")).status_code == 200, "whoever has set up is in"
    again = await (await stranger(live)).get(f"/masuk/undangan/{token.hex()}")
    assert again.status_code == 404, "an invitation is good once"
    async with live.site.accounts.begin() as rows:
        found = await rows.positions.by_id(officer.id)
    assert found is not None
    return found.position.login, totp, codes


def code_of(live: LiveSite, totp: str, steps: int = 0) -> str:
    return pyotp.TOTP(totp).at(int(live.site.clock().timestamp()) + 30 * steps)


async def sign_in(http: httpx.AsyncClient, login: str, password: str = PASSWORD) -> httpx.Response:
    return await http.post("/masuk", data={"login": login, "password": password})


async def second(http: httpx.AsyncClient, code: str) -> httpx.Response:
    page = await http.get("/masuk/kode")
    return await http.post("/masuk/kode", data={"csrf": field(page.text, "csrf"), "code": code})


async def test_both_factors_let_in_and_each_code_only_once(live: LiveSite) -> None:
    login, totp, codes = await taken(live)
    live.talk.now += timedelta(minutes=2)
    http = await stranger(live)
    answer = await sign_in(http, f" {login.upper()} ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/masuk/kode")
    assert "HttpOnly" in answer.headers["set-cookie"] and "SameSite=Strict" in answer.headers["set-cookie"]
    assert (await http.get("/meja/akun")).headers["location"] == "/masuk?lanjut=/meja/akun"
    half = dict(http.cookies)
    code = code_of(live, totp)
    assert (await second(http, code)).headers["location"] == "/meja"
    assert dict(http.cookies) != half, "a new secret for the whole session"
    assert (await http.get("/meja/akun")).status_code == 200
    other = await stranger(live)
    await sign_in(other, login)
    assert (await second(other, code)).status_code == 401, "a code is used up"
    assert (await second(other, codes[0].lower())).status_code == 303
    third = await stranger(live)
    await sign_in(third, login)
    assert (await second(third, codes[0])).status_code == 401, "and so is a recovery code"


async def test_wrong_names_and_wrong_passwords_look_alike(live: LiveSite) -> None:
    login, _, _ = await taken(live)
    http = await stranger(live)
    wrong, unknown = await sign_in(http, login, "salah sekali"), await sign_in(http, "tidak.ada")
    assert wrong.status_code == unknown.status_code == 401 and wrong.text == unknown.text


async def test_failures_wait_longer_and_longer_also_across_processes(live: LiveSite) -> None:
    login, _, _ = await taken(live)
    http = await stranger(live)
    for n in range(4):
        answer = await sign_in(http, login, f"tebakan {n}")
        assert answer.status_code == (401 if n < 3 else 429)
    assert int(answer.headers["retry-after"]) >= 1
    async with live_site(live.talk.database, now=live.talk.clock()) as second_process:
        answer = await sign_in(await stranger(second_process), login)
        assert answer.status_code == 429, "another process knows it, too"
    waits = []
    for _ in range(6):
        live.talk.now += timedelta(seconds=61)
        assert (await sign_in(http, login, "salah lagi")).status_code == 401
        waits.append(int((await sign_in(http, login)).headers["retry-after"]))
    assert waits == sorted(waits) and waits[-1] <= 60
    live.talk.now += timedelta(seconds=61)
    assert (await sign_in(http, login)).status_code == 303, "slow, never locked"


async def test_codes_cannot_be_tried_fast_either(live: LiveSite) -> None:
    login, _, _ = await taken(live)
    http = await stranger(live)
    await sign_in(http, login)
    assert [(await second(http, "000000")).status_code for _ in range(5)] == [401, 401, 401, 401, 429]


async def test_a_decree_that_has_run_out_says_so_and_ends_live_sessions(live: LiveSite) -> None:
    today = live.site.services.reference.today(live.site.clock(), "64.08")
    login, _, _ = await taken(live, holder=Holder("Siti Uji", "SK-7", today))
    running = await at_desk(live, await by_login(live, login))
    assert (await running.get("/meja/akun")).status_code == 200
    live.talk.now += timedelta(days=1)
    again = await at_desk(live, running.officer)
    assert (await again.get("/meja/akun")).status_code == 303
    answer = await sign_in(await stranger(live), login)
    assert answer.status_code == 403 and "SK jabatan Anda berakhir pada" in answer.text


async def by_login(live: LiveSite, login: str) -> Officer:
    async with live.site.accounts.begin() as rows:
        found = await rows.positions.by_login(login)
    assert found is not None
    return found.position.officer


async def test_sessions_end_by_idleness_by_age_and_by_leaving(live: LiveSite) -> None:
    officer = await officer_in(live, Role.VERIFIER)
    for _ in range(23):
        live.talk.now += timedelta(minutes=29)
        assert (await officer.get("/meja/akun")).status_code == 200
    live.talk.now += timedelta(minutes=61)
    assert (await officer.get("/meja/akun")).status_code == 303, "twelve hours at most"
    officer = await at_desk(live, officer.officer)
    live.talk.now += timedelta(minutes=31)
    assert (await officer.get("/meja/akun")).status_code == 303, "half an hour of silence"
    officer = await at_desk(live, officer.officer)
    assert (await officer.http.post("/keluar")).status_code == 403, "not without its token"
    assert (await officer.post("/keluar")).status_code == 303
    officer.http.cookies.update(officer.cookie)
    answer = await officer.get("/meja/akun")
    assert answer.status_code == 303


async def test_unsafe_requests_need_the_token_of_their_own_session(live: LiveSite) -> None:
    one, other = await officer_in(live, Role.ADMIN), await officer_in(live, Role.ADMIN)
    for csrf in ("", "salah", "é", other.csrf):
        answer = await one.http.post("/meja/akun/baru", data={"csrf": csrf})
        assert answer.status_code == 403
    foreign = {"Origin": "https://jahat.example"}
    assert (await one.post("/meja/akun/baru", headers=foreign)).status_code == 403
    assert (await one.post("/meja/akun/baru")).status_code == 422


async def add(admin: AtDesk, **changes: str) -> httpx.Response:
    data = {
        **{"title": "Narahubung Dinas Lingkungan Hidup", "role": "narahubung", "agency": "dlh-64.08"},
        **{"login": "narahubung.dlh", "holder": "Budi Uji", "sk_number": "800/1", "sk_until": "2027-11-01"},
    }
    return await admin.post("/meja/akun/baru", {**data, **changes})


async def test_an_administrator_adds_and_hands_over_a_position(live: LiveSite) -> None:
    admin = await officer_in(live, Role.ADMIN)
    answer = await add(admin)
    link = re.search(r"/masuk/undangan/[0-9a-f]{64}", answer.text)
    assert answer.status_code == 200 and link
    officer = await by_login(live, "narahubung.dlh")
    assert (officer.role, officer.agency, officer.desk) == (Role.AGENCY, "dlh-64.08", "64.08")
    old = await session_for(live.site, officer)
    holder = {"holder": "Ani Uji", "sk_number": "800/2", "sk_until": "2028-01-31"}
    answer = await admin.post(f"/meja/akun/{officer.id}/serah-terima", holder)
    assert answer.status_code == 200 and link[0] not in answer.text
    assert (await (await stranger(live)).get(link[0])).status_code == 404, "the old link is void"
    async with live.site.accounts.begin() as rows:
        assert await rows.sessions.find(old, live.site.clock()) is None
        terms = await rows.positions.terms(officer.id)
    assert [(one.holder, one.ended_at is None) for one in terms] == [("Ani Uji", True), ("Budi Uji", False)]
    assert "Budi Uji" in (await admin.get(f"/meja/akun/{officer.id}")).text


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "inspektorat", "agency": "inspektorat-64.08"},
        {"role": "auditor"},
        {"role": "raja"},
        {"agency": ""},
    ]
    + [{"agency": "dpupr-62.10"}, {"login": "X"}, {"sk_until": "2020-01-01"}, {"sk_until": "2099-01-01"}]
    + [{"holder": ""}, {"title": " "}, {"sk_until": "besok"}, {"role": "operator_desa", "area": "62.10.01"}],
    ids=str,
)
async def test_a_wrong_position_is_not_made(live: LiveSite, changes: dict[str, str]) -> None:
    admin = await officer_in(live, Role.ADMIN)
    assert (await add(admin, **changes)).status_code == 422
    async with live.site.accounts.begin() as rows:
        assert await rows.positions.by_login("narahubung.dlh") is None


async def test_positions_of_other_regencies_and_of_judges_are_out_of_reach(live: LiveSite) -> None:
    admin = await officer_in(live, Role.ADMIN)
    foreign = await put_officer(live.site, Role.VERIFIER, desk="62.10")
    judge = await put_officer(live.site, Role.INSPECTOR)
    holder = {"holder": "Ani Uji", "sk_number": "800/2", "sk_until": "2028-01-31"}
    for act in ("serah-terima", "perpanjang", "undang", "akhiri"):
        assert (await admin.post(f"/meja/akun/{foreign.id}/{act}", holder)).status_code == 404
        assert (await admin.post(f"/meja/akun/{judge.id}/{act}", holder)).status_code == 403
    assert (await admin.post(f"/meja/akun/{admin.officer.id}/akhiri")).status_code == 403
    assert foreign.title not in (await admin.get("/meja/akun")).text


async def test_an_ended_position_is_out_at_once(live: LiveSite) -> None:
    admin = await officer_in(live, Role.ADMIN)
    worker = await officer_in(live, Role.VERIFIER)
    assert (await admin.post(f"/meja/akun/{worker.officer.id}/akhiri")).status_code == 303
    assert (await worker.get("/meja/akun")).status_code == 303


async def test_the_own_password_is_changed_with_the_old_one(live: LiveSite) -> None:
    login, _, _ = await taken(live)
    officer = await by_login(live, login)
    here, there = await at_desk(live, officer), await at_desk(live, officer)
    new = "lima sapi minum air"
    for present, password, again in (
        (new, new, new),
        (PASSWORD, "pendek", "pendek"),
        (PASSWORD, new, new + "x"),
    ):
        data = {"present": present, "password": password, "again": again}
        assert (await here.post("/meja/akun/sandi", data)).status_code == 422
    data = {"present": PASSWORD, "password": new, "again": new}
    assert (await here.post("/meja/akun/sandi", data)).status_code == 303
    assert (await here.get("/meja/akun")).status_code == 200 and (
        await there.get("/meja/akun")
    ).status_code == 303
    assert (await sign_in(await stranger(live), login)).status_code == 401
    assert (await sign_in(await stranger(live), login, new)).status_code == 303


@pytest.mark.parametrize(
    "way", ["https://jahat.example", "//jahat.example", "/\\jahat", "/lapor", "/meja?x=1"]
)
async def test_the_way_on_leads_only_into_the_desk(live: LiveSite, way: str) -> None:
    page = await (await stranger(live)).get("/masuk", params={"lanjut": way})
    assert 'action="/masuk"' in page.text


async def test_behind_https_the_cookie_is_bound_to_the_host(database: Database) -> None:
    async with live_site(database, public_url="https://lapor.example") as live:
        login, _, _ = await taken_behind_proxy(live)
        answer = await sign_in(await stranger(live), login)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-meja=") and "Secure" in cookie and "Domain" not in cookie


async def taken_behind_proxy(live: LiveSite) -> tuple[str, str, str]:
    """A secure cookie is not sent back over http: the credentials are written instead."""
    officer = await put_officer(live.site, Role.AGENCY)
    async with live.site.accounts.begin() as rows:
        await rows.positions.choose_password(
            officer.id, await proof.hash_password(PASSWORD), proof.new_totp()
        )
        found = await rows.positions.by_id(officer.id)
    assert found is not None
    return found.position.login, "", ""


def test_what_is_easily_guessed_is_refused() -> None:
    known = ("narahubung.dishub", "Budi Uji", "Narahubung Dishub")
    for bad in ("12345678901234", "abababababab", "narahubung.dishub", "budi uji budi uji"):
        assert proof.weakness(bad, *known) == "guessable", bad
    assert proof.weakness(PASSWORD, *known) is None
