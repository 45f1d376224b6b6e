"""Every setting of the backend, typed and validated as a whole; `.env.example` is generated from this file."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


def default_data_folder() -> Path:
    """The user's data folder; for root a folder under /var/lib, since PostgreSQL refuses to run as root."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/teman-lapor")
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "teman-lapor"


class Settings(BaseSettings):
    """Read from the environment and from `.env`; unknown `TEMAN_LAPOR_` names are refused by `check_names`."""

    model_config = SettingsConfigDict(
        env_prefix="TEMAN_LAPOR_",
        env_file=ROOT / ".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
    )

    data: Path = Field(
        default_factory=default_data_folder, description="Folder for the database, keys, models and logs."
    )
    database_url: SecretStr | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="PostgreSQL ≥ 15 of your own (owner login). Empty: an embedded server in the data folder.",
    )
    app_database_url: SecretStr | None = Field(
        default=None,
        description="Login of the backend (no BYPASSRLS). Empty: derived from DATABASE_URL by SET ROLE.",
    )
    desk_database_url: SecretStr | None = Field(
        default=None, description="Login of the officers' pages (no BYPASSRLS). Empty: derived likewise."
    )
    models: Path = Field(
        default=ROOT / "models", description="Folder of trained models; the newest signed one is served."
    )
    bot_python: Path = Field(
        default=ROOT / ".venv" / "bot" / "bin" / "python",
        description="Interpreter of the bot's environment (Python 3.10).",
    )
    host_name: str = Field(
        default_factory=socket.gethostname,
        description="Name of this host among several, each its own. Empty: the machine's name.",
    )
    host: str = Field(default="127.0.0.1", description="Address of the public listener.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port of the public listener; 0 picks a free one."
    )
    public_url: str = Field(
        default="http://localhost:8000",
        description="Address people type; decides cookie flags, and its origin may write to us.",
    )
    proxies: int = Field(
        default=0,
        ge=0,
        le=8,
        description="Proxies in front of us that add X-Forwarded-For; 0 believes no such header.",
    )
    environment: Literal["development", "production"] = Field(
        default="development",
        description="`production` refuses default secrets, http addresses and debug helpers.",
    )
    engines: int = Field(default=1, ge=1, le=64, description="Engine processes on this host.")
    workers: int = Field(default=4, ge=1, le=64, description="Turns worked on at the same time.")
    give_way: int = Field(
        default=5,
        ge=0,
        le=19,
        description="How far turns and engines stand back for the public listener (nice value; 0: not at all).",
    )
    engine_timeout_s: float = Field(
        default=10.0, gt=0, description="Seconds until a turn's engine answer is given up."
    )
    drain_s: float = Field(
        default=0.0,
        ge=0,
        le=60,
        description="Seconds between being told to stop and stopping, in which /readyz refuses already: time for a balancer to see it.",
    )
    home_regency: str = Field(
        default="64.08", description="Kemendagri code of the regency that runs this desk."
    )
    embed_origins: str = Field(default="", description="Comma-separated origins that may embed the widget.")
    reminder_after_min: int = Field(
        default=60, ge=1, description="Minutes of silence until the one reminder of a draft."
    )
    undo_min: int = Field(
        default=5,
        ge=1,
        le=60,
        description="Minutes in which an officer can undo an order for many cases; until then nobody is told of it.",
    )
    draft_kept_h: int = Field(
        default=72, ge=1, le=72, description="Hours until an abandoned draft is purged."
    )
    anonymous_kept_h: int = Field(
        default=24, ge=1, le=24, description="Hours until an anonymous conversation is purged."
    )
    whatsapp_provider: Literal["", "cloud", "360dialog"] = Field(
        default="",
        description="Who carries WhatsApp: Meta's own `cloud`, or `360dialog`. Empty: no WhatsApp.",
    )
    whatsapp_phone_number_id: str = Field(
        default="", description="Id of the number at Meta (`phone_number_id`, digits; not the number itself)."
    )
    whatsapp_account_id: str = Field(
        default="",
        description="Id of the WhatsApp Business account; needed to check and submit templates.",
    )
    whatsapp_token: SecretStr | None = Field(
        default=None, description="Permanent token of a system user (cloud), or the D360-API-KEY (360dialog)."
    )
    whatsapp_app_secrets: SecretStr | None = Field(
        default=None,
        description="Secrets of the Meta app that sign webhooks, comma-separated: while rotating, the new and the old one.",
    )
    whatsapp_verify_token: SecretStr | None = Field(
        default=None, description="Word of your choice that Meta repeats when the webhook is subscribed."
    )
    whatsapp_webhook_key: SecretStr | None = Field(
        default=None,
        description="Only 360dialog, which does not sign: it sends this as `Authorization: Bearer …` with every webhook.",
    )
    whatsapp_api_url: str = Field(
        default="",
        description="Address of the API. Empty: the provider's own; tests and trials have another one.",
    )
    whatsapp_api_version: str = Field(
        default="v25.0", pattern=r"^v\d+\.\d+$", description="Version of the Graph API."
    )
    whatsapp_media_hosts: str = Field(
        default="lookaside.fbsbx.com",
        description="Comma-separated hosts from which files may be fetched (360dialog: its own host).",
    )
    whatsapp_messages_per_s: float = Field(
        default=60.0,
        gt=0,
        le=1000,
        description="Messages a second that this number may send (Meta allows 80).",
    )
    whatsapp_free_a_month: int = Field(
        default=1000,
        ge=1,
        description="Free-form messages a month that cost nothing; alarms at 80 % and at all of them.",
    )
    quiet_hours: str = Field(
        default="21-07",
        pattern=r"^([01]\d|2[0-3])-([01]\d|2[0-3])$",
        description="Local hours in which nobody is sent news of a report; answers are always sent.",
    )
    lapor_url: str = Field(
        default="",
        description="Address of SP4N-LAPOR!'s API. Empty: cases are handed on by officers, with copy buttons or a sheet.",
    )
    lapor_token: SecretStr | None = Field(default=None, description="Key of that API, given by KemenPANRB.")
    open311_keys: SecretStr | None = Field(
        default=None,
        description="Keys of programs that may file through Open311, `key` or `key:requests a minute` (300 if not told), by commas. Empty: none.",
    )
    oidc_issuer: str = Field(
        default="",
        description="Issuer of the officers' single sign-on (OpenID Connect). Empty: passwords only.",
    )
    oidc_client_id: str = Field(default="", description="Name of this desk at that issuer.")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="Secret of this desk at that issuer."
    )
    oidc_acr: str = Field(
        default="",
        description="Comma-separated `acr` values with which the issuer has checked a second factor. Others: we ask for ours.",
    )
    oidc_email_domain: str = Field(
        default="",
        description="Verified addresses of this domain enter the position whose login stands before the @. Empty: only bound accounts.",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="Bearer token that Prometheus sends to /metrics. Empty: the page does not exist.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Lowest level logged."
    )

    @field_validator("home_regency")
    @classmethod
    def _kemendagri_code(cls, value: str) -> str:
        if len(value) != 5 or value[2] != "." or not (value[:2] + value[3:]).isdigit():
            raise ValueError("home_regency must look like 64.08")
        return value

    @model_validator(mode="after")
    def _whatsapp_is_whole(self) -> Self:
        needed = {
            "": (),
            "cloud": ("phone_number_id", "token", "app_secrets", "verify_token"),
            "360dialog": ("phone_number_id", "token", "webhook_key"),
        }[self.whatsapp_provider]
        missing = [f"whatsapp_{name}" for name in needed if not getattr(self, f"whatsapp_{name}")]
        if missing:
            raise ValueError(f"whatsapp_provider {self.whatsapp_provider} also needs {', '.join(missing)}")
        return self

    @model_validator(mode="after")
    def _lapor_is_whole(self) -> Self:
        if self.lapor_url and not self.lapor_token:
            raise ValueError("lapor_url also needs lapor_token")
        if self.lapor_url and self.environment == "production" and not self.lapor_url.startswith("https://"):
            raise ValueError("lapor_url must begin with https:// in production")
        return self

    @model_validator(mode="after")
    def _oidc_is_whole(self) -> Self:
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret):
            raise ValueError("oidc_issuer also needs oidc_client_id and oidc_client_secret")
        if (
            self.oidc_issuer
            and self.environment == "production"
            and not self.oidc_issuer.startswith("https://")
        ):
            raise ValueError("oidc_issuer must begin with https:// in production")
        return self

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")


