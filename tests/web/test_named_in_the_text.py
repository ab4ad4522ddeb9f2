"""Who is to be counted and not named is told where the text names it: before signing, on the roll, and afterwards."""

from dataclasses import replace

import pytest

from tests.actions.acting import reread, sign
from tests.builders import EDITION, LINKS, NAMES, NOW, QUOTELESS, World, circulate, world
from tests.ground.application import hidden
from tests.web.signing_visit import Visit
from tests.web.test_later import WHO, open_after, say
from workflow.actions import noting, translating
from workflow.models.publication import Publication
from workflow.rules.completion import Ending
from workflow.rules.noting import Later, LaterKind

FORM = "The text itself names your organisation"
ROLL = "The text itself names it, and would go on doing so."
SIGNED = "The text that was signed names this organisation itself"
ADDED = "A translation that was added names it"
FRENCH = replace(QUOTELESS, language="fr", headline="Ouvrez la route", body=f"Avec {NAMES[0]}.")
IN_FRENCH = replace(QUOTELESS, language="fr", headline="Ouvrez la route", notes=f"_{NAMES[0]}_ : à Lakeside.")


def asked(site, edition, translations=(), **how) -> World:
    with site.session() as session:
        return circulate(world(session, 2, edition, translations=translations), **how)


def opened(site, made: World, index: int = 0) -> Visit:
    visit = Visit(site, made, index)
    visit.open()
    return visit


def at_desk(site, made: World, path: str) -> str:
    client = site.client()
    site.sign_in(client, made.user)
    answer = client.get(f"/desk/statements/{made.statement.public_id}{path}")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_form_promises_no_more_than_is_kept(site):
    page = opened(site, asked(site, QUOTELESS)).page
    assert "stands nowhere in public" not in page
    assert "The words of the text are not changed by this." in page and FORM not in page


@pytest.mark.parametrize(("edition", "translations"), [(EDITION, ()), (QUOTELESS, (IN_FRENCH,))])
def test_whoever_the_text_names_is_told_on_the_form_the_check_and_the_roll(any_site, edition, translations):
    """Quotes and other editions are of the text too."""
    made = asked(any_site, edition, translations)
    visit = opened(any_site, made)
    assert FORM in visit.page
    assert FORM not in opened(any_site, made, 1).page
    assert visit.check(withheld="yes").status_code == 200 and FORM in visit.page
    other = opened(any_site, made)
    assert other.check().status_code == 200 and FORM not in other.page, "it asks to be named"
    assert ROLL not in at_desk(any_site, made, "/roll")
    with any_site.session() as session:
        made.session = session
        sign(made, 0, withheld=True)
    assert at_desk(any_site, made, "/roll").count(ROLL) == 1


def test_it_is_not_said_where_nobody_can_choose_it(site):
    made = asked(site, EDITION, ending=Ending(withheld_allowed=False))
    assert FORM not in opened(site, made).page


def published(site, edition) -> World:
    with site.session() as session:
        made = circulate(world(session, 2, edition))
        for index in range(2):
            sign(made, index)
        return reread(made)


def test_whoever_takes_its_name_out_is_told_what_keeps_it(any_site):
    made = published(any_site, EDITION)
    page = open_after(any_site, made).page
    assert "translations that were added to it keep whatever names" in page
    assert SIGNED in page and ADDED not in page
    with any_site.session() as session:
        translating.add_translation(session, NOW, made.user.id, made.statement.public_id, FRENCH)
    assert ADDED in open_after(any_site, made).page
    assert ADDED not in open_after(any_site, made, 1).page
    signatory = f"/after/{made.signatories[0].id}"
    assert ADDED in at_desk(any_site, made, signatory) and SIGNED in at_desk(any_site, made, signatory)
    assert ADDED not in at_desk(any_site, made, "/after")
    with any_site.session() as session:
        told = Later(LaterKind.WITHHOLD, made.revision.digest, authority=True)
        noting.act(session, LINKS, NOW, made.invitations[0].id, 1, told)
    for path in ("/after", signatory):
        shown = at_desk(any_site, made, path)
        assert ADDED in shown and SIGNED in shown and "French" in shown


def test_a_withdrawal_that_names_others_keeps_what_was_typed(site):
    made = published(site, QUOTELESS)
    visit = open_after(site, made)
    assert say(visit, "withdraw", **WHO, text=f"Not beside {NAMES[1]}.").status_code == 400
    assert "without naming other organisations of this circulation" in visit.page
    assert f"Not beside {NAMES[1]}." in visit.page


def test_the_form_of_a_translation_says_where_it_names_somebody(site):
    made = published(site, QUOTELESS)
    with site.session() as session:
        told = Later(LaterKind.WITHHOLD, made.revision.digest, authority=True)
        noting.act(session, LINKS, NOW, made.invitations[0].id, 1, told)
    client = site.client()
    site.sign_in(client, made.user)
    path = f"/desk/statements/{made.statement.public_id}/translation"
    form = client.get(path).text
    fields = {"language": "fr", "kind": QUOTELESS.kind, "headline": "La route", "body": FRENCH.body, "sure": "yes"}
    fields |= {"csrf_token": hidden(form, "csrf_token"), "publish": "yes"}
    answer = client.post(path, data=fields)
    assert answer.status_code == 400 and "is counted and not named, and the signed text does not" in answer.text
    assert 'href="#field-body"' in answer.text and FRENCH.body in answer.text
    checked = client.post(path, data={**fields, "body": "La route."}).text
    seen = {"body": "La route.", "digest": hidden(checked, "digest"), "confirmed": "yes"}
    assert client.post(path, data={**fields, **seen}).status_code == 303
    assert b"Lakeside Relief" not in client.get(f"/statements/{slug(site)}/fr").data


def slug(site) -> str:
    with site.session() as session:
        return session.query(Publication).one().slug
