"""Addresses of one mailbox, and those that anybody can have."""

from workflow.text.mailboxes import mail_key, web_mailer


def test_addresses_of_one_mailbox():
    assert mail_key("Nia+open@Ferry.example.org") == mail_key("nia@ferry.example.org")
    assert mail_key("nia@ferry.example.org") != mail_key("nia@ferry.example.net")


def test_an_address_that_anybody_can_have_is_told():
    made = "@".join
    assert web_mailer(made(("nia", "gmail.com")))
    assert web_mailer(made(("nia", "YAHOO.co.uk")))
    assert not web_mailer("nia@ferry.example.org")
