"""Settings: read once, then frozen. Each is an option of `consult serve`, an environment variable `CONSULT_...`, and a
key of a file in TOML (`config_file.py`); docs/settings.md is the table of them, made by tools/generate_settings.py."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from consult.secret_files import with_secrets

PREFIX = "CONSULT_"
"""Of the environment variables."""


def default_data() -> Path:
    """Where consult keeps everything, unless set otherwise."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "consult"


MIN_SECRET = 32
"""Characters of a secret that others sign with."""
OWN_HOSTS = ("127.0.0.1", "localhost", "::1")
OWN_PATHS = ("api", "join", "launch", "seat", "static")


class Settings(BaseSettings):
    """Everything that can be set, with its unit in its description."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    site_name: str = Field(
        "", max_length=120, description="name of the hospital, as guests read it before they come in"
    )
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="TCP port; 0 takes a free one")
    data: Path = Field(
        default_factory=default_data,
        description="directory of studies, log and keys",
        json_schema_extra={"default": "$XDG_DATA_HOME/consult, else ~/.local/share/consult"},
    )
    redis: str = Field(
        "", description="URL of the Redis that holds log, index, users and audit trail, in place of files in data"
    )
    redis_password: str = Field("", description="its password (better from a file)")
    redis_password_file: Path | None = Field(None, description="file that holds redis_password")
    objects: str = Field(
        "", description="s3://BUCKET/FOLDER that holds the files of studies, in place of files in data"
    )
    objects_endpoint: str = Field("", description="address of what speaks S3, where that is not Amazon's")
    objects_region: str = Field("", description="its region (or AWS_REGION)")
    objects_key_id: str = Field("", description="access key of it (or AWS_ACCESS_KEY_ID, or a role of the machine)")
    objects_secret: str = Field("", description="secret of that key (better from a file, or AWS_SECRET_ACCESS_KEY)")
    objects_secret_file: Path | None = Field(None, description="file that holds objects_secret")
    node: str = Field(
        "",
        pattern="^([a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?)?$",
        description="name of this node among several on one Redis; the machine's, unless set",
    )
    node_address: str = Field(
        "", description="HOST:PORT by which other nodes reach this one, where it is not that of host and port"
    )
    volumes: Path | None = Field(
        None,
        description="directory of decoded volumes, on a disk of this machine",
        json_schema_extra={"default": "volumes in data; of several nodes volumes-NODE"},
    )
    public_url: str = Field(
        "", description="address by which browsers reach it, perhaps with a path, where it is not http://HOST:PORT"
    )
    allowed_hosts: str = Field(
        "", description="other names that browsers reach it by, by commas, where public_url is not set"
    )
    behind_tls_proxy: bool = Field(False, description="a TLS proxy stands before this server")
    connections: int = Field(8192, ge=16, description="connections at a time; fewer where the system allows no more")
    connections_of_address: int = Field(
        512, ge=8, description="connections of one address at a time; a TLS proxy's address has no limit"
    )
    udp_host: str = Field("", description="address that live media is received on, where it is not that of host")
    udp_port: int = Field(0, ge=0, le=65535, description="UDP port of live media, one for all; 0 takes a free one")
    udp_advertise: str = Field("", description="ADDRESS or ADDRESS:PORT that browsers send live media to, if another")
    workers: int = Field(2, ge=1, le=64, description="DICOM worker processes")
    render_threads: int = Field(
        default_factory=lambda: os.cpu_count() or 2,
        ge=1,
        le=64,
        description="threads that render and encode",
        json_schema_extra={"default": "one a core"},
    )
    volume_cache_mib: int = Field(4096, ge=64, description="cache of decoded volumes, MiB on disk")
    still_cache_mib: int = Field(256, ge=8, description="cache of encoded stills, MiB of memory")
    plane_memory_mib: int = Field(1024, ge=64, description="volumes that planes are drawn from, MiB of memory")
    log_level: str = Field("warning", pattern="^(debug|info|warning|error)$", description="least severe log line")
    independent_views: int = Field(
        default_factory=lambda: min(64, 4 * (os.cpu_count() or 2)),
        ge=0,
        le=256,
        description="how many pages of a consult may look around alone at a time",
        json_schema_extra={"default": "four a core, 64 at most"},
    )

    log_format: str = Field("text", pattern="^(text|json)$", description="form of log lines; json: an object a line")
    min_free_mib: int = Field(
        512, ge=0, description="free space on the disk of data, MiB, below which /readyz says that it is not ready"
    )
    metrics_token: str = Field(
        "", description="secret that /metrics wants as a bearer token; without it only this machine is answered"
    )
    metrics_token_file: Path | None = Field(None, description="file that holds metrics_token")

    hanging_rules: Path | None = Field(
        None, description="TOML file of hanging rules; `consult hanging` prints those of this release"
    )
    retention_days: int = Field(
        0, ge=0, le=36_500, description="days after its end that a consult is deleted, with its studies; 0: never"
    )
    critical_1_min: int = Field(30, ge=1, description="within which a critical result of category 1 is acknowledged")
    critical_2_min: int = Field(360, ge=1, description="the same for category 2, minutes")
    critical_3_min: int = Field(4320, ge=1, description="the same for category 3, minutes")
    notice_webhook: str = Field("", description="URL that notices of critical results are posted to")
    notice_secret: str = Field("", description="secret that signs them (better from a file)")
    notice_secret_file: Path | None = Field(None, description="file that holds notice_secret")
    smtp_host: str = Field("", description="HOST or HOST:PORT of the mail server for notices")
    smtp_sender: str = Field("", description="address that they come from")
    smtp_user: str = Field("", description="user of the mail server, if it wants one")
    smtp_password: str = Field("", description="its password (better from a file)")
    smtp_password_file: Path | None = Field(None, description="file that holds smtp_password")

    session_idle_min: int = Field(
        720, ge=5, le=10_080, description="minutes after its last use that a host's sign-in ends"
    )
    session_max_h: int = Field(
        168, ge=1, le=720, description="hours after it began that a host's sign-in ends, however much it is used"
    )
    oidc_issuer: str = Field("", description="OpenID provider by which hosts may sign in: its issuer, an https address")
    oidc_client_id: str = Field("", description="id of this server there")
    oidc_secret: str = Field("", description="its secret there (better from a file); a public client has none")
    oidc_secret_file: Path | None = Field(None, description="file that holds oidc_secret")
    oidc_name: str = Field("", description="what people call the provider; without it the name of its address")
    oidc_allowed_emails: str = Field(
        "", description="verified e-mail addresses that may host, by commas; @DOMAIN: all of it; *: all that it knows"
    )
    oidc_allowed_groups: str = Field("", description="groups that may host, by commas")
    oidc_groups_claim: str = Field("groups", description="claim of the ID token that names somebody's groups")
    launch_secret: str = Field(
        "", description="secret by which an EHR or a PACS signs launch links, 32 characters at least (better a file)"
    )
    launch_secret_file: Path | None = Field(None, description="file that holds launch_secret")

    @model_validator(mode="before")
    @classmethod
    def _read_secrets(cls, values: Any) -> Any:
        """What stands in the files of secrets counts as if it had been set."""
        return with_secrets(values)

    @field_validator("data", mode="before")
    @classmethod
    def _is_named(cls, folder: object) -> object:
        """A variable that a shell does not know is empty: that is not the folder where one happens to be."""
        if folder == "":
            raise ValueError("it must name a folder")
        return folder

    @field_validator("redis")
    @classmethod
    def _is_redis(cls, url: str) -> str:
        """By what it is reached."""
        parts = urlsplit(url)
        is_right = bool(parts.path) if parts.scheme == "unix" else bool(parts.hostname)
        if url and (parts.scheme not in ("redis", "rediss", "unix") or not is_right):
            raise ValueError("it is redis://HOST:PORT/NUMBER, rediss:// of the same form, or unix:///PATH")
        return url

    @field_validator("objects")
    @classmethod
    def _is_bucket(cls, url: str) -> str:
        """By what it is reached."""
        parts = urlsplit(url)
        if url and (parts.scheme != "s3" or not parts.netloc or "@" in parts.netloc or parts.query or parts.fragment):
            raise ValueError("it is s3://BUCKET, perhaps with a /FOLDER")
        return url.rstrip("/")

    @field_validator("objects_endpoint")
    @classmethod
    def _is_encrypted(cls, url: str) -> str:
        """Patients' images go there."""
        parts = urlsplit(url)
        is_own = parts.scheme == "http" and parts.hostname in OWN_HOSTS
        if url and (not (parts.scheme == "https" or is_own) or not parts.hostname):
            raise ValueError("it is https:// and a host: patient images do not travel unencrypted")
        return url

    @field_validator(
        "hanging_rules", "notice_secret_file", "smtp_password_file", "metrics_token_file", "redis_password_file",
        "objects_secret_file", "oidc_secret_file", "launch_secret_file", "volumes", mode="before",
    )  # fmt: skip
    @classmethod
    def _is_set(cls, file: object) -> object:
        """An empty variable names no file."""
        return None if file == "" else file

    @field_validator("metrics_token")
    @classmethod
    def _is_long(cls, token: str) -> str:
        """Anybody who reaches the server may guess it."""
        if token and len(token) < 16:
            raise ValueError("it must have 16 characters or more, as `openssl rand -hex 16` makes them")
        return token

    @field_validator("notice_webhook")
    @classmethod
    def _is_http(cls, url: str) -> str:
        """It is posted to."""
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("it is http:// or https:// and a host")
        return url

    @model_validator(mode="after")
    def _can_send(self) -> Settings:
        """What is half set up would fail when it is needed."""
        if self.notice_webhook and not self.notice_secret:
            raise ValueError("a webhook wants CONSULT_NOTICE_SECRET, which signs it")
        if self.smtp_host and not self.smtp_sender:
            raise ValueError("a mail server wants CONSULT_SMTP_SENDER, the address that notices come from")
        return self

    @field_validator("oidc_issuer")
    @classmethod
    def _is_issuer(cls, url: str) -> str:
        """OpenID Connect Discovery 1.0, 3: https, no query, no fragment; on this machine http, to try it."""
        parts = urlsplit(url)
        is_own = parts.scheme == "http" and parts.hostname in OWN_HOSTS
        if url and (not (parts.scheme == "https" or is_own) or not parts.hostname or parts.query or parts.fragment):
            raise ValueError("it is https:// and a host, perhaps with a path, exactly as the provider names itself")
        return url

    @field_validator("launch_secret")
    @classmethod
    def _is_guessed_by_nobody(cls, secret: str) -> str:
        """It is guessed by trying, by whoever has seen one link."""
        if secret and len(secret) < MIN_SECRET:
            raise ValueError(f"it must have {MIN_SECRET} characters at least; `openssl rand -hex 32` makes good ones")
        return secret

    @model_validator(mode="after")
    def _lets_somebody_in(self) -> Settings:
        """Who may sign in by the provider is said, and not whoever has an account there."""
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("an OpenID provider wants CONSULT_OIDC_CLIENT_ID, by which it knows this server")
        if self.oidc_issuer and not (self.oidc_allowed_emails or self.oidc_allowed_groups):
            raise ValueError("an OpenID provider wants CONSULT_OIDC_ALLOWED_EMAILS or CONSULT_OIDC_ALLOWED_GROUPS")
        return self

    @field_validator("public_url")
    @classmethod
    def _without_last_slash(cls, url: str) -> str:
        """Paths are put behind it."""
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
            raise ValueError("it is http:// or https://, a host, and perhaps a path")
        if parts.path.strip("/").partition("/")[0] in OWN_PATHS:
            raise ValueError("its path must not begin as one of consult's own: " + ", ".join(OWN_PATHS))
        return url.rstrip("/")
