"""What holds for every page of the desk, looked at in its markup: title, one h1, labels, ids."""

from html.parser import HTMLParser


class _Page(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.title, self.headings, self.ids, self.labelled, self.fields, self.targets = "", 0, [], set(), [], set()
        self._inside = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self._inside = tag
        self.headings += tag == "h1"
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label":
            self.labelled.add(given.get("for"))
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden":
            self.fields.append(given.get("id"))
        if tag == "a" and str(given.get("href")).startswith("#"):
            self.targets.add(given["href"][1:])
        self.targets.update(str(given.get("aria-describedby", "")).split())
        self.targets.update(str(given.get("aria-labelledby", "")).split())

    def handle_data(self, data):
        if self._inside == "title":
            self.title += data


def looks_right(html):
    """Fails where a page has no title, not one h1, a field without a label, an id twice, a target that is not there."""
    page = _Page(html)
    assert page.title.strip(), "no title"
    assert page.headings == 1, f"{page.headings} h1"
    assert len(page.ids) == len(set(page.ids)), sorted(page.ids)
    assert not [field for field in page.fields if field not in page.labelled], page.fields
    assert page.targets - {""} <= set(page.ids), page.targets - set(page.ids)
