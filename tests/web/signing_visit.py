"""A member's visit by link, step by step, as a browser without JavaScript makes it."""

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import LINKS, World
from tests.ground.application import Site, hidden
from workflow.models.circulation import Invitation
from workflow.models.signing import CodeChallenge
from workflow.rules.circulation import Kind
from workflow.rules.quoting import QuoteWord
from workflow.rules.signing import Offered, QuoteOffered
from workflow.text.digest import answer_hash

ANSWER = {
    "kind": "sign-off",
    "listed_name": "Lakeside Relief",
    "person_name": "Ada Example",
    "person_role": "Director",
    "text": "",
    "authority": "yes",
}


class Visit:
    """One browser that holds one link."""

    def __init__(self, site: Site, made: World, index: int = 0, client: FlaskClient | None = None) -> None:
        self.site, self.made = site, made
        self.invitation: Invitation = made.invitations[index]
        self.client = client or site.client()
        self.path = site.approval_path(self.invitation)
        self.base = f"/sign/at/{self.invitation.id}/"
        self.page = ""

    def keep(self, response: TestResponse) -> TestResponse:
        self.page = response.get_data(as_text=True)
        return response

    def land(self) -> TestResponse:
        return self.keep(self.client.get(self.path))

    def open(self) -> TestResponse:
        """Land, press the button, and follow to the text."""
        self.land()
        pressed = self.client.post(self.path, data={"form_token": hidden(self.page, "form_token")})
        assert pressed.status_code == 303, pressed.get_data(as_text=True)
        return self.keep(self.client.get(pressed.headers["Location"]))

    def send(self, step: str, **fields: str) -> TestResponse:
        """Send fields with the hidden ones of the page at hand."""
        carried = {name: hidden(self.page, name) for name in ("form_token", "digest")}
        if fields.get("kind") == "sign-off":  # who signs approves the quotes of the organisation too
            carried |= dict.fromkeys(re.findall(r'name="(quote-[0-9a-f]{64})"', self.page), "approved")
        return self.keep(self.client.post(f"{self.base}{step}", data={**carried, **fields}))

    def check(self, **fields: str) -> TestResponse:
        return self.send("check", **{**ANSWER, **fields})

    def again(self, step: str, **fields: str) -> TestResponse:
        """Send the hidden fields of the page at hand, all of them, as its button would."""
        return self.keep(self.client.post(f"{self.base}{step}", data={**self.hidden_fields(), **fields}))

    def hidden_fields(self) -> dict[str, str]:
        """Every hidden field of the first form of the page."""
        form = re.search(r"<form.*?</form>", self.page, re.DOTALL)
        assert form
        found = {}
        for tag in re.findall(r'<input type="hidden"[^>]*>', form.group()):
            name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
            assert name and value
            found[name.group(1)] = unescape(value.group(1))
        return found

    def code(self) -> str:
        """The six digits that the mail for the page's challenge holds."""
        fields = self.hidden_fields()
        offered = Offered(
            kind=None if fields["kind"] == "only-quotes" else Kind(fields["kind"]),
            digest=fields["digest"],
            text=fields["text"],
            listed_name=fields["listed_name"],
            person_name=fields["person_name"],
            person_role=fields["person_role"],
            authority=fields.get("authority") == "yes",
            passage=fields.get("passage", ""),
            logo=fields.get("logo", ""),
            names=tuple(
                (name.removeprefix("name-in-"), value)
                for name, value in sorted(fields.items())
                if name.startswith("name-in-")
            ),
            quotes=tuple(
                QuoteOffered(name.removeprefix("quote-"), QuoteWord(value), fields[f"wording-{name[6:]}"])
                for name, value in fields.items()
                if name.startswith("quote-")
            ),
        )
        with self.site.session() as session:
            challenge = session.get(CodeChallenge, int(fields["challenge"]))
            assert challenge is not None
            return LINKS.code(challenge.id, offered.digest, answer_hash(offered))