class SettingsRefused(Exception):
    """The settings cannot be used; the message says which one and what to do."""


def load() -> Settings:
    """The settings of this process.

    Raises:
        SettingsRefused: a value is invalid, or a `TEMAN_LAPOR_` name is not a setting (a typing error would
            otherwise be a silently ignored wish).
    """
    known = {name for name, _, _ in described()}
    strange = sorted(
        name for name in os.environ if name.startswith("TEMAN_LAPOR_") and name not in known | NOT_SETTINGS
    )
    if strange:
        raise SettingsRefused(f"unknown setting {', '.join(strange)}; the known ones are in .env.example")
    try:
        return Settings()
    except ValidationError as failure:
        wrong = "; ".join(f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in failure.errors())
        raise SettingsRefused(f"settings are invalid: {wrong}. See .env.example") from failure


# Read by tests and by the engine's own process, never by the backend's settings.
NOT_SETTINGS = {
    "TEMAN_LAPOR_FAILPOINT",
    "TEMAN_LAPOR_ENGINE_SECRET",
    "TEMAN_LAPOR_ENGINE_SOCKET",
    "TEMAN_LAPOR_ENGINE_PORT",
    "TEMAN_LAPOR_INTERNAL_URL",
    "TEMAN_LAPOR_MODEL",
    "TEMAN_LAPOR_MODEL_KEY",
}


def described() -> list[tuple[str, str, str]]:
    """(environment name, default as written, sentence) of every setting, in the order of the class."""
    rows = []
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        variable = alias if isinstance(alias, str) else f"TEMAN_LAPOR_{name.upper()}"
        default = "" if field.default_factory or field.default is None else str(field.default)
        rows.append((variable, default.replace(f"{ROOT}{os.sep}", ""), field.description or ""))
    return rows


def example() -> str:
    """The text of `.env.example`: every setting, its sentence and its default, commented out."""
    lines = [
        "# Every setting of the backend. Copy to .env and uncomment what you change.",
        "# Written by `python -m backend env-example`.",
    ]
    for variable, default, sentence in described():
        lines += ["", f"# {sentence}", f"#{variable}={default}"]
    return "\n".join(lines) + "\n"
