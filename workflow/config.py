"""Settings: one frozen value read from the environment, which refuses to start unsafe or half-set."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

PACKAGE = Path(__file__).resolve().parent
# In a wheel the tree is carried inside the package; in a checkout it stands beside it.
TREE = PACKAGE / "_tree" if (PACKAGE / "_tree").is_dir() else PACKAGE.parent
TEMPLATES = TREE / "templates"
STATIC = TREE / "static"
TRANSLATIONS = TREE / "translations"
MIGRATIONS = TREE / "migrations"
TYPESETTING = TREE / "typesetting"

LANGUAGES = ("en", "ar")
SHORTEST_KEY = 32
# The signing key, in the data directory unless a place is given for it.
KEY_FILE = "signing-key.pem"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]", "::1")
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")
LARGEST_PORT = 65_535


class UnsafeSettings(Exception):
    """The settings would start something unsafe or half-set; the text says which and what to do."""


@dataclass(frozen=True)
class Settings:
    """Everything the installation can be told. Times are seconds; addresses carry no trailing slash.

    The signing key is `signing_key` (base64), or else what `signing_key_file` holds.
    """

    database_url: str
    secret_keys: tuple[str, ...]
    base_url: str
    mail_url: str
    mail_from: str
    data_dir: Path
    signing_key: str = ""
    signing_key_file: Path | None = None
    demo: bool = False
    proxy_hops: int = 0
    host: str = "127.0.0.1"
    port: int = 8000
    web_processes: int = 2
    web_threads: int = 8

    @property
    def secure(self) -> bool:
        """Whether visitors come over HTTPS."""
        return self.base_url.startswith("https://")

    @property
    def base_host(self) -> str:
        """Host and port of the configured base address, as a Host header carries them."""
        return urlsplit(self.base_url).netloc


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read WORKFLOW_* from `environ` (the process's own by default). Raises UnsafeSettings."""
    env = os.environ if environ is None else environ
    demo = env.get("WORKFLOW_DEMO", "") == "1"
    data_dir = Path(env.get("WORKFLOW_DATA_DIR", "demo-data" if demo else "data")).absolute()
    port = _number(env, "WORKFLOW_PORT", 8000)
    settings = Settings(
        database_url=env.get("WORKFLOW_DATABASE_URL") or f"sqlite:///{data_dir / 'undersigned.sqlite3'}",
        secret_keys=_keys(env, data_dir, demo),
        base_url=env.get("WORKFLOW_BASE_URL", f"http://127.0.0.1:{port}" if demo else "").rstrip("/"),
        mail_url=env.get("WORKFLOW_MAIL_URL", f"file://{data_dir / 'mail'}" if demo else ""),
        mail_from=env.get("WORKFLOW_MAIL_FROM", "undersigned@lead.example" if demo else ""),
        data_dir=data_dir,
        signing_key=env.get("WORKFLOW_SIGNING_KEY", "").strip(),
        signing_key_file=Path(env.get("WORKFLOW_SIGNING_KEY_FILE") or data_dir / KEY_FILE).absolute(),
        demo=demo,
        proxy_hops=_number(env, "WORKFLOW_PROXY_HOPS", 0),
        host=env.get("WORKFLOW_HOST", "127.0.0.1"),
        port=port,
        web_processes=_number(env, "WORKFLOW_WEB_PROCESSES", 2),
        web_threads=_number(env, "WORKFLOW_WEB_THREADS", 8),
    )
    _refuse_unsafe(settings, env)
    return settings


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise UnsafeSettings(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def _keys(env: Mapping[str, str], data_dir: Path, demo: bool) -> tuple[str, ...]:
    given = tuple(key.strip() for key in env.get("WORKFLOW_SECRET_KEYS", "").split(",") if key.strip())
    if given or not demo:
        return given
    # A demo makes its own key, so that a newcomer needs to set nothing and restarts keep links alive.
    path = data_dir / "demo-key"
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return (path.read_text(encoding="ascii"),)


def _refuse_unsafe(settings: Settings, env: Mapping[str, str]) -> None:
    if env.get("FLASK_DEBUG", "0") not in ("", "0"):
        raise UnsafeSettings("FLASK_DEBUG is set: debug mode shows secrets to visitors. Unset it.")
    missing = [
        name
        for name, value in (
            ("WORKFLOW_SECRET_KEYS", settings.secret_keys),
            ("WORKFLOW_BASE_URL", settings.base_url),
            ("WORKFLOW_MAIL_URL", settings.mail_url),
            ("WORKFLOW_MAIL_FROM", settings.mail_from),
        )
        if not value
    ]
    if env.get("WORKFLOW_SIGNING_KEY") and env.get("WORKFLOW_SIGNING_KEY_FILE"):
        raise UnsafeSettings("Set WORKFLOW_SIGNING_KEY or WORKFLOW_SIGNING_KEY_FILE, not both.")
    if missing:
        raise UnsafeSettings(f"{', '.join(missing)} must be set; docs/operations.md says to what.")
    for key in settings.secret_keys:
        if len(key) < SHORTEST_KEY or len(set(key)) < 8:
            raise UnsafeSettings(
                f"A key in WORKFLOW_SECRET_KEYS is weak: use at least {SHORTEST_KEY} random characters."
            )
    _refuse_numbers(settings)
    _refuse_addresses(settings)


def _refuse_numbers(settings: Settings) -> None:
    if not 1 <= settings.port <= LARGEST_PORT:
        raise UnsafeSettings(f"WORKFLOW_PORT must be between 1 and {LARGEST_PORT}, not {settings.port}.")
    for name, number in (
        ("WORKFLOW_WEB_PROCESSES", settings.web_processes),
        ("WORKFLOW_WEB_THREADS", settings.web_threads),
    ):
        if number < 1:
            raise UnsafeSettings(f"{name} must be at least 1.")


def _split(name: str, url: str) -> SplitResult:
    """The parts of an address; its port is a number, if it has one."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise UnsafeSettings(f"{name} is not an address: {error}.") from None
    return parts


def _refuse_addresses(settings: Settings) -> None:
    address = _split("WORKFLOW_BASE_URL", settings.base_url)
    if address.scheme not in ("http", "https") or not address.hostname or address.path:
        raise UnsafeSettings("WORKFLOW_BASE_URL must be like https://sign.example.org, without a path.")
    if address.scheme == "http" and not (settings.demo or address.hostname in LOOPBACK):
        raise UnsafeSettings("WORKFLOW_BASE_URL must be https:// outside demo mode: links in mails carry secrets.")
    if _split("WORKFLOW_MAIL_URL", settings.mail_url).scheme not in ("smtp", "smtps", "smtp+plain", "file"):
        raise UnsafeSettings("WORKFLOW_MAIL_URL must start with smtp://, smtps:// or file://.")
    if not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", settings.mail_from):
        raise UnsafeSettings("WORKFLOW_MAIL_FROM must be a mail address alone, like undersigned@example.org.")
    if settings.database_url.partition("://")[0] not in DATABASES:
        raise UnsafeSettings("WORKFLOW_DATABASE_URL must start with sqlite:/// or postgresql://.")
