"""Names that could be taken for one another share a key; others do not."""

import pytest

from workflow.text.likeness import LONGEST, mail_key, name_key, web_mailer

SAME = [
    ("Lakeside Relief", "LAKESIDE  relief"),
    ("Lakeside Relief", "Relief, Lakeside"),
    ("Lakeside Relief", "Lakeside Relief Inc."),
    ("Lakeside Relief", "The Lakeside-Relief (e.V.)"),
    ("Lakeside Relief", "L\u0430k\u0435side Relief"),
    ("Lakeside Relief", "Lakes1de Re1ief"),
    ("Hillside Forum", "\u041dillside Forum"),
    ("Café Söderberg", "Cafe Soderberg"),
    ("Peace & Bread", "Peace and Bread"),
    ("منظمة السلام", "منظمةُ السلام"),
]
OTHER = [
    ("Lakeside Relief", "Lakeside Forum"),
    ("Lakeside Relief", "Lakeside Relief North"),
    ("Мир", "Миф"),
    ("منظمة السلام", "منظمة الأمل"),
    ("The", "Of"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_alike_names_share_a_key(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_different_names_do_not(one, other):
    assert name_key(one) != name_key(other)


def test_every_name_has_a_key_that_a_row_can_hold():
    for name in ("", "…", "&", "x" * 300, "ﷺ" * 300, "The", "\U0001f600"):
        assert len(name_key(name)) <= LONGEST
    assert name_key("The")  # a name of nothing but unimportant words is told by them


def test_addresses_of_one_mailbox():
    assert mail_key("Nia+open@Ferry.example.org") == mail_key("nia@ferry.example.org")
    assert mail_key("nia@ferry.example.org") != mail_key("nia@ferry.example.net")


def test_an_address_that_anybody_can_have_is_told():
    made = "@".join
    assert web_mailer(made(("nia", "gmail.com")))
    assert web_mailer(made(("nia", "YAHOO.co.uk")))
    assert not web_mailer("nia@ferry.example.org")
