"""A browser without JavaScript over the test client: reads forms off pages and submits them as they stand."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Form:
    """A form as the page gives it: where it goes, what it holds, and the buttons that send it."""

    action: str = ""
    method: str = "get"
    values: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str, str, str]] = field(default_factory=list)  # words, name, value, formaction


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select = self._textarea = ""
        self._button: tuple[str, str, str] | None = None
        self._words = ""
        self._first_option = True

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._open)
        if self._open is None or "disabled" in given:
            return
        name = given.get("name", "")
        if name and tag in ("input", "select", "textarea"):
            self._open.names.add(name)
        if tag == "input":
            kind = given.get("type", "text")
            if kind == "submit":
                self._open.buttons.append(
                    (given.get("value", ""), name, given.get("value", ""), given.get("formaction", ""))
                )
            elif kind in ("checkbox", "radio"):
                if "checked" in given:
                    self._open.values.setdefault(name, []).append(given.get("value", "on"))
            elif kind != "file" and name:
                self._open.values.setdefault(name, []).append(given.get("value", ""))
        elif tag == "select":
            self._select, self._first_option = name, True
        elif tag == "option" and self._select:
            if "selected" in given or self._first_option:
                self._open.values[self._select] = [given.get("value", "")]
            self._first_option = False
        elif tag == "textarea":
            self._textarea, self._words = name, ""
        elif tag == "button" and given.get("type", "submit") == "submit":
            self._button, self._words = (name, given.get("value", ""), given.get("formaction", "")), ""

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if self._open is None:
            return
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            text = self._words.removeprefix("\n")
            self._open.values.setdefault(self._textarea, []).append(text)
        elif tag == "button" and self._button is not None:
            self._open.buttons.append((" ".join(self._words.split()), *self._button))
            self._button = None


def forms_of(html: str) -> list[Form]:
    """The forms of a page."""
    parser = _Forms()
    parser.feed(html)
    return parser.forms


class Browser:
    """One browser: it keeps cookies, follows redirects and remembers the page at hand."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.path = "/"
        self.page = ""
        self.status_code = 0

    def get(self, path: str) -> "Browser":
        return self._keep(path, self.client.get(path))

    def press(self, words: str, **fields: str | list[str]) -> "Browser":
        """Press the button that carries `words`, after filling `fields` in; the rest goes as it stands."""
        for form in forms_of(self.page):
            for label, name, value, action in form.buttons:
                if words.lower() in label.lower() and set(fields) <= form.names:
                    return self._send(form, (name, value, action), fields)
        offered = [button[0] for form in forms_of(self.page) for button in form.buttons]
        raise AssertionError(f"no button {words!r} with fields {sorted(fields)} on {self.path}: {offered}")

    def send_to(self, ending: str, **fields: str | list[str]) -> "Browser":
        """Press the button that leads to an address with this ending, in whatever language it speaks."""
        for form in forms_of(self.page):
            for _, name, value, action in form.buttons:
                leads_to = (action or form.action or self.path).partition("#")[0]
                if leads_to.endswith(ending) and set(fields) <= form.names:
                    return self._send(form, (name, value, action), fields)
        raise AssertionError(f"no button to {ending} with fields {sorted(fields)} on {self.path}")

    def _send(self, form: Form, button: tuple[str, str, str], fields: dict[str, str | list[str]]) -> "Browser":
        name, value, action = button
        data: dict[str, str | list[str]] = {**form.values, **fields}
        if name:
            data[name] = value
        target = action or form.action or self.path
        return self._keep(target, self.client.open(target, method=form.method.upper(), data=data))

    def _keep(self, path: str, response: TestResponse) -> "Browser":
        while response.status_code in (301, 302, 303):
            path = response.headers["Location"]
            response = self.client.get(path)
        self.path, self.page, self.status_code = path, response.get_data(as_text=True), response.status_code
        return self
