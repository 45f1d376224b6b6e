"""Every address of ours, by name; templates and handlers link through here."""

from __future__ import annotations

HOME = "/"
FORM = "/lapor"
STATUS = "/status"
STATUS_ADD = "/status/tambah"
STATUS_ANSWER = "/status/jawab"
STATUS_CODE = "/status/ganti-kode"
STATUS_FILE = "/status/berkas"
WEBHOOKS = "/meja/sambungan"
STATUS_RIGHTS = "/status/hak"
STATUS_RIGHT = "/status/hak/pakai"
PRIVACY = "/privasi"
REVIEW = "/tinjau"
REVIEW_DISPUTES = "/tinjau/beda"
REVIEW_TALKS = "/tinjau/percakapan"
REVIEW_TALKS_FILE = "/tinjau/percakapan/usulan.yml"
REVIEW_UNDO = "/tinjau/urung"
ROUNDS = "/tinjau/pelatihan"
TRIAL = "/tinjau/uji"
TRIAL_STEP = "/tinjau/uji/langkah"
TRIAL_STOP = "/tinjau/uji/henti"
MODELS = "/tinjau/versi"
ROLL_BACK = "/tinjau/versi/kembali"
SIGN_IN = "/masuk"
SSO = "/masuk/sso"
SSO_BACK = "/masuk/sso/kembali"
SSO_BIND = "/meja/akun/sso"
SECOND_FACTOR = "/masuk/kode"
INVITATION = "/masuk/undangan"
SET_UP = "/masuk/pengaman"
SIGN_OUT = "/keluar"
DESK = "/meja"
CASE = "/meja/kasus"
BULK = "/meja/massal"
BULK_UNDO = "/meja/massal/urung"
VIEWS = "/meja/tampilan"
TODAY = "/meja/hari-ini"
DOTS = "/meja/peta"
SIGHT = "/meja/ringkasan"
EXPORTS = "/meja/unduhan"
ACCOUNTS = "/meja/akun"
ABSENCE = "/meja/akun/cuti"
AUDIT = "/meja/audit"
HAND_OVER = "/meja/serah"
HELP = "/meja/bantuan"
PRACTICE_DOOR = "/latihan"
PRACTICE = "/meja/latihan"
ASSISTED = "/meja/titip"
REFERENCE = "/meja/acuan"
REFERENCE_DRAFT = "/meja/acuan/rancangan"
REFERENCE_VERSIONS = "/meja/acuan/versi"
REFERENCE_IMPORT = "/meja/acuan/impor"
CONDITION = "/meja/keadaan"
HEALTH = "/healthz"
READY = "/readyz"
BAROMETER = "/barometer"
METRICS = "/metrics"
OPEN311 = "/open311/v2"
API = "/api/web"
STATIC = "/static"


def static(name: str) -> str:
    """Address of a static file."""
    return f"{STATIC}/{name}"


def case(number: str, part: str = "") -> str:
    """The page of a case for officers, by its public number; `part` is `pindah`, `catat`, `identitas` or `berkas/<id>`."""
    return f"{CASE}/{number}" + (f"/{part}" if part else "")


def bulk_order(order_id: str) -> str:
    """What became of an order for many cases."""
    return f"{BULK}/{order_id}"


def saved_view(view_id: str) -> str:
    """Where a kept view of the list is removed."""
    return f"{VIEWS}/{view_id}/hapus"


def reference_rows(kind: str, part: str = "") -> str:
    """The rows of one kind; `part` is `baris` or `hapus`."""
    return f"{REFERENCE}/daftar/{kind}" + (f"/{part}" if part else "")


def review_item(item_id: str) -> str:
    """Where a decision on a review item is sent."""
    return f"{REVIEW}/{item_id}"


def position(position_id: str) -> str:
    """The page of one position of the desk."""
    return f"{ACCOUNTS}/{position_id}"


def review_talk(item_id: str) -> str:
    """The conversation around a review item, as a proposal for a golden talk."""
    return f"{REVIEW}/{item_id}/percakapan.yml"


def propose_talk(item_id: str) -> str:
    """Where the conversation around a review item is proposed as an example."""
    return f"{REVIEW}/{item_id}/percakapan"


def end_dispute(item_id: str) -> str:
    """Where two who differ on a sentence end it."""
    return f"{REVIEW}/{item_id}/sepakat"


def export(export_id: str, part: str = "") -> str:
    """One export; `part` is `berkas` or `kabar`."""
    return f"{EXPORTS}/{export_id}" + (f"/{part}" if part else "")


def training_round(round_id: str, act: str = "") -> str:
    """A round of training; `act` is `kabar`, `batal`, `coba` or `pakai`."""
    return f"{ROUNDS}/{round_id}" + (f"/{act}" if act else "")
