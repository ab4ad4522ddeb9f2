"""The application, put together in reading order."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request
from flask_babel import Babel
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from workflow import config, db, keys
from workflow.config import Settings
from workflow.links import Links
from workflow.web import (
    BLUEPRINTS,
    DEMO_ONLY,
    UNFORGEABLE,
    errors,
    house,
    look,
    public_addresses,
    ready_door,
    signed_in,
)

LARGEST_REQUEST = 2 * 1024 * 1024
# A Word file with the pictures of its letterhead is larger; what is in it is looked at before it is opened.
LARGEST_FILE, TAKES_FILES = 9 * 1024 * 1024, ("drafting.import_", "drafting.import_into", "verifying.verify")
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class RowNumber(IntegerConverter):
    """`<int:…>` in an address: a number that a row can have. A larger one is an unknown address, no fault."""

    regex = "[0-9]+"  # not every digit there is: one thing has one address

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**31 - 1)


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application for `settings` (read from the environment where none are given)."""
    settings = settings or config.from_environment()
    app = Flask(
        "workflow",
        template_folder=str(config.TEMPLATES),
        static_folder=str(config.STATIC),
        static_url_path="/static",
    )
    app.url_map.converters["int"] = RowNumber
    _configure(app, settings)
    engine = db.engine_for(settings.database_url)
    signing_key = keys.from_settings(settings.signing_key, settings.signing_key_file, settings.base_host)
    sessions = db.sessions_for(engine, signing_key)
    house.furnish(app, house.House(settings, Links(settings.secret_keys), engine, sessions))
    Babel(app, locale_selector=house.page_language, default_translation_directories=str(config.TRANSLATIONS))
    signed_in.manage_sign_in(app)
    _let_files_in(app)
    csrf = CSRFProtect(app)
    for blueprint in BLUEPRINTS:
        if settings.demo or blueprint not in DEMO_ONLY:
            app.register_blueprint(blueprint)
            if blueprint in UNFORGEABLE:
                csrf.exempt(blueprint)
    look.dress(app)
    errors.answer_errors(app)
    _guard(app, settings)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    ready_door.hang(app, public_addresses.kept_endpoints(app))
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_keys[0],
        SECRET_KEY_FALLBACKS=list(settings.secret_keys[1:]),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_NAME="__Host-desk" if settings.secure else "desk",
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=2000,
        PREFERRED_URL_SCHEME=urlsplit(settings.base_url).scheme,
        TRUSTED_HOSTS=_hosts(settings),
        # no-referrer takes away the Referer that Flask-WTF asks for; _guard looks at where a form comes from.
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        BABEL_DEFAULT_LOCALE="en",
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _let_files_in(app: Flask) -> None:
    """Allow larger requests where a file is brought; said before anything reads the form."""

    @app.before_request
    def allow() -> None:
        if request.endpoint in TAKES_FILES:
            request.max_content_length = LARGEST_FILE


def _hosts(settings: Settings) -> list[str]:
    host = urlsplit(settings.base_url).hostname or ""
    return ["127.0.0.1", "localhost", host] if settings.demo else [host]


def _guard(app: Flask, settings: Settings) -> None:
    """Refuse forms that come from another site, and send the headers that every answer carries."""

    @app.before_request
    def refuse_other_sites() -> None:
        _ = request.host  # an unknown host is refused here, before anything is looked at
        if "\0" in request.path:
            abort(404)  # no database has a name with it, and PostgreSQL would not even be asked
        if request.method in SAFE_METHODS:
            return
        site = request.headers.get("Sec-Fetch-Site")
        origin = request.headers.get("Origin")
        if site not in (None, "same-origin", "none"):
            abort(403)
        if origin not in (None, "null") and urlsplit(origin).netloc != request.host:
            abort(403)

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "no-referrer")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()")
        if request.endpoint == "static" and request.path.endswith(".woff2") and response.status_code < 400:
            # A frame with `sandbox` has no origin of its own; its fonts come across origins, and are no secret.
            headers.setdefault("Access-Control-Allow-Origin", "*")
        if not g.get("public"):
            headers.setdefault("X-Robots-Tag", "noindex, nofollow")
            if request.endpoint != "static":
                headers.setdefault("Cache-Control", "no-store")
        if settings.secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        return response
