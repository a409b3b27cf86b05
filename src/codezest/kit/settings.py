"""Every setting of the program in one typed class, read from `CODEZEST_*` environment variables."""

import base64
import contextlib
import os
import secrets
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator
from pydantic_settings import SettingsConfigDict

from codezest.kit.upload_settings import UploadSettings

LogFormat = Literal["text", "json"]
Environment = Literal["development", "production"]

KNOWN_PROVIDERS = frozenset({"GOOGLE", "GITHUB"})
"""Keys of identity providers that need no issuer."""


class OAuthProvider(BaseModel):
    """One place whose accounts may sign in here. GOOGLE and GITHUB need no issuer: they are known."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    key: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,39}$")]
    """Stored with each link; it must never change."""
    name: str = ""
    """What people read on the button; empty means the preset's name, or the key."""
    client_id: Annotated[str, StringConstraints(min_length=1)]
    client_secret: SecretStr
    issuer: str = ""
    """The OpenID Connect issuer, under which its discovery document lies."""
    scope: str = ""
    """Space separated; empty means what is needed to know who someone is."""


class Settings(UploadSettings):
    """The configuration of one process. Frozen: made once by a command and passed on, never imported as a global.

    Raises:
        pydantic.ValidationError: a value is malformed, or production lacks what it needs.
    """

    model_config = SettingsConfigDict(env_prefix="CODEZEST_", frozen=True, extra="ignore", hide_input_in_errors=True)

    environment: Environment = Field(
        default="development",
        description="`production` demands a secret key, an https base URL and SMTP, and closes the mailbox page.",
    )
    data_dir: Path = Field(
        default=Path("var"),
        description="Where the embedded PostgreSQL, development mail and generated secrets live.",
    )
    content_dir: Path = Field(default=Path("content"), description="The folder of courses as code.")
    host: str = Field(default="127.0.0.1", description="The address the web server binds to.")
    port: int = Field(default=8000, ge=1, le=65535, description="The port the web server listens on.")
    base_url: str = Field(
        default="", description="The public address, used in mail. Empty means http://localhost and the port."
    )
    database_url: str = Field(
        default="",
        repr=False,
        description="`postgresql://user:password@host:port/name` of a PostgreSQL 18 server. Empty starts the embedded one.",
    )
    database_pool_size: int = Field(
        default=10, ge=1, le=200, description="The most connections of one pool; each service has two pools."
    )
    secret_key: str = Field(
        default="",
        repr=False,
        description="At least 32 characters; signs form tokens. Empty generates one in the data directory, in development only.",
    )
    former_secret_keys: str = Field(
        default="",
        repr=False,
        description="Comma-separated secret keys of before: what was encrypted under them can still be read.",
    )
    oauth_providers: tuple[OAuthProvider, ...] = Field(
        default=(),
        repr=False,
        description=(
            "A JSON list of places whose accounts may sign in: `key`, `client_id`, `client_secret`; for any but GOOGLE and "
            "GITHUB also `name` and `issuer`."
        ),
    )
    receipt_key: str = Field(
        default="",
        repr=False,
        description=(
            "The Ed25519 private key that signs receipts: 32 bytes in base64. Empty makes one at first use and keeps it in the "
            "data directory."
        ),
    )
    smtp_url: str = Field(
        default="",
        repr=False,
        description="`smtp://user:password@host:587` (STARTTLS when offered), `smtps://…`. Empty keeps mail in the mailbox page.",
    )
    mail_from: str = Field(default="CodeZest <no-reply@localhost>", description="The sender of every mail.")
    session_days: int = Field(default=30, ge=1, le=365, description="How long an unused session stays valid.")
    body_limit_bytes: int = Field(
        default=1 << 20, ge=1 << 14, description="The largest request body that is read, in bytes."
    )
    requests_per_minute: int = Field(
        default=1200,
        ge=10,
        description="The most requests of one account a minute; one address may send ten times that.",
    )
    login_failures: int = Field(
        default=5, ge=1, description="Wrong passwords for one e-mail address before it is locked out for a while."
    )
    login_lockout_minutes: int = Field(default=15, ge=1, description="The length of that while.")
    worker_concurrency: int = Field(
        default=0, ge=0, le=256, description="Submissions graded at once by one worker; 0 means one per processor."
    )
    job_heartbeat_seconds: float = Field(
        default=10.0, ge=1.0, description="A job whose worker was silent for this long is run again."
    )
    background_history_days: int = Field(
        default=30,
        ge=7,
        le=3650,
        description="How long events that were relayed, the log of jobs and failed jobs are kept, in days.",
    )
    sandbox_tier: Literal["NAMESPACES_CGROUP", "NAMESPACES", "LANDLOCK"] = Field(
        default="NAMESPACES", description="The weakest isolation under which learners' code is graded."
    )
    sandbox_python: str = Field(
        default="", description="The interpreter that runs learners' Python. Empty means the one running CodeZest."
    )
    trusted_proxies: str = Field(
        default="", description="Comma-separated addresses of proxies whose X-Forwarded-For is believed."
    )
    files_url: str = Field(
        default="",
        description=(
            "`s3://bucket/prefix` of an S3-compatible store; its endpoint, region and keys are read from the usual `AWS_*` "
            "variables. Empty keeps files in the data directory."
        ),
    )
    files_timeout_seconds: float = Field(
        default=20,
        gt=0,
        le=600,
        description="How long an S3-compatible store may take to answer a request, and how long a failed one is repeated.",
    )
    deletion_grace_days: int = Field(
        default=14,
        ge=0,
        le=365,
        description="How long an account waits for its deletion, which its owner may take back.",
    )
    metrics_token: str = Field(
        default="", repr=False, description="The bearer token of /metrics. Empty answers it to this machine only."
    )
    log_format: LogFormat = Field(default="text", description="`json` writes one object a line.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least severe record written."
    )

    @model_validator(mode="after")
    def _production_is_complete(self) -> "Settings":
        if self.secret_key and len(self.secret_key) < 32:
            raise ValueError("CODEZEST_SECRET_KEY is shorter than 32 characters")
        if self.receipt_key and _seed_in(self.receipt_key) is None:
            raise ValueError("CODEZEST_RECEIPT_KEY is not 32 bytes in base64")
        self._check_providers()
        if self.environment == "production":
            missing = [
                name
                for name, value in (
                    ("CODEZEST_SECRET_KEY", self.secret_key),
                    ("CODEZEST_BASE_URL", self.base_url),
                    ("CODEZEST_SMTP_URL", self.smtp_url),
                )
                if not value
            ]
            if missing:
                raise ValueError(f"production needs {', '.join(missing)}")
            if not self.base_url.startswith("https://"):
                raise ValueError("production needs an https:// CODEZEST_BASE_URL")
        return self

    def _check_providers(self) -> None:
        keys = [provider.key for provider in self.oauth_providers]
        if len(set(keys)) < len(keys):
            raise ValueError("CODEZEST_OAUTH_PROVIDERS names a key twice")
        for provider in self.oauth_providers:
            if provider.key in KNOWN_PROVIDERS:
                continue
            issuer = urlsplit(provider.issuer)
            secure = issuer.scheme == "https" or (issuer.scheme == "http" and not self.production)
            if not (secure and issuer.hostname):
                raise ValueError(f"CODEZEST_OAUTH_PROVIDERS: {provider.key} needs an https:// issuer")

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def public_url(self) -> str:
        """The address learners use, without a trailing slash."""
        return (self.base_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def origin(self) -> str:
        """The public address as a browser names an origin: scheme, host, and the port unless it is the usual one."""
        parts = urlsplit(self.public_url)
        usual = {"https": 443, "http": 80}.get(parts.scheme)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in {None, usual} else "")

    @property
    def relying_party(self) -> str:
        """The host for which passkeys are made: they work there and nowhere else."""
        return urlsplit(self.public_url).hostname or "localhost"

    @property
    def former_keys(self) -> tuple[str, ...]:
        return tuple(filter(None, (key.strip() for key in self.former_secret_keys.split(","))))

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")

    @cached_property
    def signing_key(self) -> bytes:
        """The key of form tokens: the configured one, or one kept in the data directory (development)."""
        if self.secret_key:
            return self.secret_key.encode()
        path = self.data_dir / "secret_key"
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x") as file:
                path.chmod(0o600)
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
        key = path.read_bytes()
        if len(key) < 32:  # a crash between creating and writing left it empty
            path.unlink()
            return self.__class__.signing_key.func(self)
        return key

    @cached_property
    def receipt_seed(self) -> bytes:
        """The 32 bytes of the Ed25519 key of receipts: the configured one, or one kept in the data directory.

        Raises:
            ValueError: the file holds no such key. Nothing is made in its place, since a key must not change unnoticed.
        """
        text = self.receipt_key or kept_secret(self.data_dir / "receipt_key")
        seed = _seed_in(text)
        if seed is None:
            raise ValueError(f"{self.data_dir / 'receipt_key'} is not 32 bytes in base64")
        return seed


def _seed_in(text: str) -> bytes | None:
    """32 bytes from base64; None when it is anything else."""
    try:
        seed = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        return None
    return seed if len(seed) == 32 else None


def kept_secret(path: Path) -> str:
    """What the file holds; at first 32 random bytes in base64, which nobody but its owner may read.

    Whoever comes first, in whichever process, makes it; nobody ever sees half of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        descriptor, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(base64.b64encode(secrets.token_bytes(32)).decode())
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                Path(path).hardlink_to(made)
        finally:
            Path(made).unlink()
    return path.read_text()
