"""The public listener: chat protocol, public pages, review page, static files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sanic import Request, Sanic
from sanic.response import BaseHTTPResponse

from backend.web import errors, urls
from backend.web.barometer_page import BarometerPage
from backend.web.chat_api import ChatApi
from backend.web.compression import compress
from backend.web.desk.absence_pages import AbsencePages
from backend.web.desk.account_pages import AccountPages
from backend.web.desk.assisted_page import AssistedPage
from backend.web.desk.audit_page import AuditPage
from backend.web.desk.bulk_pages import BulkPages
from backend.web.desk.case_acts import CaseActs
from backend.web.desk.case_pages import CasePages
from backend.web.desk.condition_page import ConditionPage
from backend.web.desk.dots_page import DotsPage
from backend.web.desk.export_pages import ExportPages
from backend.web.desk.field_packet import FieldPacket
from backend.web.desk.guard import check_guarded
from backend.web.desk.handover_pages import HandOverPages
from backend.web.desk.help_page import HelpPage
from backend.web.desk.photo_pages import PhotoPages
from backend.web.desk.position_pages import PositionPages
from backend.web.desk.practice_pages import PracticePages
from backend.web.desk.reference_import import ReferenceImport
from backend.web.desk.reference_pages import ReferencePages
from backend.web.desk.reference_publish import ReferencePublish
from backend.web.desk.reference_versions import ReferenceVersions
from backend.web.desk.saved_pages import SavedPages
from backend.web.desk.set_up import SetUpPages
from backend.web.desk.sight_page import SightPage
from backend.web.desk.sign_in import SignInPages
from backend.web.desk.sso_pages import SsoPages
from backend.web.desk.today_page import TodayPage
from backend.web.desk.webhook_pages import WebhookPages
from backend.web.desk.word_acts import WordActs
from backend.web.desk.work_pages import WorkPages
from backend.web.form_page import FormPage
from backend.web.hygiene import Pace, check_origin, origin_of, secure_headers
from backend.web.metrics_page import MetricsPage
from backend.web.open311.desk import READS_A_MINUTE, Open311
from backend.web.ports import Site
from backend.web.public_pages import PublicPages
from backend.web.review.pages import review_blueprint
from backend.web.rights_page import RightsPage
from backend.web.status_file import StatusFile
from backend.web.status_page import StatusPage
from backend.web.uploads import LARGEST_FILE

STATIC = Path(__file__).resolve().parent / "static"
ROOM_FOR_FORM = 1024 * 1024


def public_app(name: str, site: Site) -> Sanic[Any, Any]:
    """The app. Every answer carries the security headers; every unsafe request comes from an allowed origin."""
    app: Sanic[Any, Any] = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_FILE + ROOM_FOR_FORM
    app.config.ACCESS_LOG = False
    app.config.TOUCHUP = False  # it rewrites the class, so a second app of the process would not start
    app.config.RESPONSE_TIMEOUT = 120
    app.config.REQUEST_TIMEOUT = 180
    app.config.KEEP_ALIVE_TIMEOUT = 30
    app.config.PROXIES_COUNT = site.settings.proxies or None
    embedders = frozenset(one.strip() for one in site.settings.embed_origins.split(",") if one.strip())
    own = origin_of(site.settings.public_url)
    errors.register(app, site.services.reference, site.metrics.refused)
    app.blueprint(ChatApi(site, embedders).blueprint())
    app.blueprint(PublicPages(site).blueprint())
    app.blueprint(StatusPage(site).blueprint())
    app.blueprint(StatusFile(site).blueprint())
    app.blueprint(RightsPage(site).blueprint())
    app.blueprint(FormPage(site).blueprint())
    app.blueprint(review_blueprint(site))
    case_pages = CasePages(site)
    lists = (
        WorkPages(site),
        SavedPages(site),
        BulkPages(site),
        TodayPage(site),
        DotsPage(site),
        SightPage(site),
    )
    for desk in (*lists, case_pages, CaseActs(site, case_pages), WordActs(site, case_pages)):
        app.blueprint(desk.blueprint())
    app.blueprint(BarometerPage(site).blueprint())
    app.blueprint(Open311(site, Pace(READS_A_MINUTE)).blueprint())
    for pages in (
        SignInPages,
        SetUpPages,
        AccountPages,
        PositionPages,
        AbsencePages,
        AuditPage,
        ConditionPage,
        HandOverPages,
        WebhookPages,
        PhotoPages,
        SsoPages,
        FieldPacket,
        ExportPages,
    ):
        app.blueprint(pages(site).blueprint())
    app.blueprint(AssistedPage(site).blueprint())
    app.blueprint(PracticePages(site).blueprint())
    app.blueprint(HelpPage(site).blueprint())
    for editor in (ReferencePages, ReferencePublish, ReferenceVersions, ReferenceImport):
        app.blueprint(editor(site).blueprint())
    app.ctx.site = site
    check_guarded(app)
    figures = MetricsPage(site)
    app.blueprint(figures.blueprint())
    app.register_middleware(figures.began, "request")
    for channel in site.channels:
        app.blueprint(channel)
    app.static(urls.STATIC, STATIC, name="static")

    @app.on_request
    async def guard(request: Request) -> None:
        check_origin(request, {own} | embedders if request.path.startswith(urls.API) else {own})

    async def headers(request: Request, response: BaseHTTPResponse) -> None:
        is_file = request.path.startswith(urls.STATIC) and response.status in {200, 304}
        secure_headers(response, private=not is_file)
        origin = request.headers.get("origin", "")
        if origin in embedders and request.path.startswith((urls.API, urls.STATIC)):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Credentials"] = "true"
            response.headers["Access-Control-Allow-Methods"] = "GET, POST"
            response.headers["Access-Control-Allow-Headers"] = "Content-Type, Accept"
            response.headers["Vary"] = "Origin"
        if is_file:
            response.headers["Cache-Control"] = "public, max-age=300"
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin" if embedders else "same-origin"
            compress(request, response)

    app.register_middleware(headers, "response")
    app.register_middleware(figures.ended, "response")
    return app
