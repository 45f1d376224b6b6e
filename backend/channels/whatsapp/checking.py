"""Whether everything at Meta is as it must be: token, number, subscription, templates, and our own webhook as Meta sees it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from backend.channels.whatsapp.failures import Meaning, meaning
from backend.channels.whatsapp.graph import Answer, CloudApi, Dialog360, Graph, NoAnswer, NotReached
from backend.channels.whatsapp.reading import items, text
from backend.channels.whatsapp.templates import APPROVED, Register
from backend.channels.whatsapp.webhook import PATH
from backend.doctor import Finding, bad, doubtful, good
from backend.settings import Settings

NUMBER_FIELDS = "display_phone_number,verified_name,quality_rating"
MOST_TEMPLATES = 200


@dataclass(frozen=True)
class Checked:
    """`states` are those of the templates as the provider tells them, to be kept."""

    findings: list[Finding]
    states: Mapping[tuple[str, str], str] = field(default_factory=dict)


async def check(settings: Settings, graph: Graph, register: Register) -> Checked:
    """Everything, in the order in which it must be mended. Asks; changes nothing."""
    if not settings.whatsapp_provider:
        todo = "set TEMAN_LAPOR_WHATSAPP_PROVIDER to cloud or 360dialog; docs/whatsapp.md leads through it"
        return Checked([bad("settings", "no WhatsApp", todo)])
    if settings.whatsapp_provider == "cloud" and not settings.whatsapp_account_id:
        todo = "set TEMAN_LAPOR_WHATSAPP_ACCOUNT_ID, the id of the WhatsApp Business account"
        return Checked([bad("settings", "incomplete", todo)])
    found = [good("settings", f"complete for {settings.whatsapp_provider}")]
    transport = graph.transport
    states: Mapping[tuple[str, str], str] = {}
    if isinstance(transport, CloudApi):
        found.append(await number(graph, transport.url(f"{transport.number}?fields={NUMBER_FIELDS}")))
        account = transport.url(settings.whatsapp_account_id)
        found.append(await subscription(graph, f"{account}/subscribed_apps"))
        states = await template_states(graph, f"{account}/message_templates?limit={MOST_TEMPLATES}")
    elif isinstance(transport, Dialog360):
        states = await template_states(graph, f"{transport.base.rstrip('/')}/v1/configs/templates")
    found += templates(register, states)
    found.append(await webhook(settings, graph.client))
    return Checked(found, states)


async def asked(graph: Graph, url: str) -> Answer | str:
    """The answer, or why there is none."""
    try:
        return await graph.ask("GET", url)
    except (NotReached, NoAnswer) as failure:
        return str(failure)


async def number(graph: Graph, url: str) -> Finding:
    """The token is good and the number is ours."""
    answer = await asked(graph, url)
    if isinstance(answer, str):
        return bad("Meta", f"cannot be reached: {answer}", "open the way out to graph.facebook.com, port 443")
    if not answer.is_good:
        is_token = meaning(answer.error, answer.status) is Meaning.STOP
        todo = "make a new permanent token" if is_token else "compare TEMAN_LAPOR_WHATSAPP_PHONE_NUMBER_ID"
        return bad("number", f"refused, code {answer.error}", todo)
    facts = f"{text(answer.data, 'display_phone_number')}, {text(answer.data, 'verified_name')}"
    if text(answer.data, "quality_rating") in {"YELLOW", "RED"}:
        return doubtful("number", f"{facts}: people block it", "send fewer notices; see docs/whatsapp.md")
    return good("number", facts)


async def subscription(graph: Graph, url: str) -> Finding:
    """The account tells some app of its messages."""
    answer = await asked(graph, url)
    if isinstance(answer, str) or not answer.is_good:
        code = answer if isinstance(answer, str) else answer.error
        return bad(
            "account", f"refused: {code}", "compare TEMAN_LAPOR_WHATSAPP_ACCOUNT_ID and the token's rights"
        )
    if not items(answer.data, "data"):
        return bad(
            "account", "no app listens to it", "subscribe the app: App dashboard, WhatsApp, Configuration"
        )
    return good("account", "the app is subscribed")


async def template_states(graph: Graph, url: str) -> Mapping[tuple[str, str], str]:
    """(name, language) → state; none when it is not told."""
    answer = await asked(graph, url)
    if isinstance(answer, str) or not answer.is_good:
        return {}
    rows = items(answer.data, "data") or items(answer.data, "waba_templates")
    return {(text(row, "name"), text(row, "language")): text(row, "status").lower() for row in rows}


def templates(register: Register, states: Mapping[tuple[str, str], str]) -> list[Finding]:
    """Each of ours is approved; without it, news wait until the person writes."""
    found = []
    for row in register.rows:
        state = states.get((row.name, row.language), "not submitted")
        todo = (
            "python -m backend whatsapp submit"
            if state == "not submitted"
            else "see docs/whatsapp.md, Templates"
        )
        what = f"template {row.name}"
        found.append(good(what, state) if state == APPROVED else doubtful(what, state, todo))
    return found


async def webhook(settings: Settings, client: httpx.AsyncClient) -> Finding:
    """Our own door, asked from here by the address that Meta uses."""
    url, word = f"{settings.public_url.rstrip('/')}{PATH}", secrets.token_hex(8)
    token = settings.whatsapp_verify_token
    asks: dict[str, Any] = {
        "hub.mode": "subscribe",
        "hub.challenge": word,
        "hub.verify_token": token.get_secret_value() if token else "",
    }
    if settings.environment == "production" and not url.startswith("https://"):
        return bad("webhook", url, "Meta wants https: set TEMAN_LAPOR_PUBLIC_URL")
    try:
        answer = await client.get(url, params=asks, timeout=10)
    except httpx.HTTPError as failure:
        return bad(
            "webhook",
            f"{url} does not answer: {type(failure).__name__}",
            "start the product; look at the proxy",
        )
    if settings.whatsapp_provider == "360dialog":
        return good("webhook", f"{url} is reached")
    if answer.text != word:
        return bad(
            "webhook", f"{url} answers {answer.status_code}", "restart the product with the present settings"
        )
    return good("webhook", f"{url} answers the handshake")
