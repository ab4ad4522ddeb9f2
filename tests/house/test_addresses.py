"""Only reserved names (RFC 2606) stand in the project: no mail address and no host of anybody real."""

import ipaddress
import re

from tests.house.reading import ROOT, files, nothing

# Hosts that are named because they are what is meant, never contacted.
NAMED = {
    "www.w3.org": "vocabularies",
    "schema.org": "vocabulary of JSON-LD",
    "www.sitemaps.org": "vocabulary of sitemaps",
    "schemas.openxmlformats.org": "vocabularies of Word files",
    "www.google.com": "how links stand in what Google Docs puts on the clipboard",
    "purl.org": "vocabularies of feeds",
    "spdx.org": "names of licences",
    "scripts.sil.org": "the Open Font License",
    "openfontlicense.org": "the Open Font License",
    "creativecommons.org": "names of licences",
}
NOT_OURS = {"uv.lock", "tools.txt", "LICENSE"}
TEXT = {
    ".py",
    ".md",
    ".html",
    ".txt",
    ".xml",
    ".css",
    ".js",
    ".mjs",
    ".toml",
    ".po",
    ".csv",
    ".json",
    ".svg",
    ".cfg",
    ".ini",
    ".yml",
    ".sh",
    ".mako",
} | {""}
MAIL = re.compile(r"[\w.+-]+@([A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+)")
HOST = re.compile(r"(?:https?|wss?|ftp)://(?:[^\s/@\"'<>]*@)?([A-Za-z0-9.-]+|\[[0-9a-f:]+\])", re.I)


def reserved(host: str) -> bool:
    """Whether a host can belong to nobody: RFC 2606's names, loopback, and the networks for documentation."""
    host = host.lower().strip("[].")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        labels = host.split(".")
        return labels[-1] in {"example", "test", "invalid", "localhost"} or labels[-2:] in (
            ["example", "org"], ["example", "com"], ["example", "net"],
        )  # fmt: skip
    return not address.is_global


def strangers(text: str) -> list[str]:
    """Mail domains and hosts in a text that could be somebody's."""
    mails = [m.group(1) for m in MAIL.finditer(text)]
    hosts = [m.group(1) for m in HOST.finditer(text)]
    return [host for host in mails + hosts if not reserved(host) and host.lower() not in NAMED]


def test_only_reserved_names_stand_in_the_project():
    looked_at = [
        path for path in files() if path.suffix in TEXT and path.name not in NOT_OURS and "fonts" not in path.parts
    ]
    assert len(looked_at) >= 100
    found = []
    for path in looked_at:
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {host}" for host in strangers(text)]
    nothing(found)


def test_a_stranger_is_seen():
    at, scheme = "@", "https:"
    assert strangers(f"write to ann{at}somewhere.org") == ["somewhere.org"]
    assert strangers(f"{scheme}//www.somewhere.org/page") == ["www.somewhere.org"]
    assert strangers(f"{scheme}//8.8.8.8/") == ["8.8.8.8"]
    assert strangers(f"ann{at}desk.example.org, {scheme}//lead.example/, {scheme}//127.0.0.1:8000/") == []
