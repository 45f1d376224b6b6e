"""Single sign-on against a provider of our own: in by a binding, never past a decree or a second factor, and no wrong answer is believed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa
from joserfc.jwk import RSAKey

from backend.cases.access import Role
from backend.persistence.database import Database
from backend.persistence.tables import audit
from backend.settings import Settings
from tests.support.desk import at_desk
from tests.support.fake_oidc import CLIENT, SECRET, FakeOidc, fake_oidc
from tests.support.live_site import LiveSite, live_site
from tests.web.test_sign_in import code_of, second, stranger, taken

pytestmark = pytest.mark.database


@dataclass
class Door:
    live: LiveSite
    provider: FakeOidc
    login: str
    totp: str

    async def officer_id(self) -> str:
        async with self.live.site.accounts.begin() as rows:
            found = await rows.positions.by_login(self.login)
        assert found is not None
        return found.position.officer.id

    async def back(self, http: httpx.AsyncClient, path: str = "/masuk/sso", **changes: str) -> httpx.Response:
        """To the provider, yes, and back; `changes` are put over what the browser brings."""
        away = await http.get(path)
        assert away.status_code == 303, away.text[:300]
        code, state = self.provider.grant(away.headers["location"])
        return await http.get("/masuk/sso/kembali", params={"code": code, "state": state, **changes})

    async def bound(self) -> str:
        """The position bound to the person of the provider; its id."""
        officer = await self.officer_id()
        async with self.live.site.accounts.begin() as rows:
            found = await rows.positions.by_id(officer)
        assert found is not None
        one = await at_desk(self.live, found.position.officer)
        answer = await self.back(one.http, "/meja/akun/sso")
        assert answer.status_code == 200 and answer.headers["refresh"].endswith("/meja/akun?beres=sso"), (
            answer.text
        )
        assert "terhubung dengan jabatan ini" in (await one.get("/meja/akun")).text
        return officer


@pytest.fixture
async def door(database: Database) -> AsyncIterator[Door]:
    async with fake_oidc() as provider:
        settings: dict[str, Any] = {
            "oidc_issuer": provider.url,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SECRET,
            "oidc_acr": "mfa, kuat",
            "oidc_email_domain": "kutim.contoh",
        }
        async with live_site(database, **settings) as live:
            provider.now = live.site.clock
            login, totp, _ = await taken(live)
            live.talk.now += timedelta(minutes=2)
            yield Door(live, provider, login, totp)


async def test_a_bound_person_is_in_after_our_second_factor_or_theirs(door: Door) -> None:
    officer = await door.bound()
    http = await stranger(door.live)
    assert 'href="/masuk/sso"' in (await http.get("/masuk")).text
    answer = await door.back(http)
    assert answer.status_code == 200 and answer.headers["refresh"] == "0; url=/masuk/kode"
    assert (await http.get("/meja")).status_code == 303, "half way is not in"
    assert (await second(http, code_of(door.live, door.totp))).headers["location"] == "/meja"
    door.provider.claims = {"acr": "mfa"}
    other = await stranger(door.live)
    answer = await door.back(other)
    assert answer.headers["refresh"] == "0; url=/meja" and (await other.get("/meja")).status_code == 200
    cookies = answer.headers.get_list("set-cookie")
    assert any("SameSite=Strict" in one and "HttpOnly" in one for one in cookies)
    assert any(one.startswith("masuk_sso=") and "Max-Age=0" in one for one in cookies)
    async with door.live.site.database.requests.connect() as connection:
        lines = await connection.execute(
            sa.select(audit.c.action, audit.c.details).where(audit.c.actor == officer).order_by(audit.c.seq)
        )
        said = [(row.action, row.details.get("by")) for row in lines]
    assert [one for one in said if one[0] in ("signed_in", "sso_bound")] == [
        ("sso_bound", None),
        ("signed_in", "totp"),
        ("signed_in", "sso"),
    ]


async def test_an_unknown_person_and_a_verified_address(door: Door) -> None:
    answer = await door.back(await stranger(door.live))
    assert answer.status_code == 403 and "belum terhubung" in answer.text
    mail = f"{door.login}@KUTIM.contoh"
    for claims, status in (
        ({"email": mail, "email_verified": False}, 403),
        ({"email": mail, "email_verified": "true"}, 403),
        ({"email": mail}, 403),
        ({"email": f"{door.login}@luar.contoh", "email_verified": True}, 403),
        ({"email": f"{door.login}@luar@kutim.contoh", "email_verified": True}, 403),
        ({"email": mail, "email_verified": True}, 200),
    ):
        door.provider.claims = claims
        assert (await door.back(await stranger(door.live))).status_code == status, claims


async def test_a_decree_that_ran_out_keeps_out_and_a_hand_over_unbinds(door: Door) -> None:
    officer = await door.bound()
    door.provider.claims = {"acr": "mfa"}
    async with door.live.site.accounts.begin() as rows:
        await rows.positions.extend(officer, "SK-LAMA", date(2026, 11, 1))
    answer = await door.back(await stranger(door.live))
    assert answer.status_code == 403 and "berakhir pada" in answer.text
    async with door.live.site.accounts.begin() as rows:
        await rows.positions.extend(officer, "SK-BARU", date(2030, 1, 1))
    assert (await door.back(await stranger(door.live))).status_code == 200
    async with door.live.site.accounts.begin() as rows:
        await rows.positions.end(officer, door.live.site.clock())
    assert (await door.back(await stranger(door.live))).status_code == 403


async def test_one_person_holds_one_position_and_can_let_it_go(door: Door) -> None:
    officer = await door.bound()
    login, _, _ = await taken(door.live, Role.VERIFIER)
    async with door.live.site.accounts.begin() as rows:
        first, other = await rows.positions.by_id(officer), await rows.positions.by_login(login)
    assert first and other
    second_one = await at_desk(door.live, other.position.officer)
    answer = await door.back(second_one.http, "/meja/akun/sso")
    assert answer.status_code == 409 and "jabatan lain" in answer.text
    one = await at_desk(door.live, first.position.officer)
    assert (await one.post("/meja/akun/sso/lepas")).status_code == 303
    assert (await door.back(await stranger(door.live))).status_code == 403
    assert (await door.back(second_one.http, "/meja/akun/sso")).status_code == 200


OLD = RSAKey.generate_key(2048, {"kid": "a", "use": "sig"})
WRONG: dict[str, dict[str, Any]] = {
    "other issuer": {"claims": {"iss": "https://luar.contoh"}},
    "no issuer": {"claims": {"iss": None}},
    "for somebody else": {"claims": {"aud": "meja-lain"}},
    "for many without azp": {"claims": {"aud": [CLIENT, "meja-lain"]}},
    "azp of somebody else": {"claims": {"aud": [CLIENT, "meja-lain"], "azp": "meja-lain"}},
    "expired": {"claims": {"exp": 1}},
    "no expiry": {"claims": {"exp": None}},
    "expiry is a word": {"claims": {"exp": "9999999999"}},
    "from the future": {"claims": {"iat": 9_999_999_999}},
    "long ago": {"claims": {"iat": 1}},
    "other nonce": {"claims": {"nonce": "lain"}},
    "no nonce": {"claims": {"nonce": None}},
    "no subject": {"claims": {"sub": None}},
    "empty subject": {"claims": {"sub": ""}},
    "signed by another key": {"shown": [OLD]},
    "not signed": {"algorithm": "none"},
    "calls itself otherwise": {"issuer": "https://luar.contoh"},
}


async def test_no_wrong_answer_is_believed(door: Door) -> None:
    await door.bound()
    right = {name: getattr(door.provider, name) for name in ("claims", "shown", "algorithm", "issuer")}
    kept: Any = next(
        route.handler.__self__.providers[0]
        for route in door.live.app.router.routes
        if route.path == "masuk/sso/kembali"
    )
    for name, fault in WRONG.items():
        http = await stranger(door.live)
        away = await http.get("/masuk/sso")
        code, state = door.provider.grant(away.headers["location"])
        for part, value in {**right, **fault}.items():
            setattr(door.provider, part, value)
        kept._known.clear()
        answer = await http.get("/masuk/sso/kembali", params={"code": code, "state": state})
        assert answer.status_code == 401 and "tidak bisa dipercaya" in answer.text, name
        assert "meja" not in dict(http.cookies) and (await http.get("/meja")).status_code == 303, name
        for part, value in right.items():
            setattr(door.provider, part, value)
        kept._known.clear()
    assert (await door.back(await stranger(door.live))).status_code == 200


async def test_a_try_belongs_to_its_browser_and_ends(door: Door) -> None:
    await door.bound()
    http = await stranger(door.live)
    assert (await http.get("/masuk/sso/kembali", params={"code": "x", "state": "y"})).status_code == 400
    assert (await door.back(http, state="lain")).status_code == 400
    away = await http.get("/masuk/sso")
    asked = parse_qs(urlsplit(away.headers["location"]).query)
    assert asked["redirect_uri"] == ["http://localhost/masuk/sso/kembali"], "under our public address"
    code, state = door.provider.grant(away.headers["location"])
    other = await stranger(door.live)
    assert (await other.get("/masuk/sso/kembali", params={"code": code, "state": state})).status_code == 400
    refused = await http.get("/masuk/sso/kembali", params={"error": "access_denied", "state": state})
    assert refused.status_code == 401 and "tidak mengizinkan" in refused.text
    assert (await http.get("/masuk/sso/kembali", params={"code": code, "state": state})).status_code == 400
    away = await http.get("/masuk/sso")
    code, state = door.provider.grant(away.headers["location"])
    door.live.talk.wait(minutes=11)
    assert (await http.get("/masuk/sso/kembali", params={"code": code, "state": state})).status_code == 400
    tampered = await stranger(door.live)
    tampered.cookies.set("masuk_sso", "e30=.00")
    assert (await tampered.get("/masuk/sso/kembali", params={"code": "x", "state": ""})).status_code == 400
    assert (await door.back(http, code="dicuri")).status_code == 401


async def test_new_keys_are_found_and_a_provider_that_is_away_is_told(door: Door) -> None:
    await door.bound()
    assert (await door.back(await stranger(door.live))).status_code == 200
    before = door.provider.asked.count("keys")
    door.provider.key = RSAKey.generate_key(2048, {"kid": "b", "use": "sig"})
    assert (await door.back(await stranger(door.live))).status_code == 200
    assert door.provider.asked.count("keys") == before + 1
    door.provider.down = True
    door.live.talk.wait(hours=2)
    answer = await (await stranger(door.live)).get("/masuk/sso")
    assert answer.status_code == 502 and "kata sandi" in answer.text


async def test_without_settings_there_is_no_such_door(live: LiveSite) -> None:
    http = await stranger(live)
    assert "SSO" not in (await http.get("/masuk")).text
    assert (await http.get("/masuk/sso")).status_code == 404
    assert (await http.get("/masuk/sso/kembali", params={"code": "x", "state": "y"})).status_code == 404


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"oidc_issuer": "https://sso.contoh"}, "oidc_client_id"),
        (
            {
                "oidc_issuer": "http://sso.contoh",
                "oidc_client_id": "a",
                "oidc_client_secret": "b",
                "environment": "production",
            },
            "https://",
        ),
    ],
)
def test_half_a_setting_is_refused(given: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Settings(_env_file=None, **given)
