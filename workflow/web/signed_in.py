"""Who is signed in: Flask-Login over server-side session rows."""

from flask import Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin

from workflow.models.accounts import User
from workflow.queries.accounts import user_of_session
from workflow.web import house


class SignedIn(UserMixin):  # type: ignore[misc] # Flask-Login carries no types
    """The user of this request, and the key of the session it comes by."""

    def __init__(self, user: User, key: str) -> None:
        self.user = user
        self.key = key

    @property
    def name(self) -> str:
        return self.user.name

    def get_id(self) -> str:
        """What Flask-Login puts into the signed cookie: the session's key, whose hash is the row's."""
        return self.key


class DeskCookie(SecureCookieSessionInterface):
    """The signed cookie of the desk. What is public neither sets it nor varies by it, whoever reads."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not g.get("public") and request.endpoint != "static":
            super().save_session(app, session, response)


def manage_sign_in(app: Flask) -> None:
    """Set Flask-Login up on `app`."""
    app.session_interface = DeskCookie()
    manager = LoginManager()
    manager.init_app(app)
    manager.session_protection = None  # sessions are rows: they end when the row ends

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(key: str) -> SignedIn | None:
        user = user_of_session(house.session(), key, house.now())
        if user is None:
            return None
        if "language" not in g:
            house.speak(user.language)
            g.time_zone = user.time_zone
        return SignedIn(user, key)
