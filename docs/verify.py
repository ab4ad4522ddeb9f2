"""Checks a publication of Undersigned alone: nothing of its server, and none of its code, is asked or trusted.

    python3 verify.py --key FINGERPRINT statement.json record proof.json record.sig record.minisig record.sshsig
        [--checkpoint FILE] [--consistency FILE] [--keys keys.json] [--text FILE]

FINGERPRINT   the installation's key as you know it from elsewhere: its SHA-256, or the 32 bytes themselves (64 digits).
--checkpoint  a head of the public log that was kept elsewhere: alone, or the mail of a receipt (its text, or saved).
--consistency /log/proof/consistency?from=…&to=… between that head and the one in proof.json, where they differ: `from`
              the smaller size, `to` the greater one. Without it, the command that fetches it is said.
--keys        /keys.json, where the key you know, or that of the head you kept, is newer than proof.json.
--text        the statement as you found it somewhere, as plain text.

Needs Python 3.10 or newer and the package `cryptography`. Ends with 0: all holds. 1: something is wrong. 2: nothing is
wrong, but something was not checked, or could not be read. Every line says which. 0 means genuine: whether the
statement still stands (it may have been retracted since) is said in the last line. Lines that begin with `not signed`
tell what stands in the files and is bound by nothing. The formats are described in docs/formats.md.
"""

import argparse
import base64
import contextlib
import email
import hashlib
import json
import pathlib
import re
import sys
import unicodedata

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Wrong(Exception):
    """Something does not hold; the text says what."""


class Unread(Exception):
    """A file could not be read, which accuses nobody; the text says which, and why."""


unchecked = []
# What came since, in words; a note of another kind is of a later version of the format.
KINDS = {
    "withdrawal": "withdrawal", "late": "late sign-off", "name-fix": "mended name", "correction": "correction",
    "retraction": "retraction", "takedown": "taken down by the operator", "restored": "shown again by the operator",
    "translation": "translation",
}  # fmt: skip
CHECKPOINT = re.compile(
    r"(?m)^([^\s<>]+\n\d{1,18}\n[A-Za-z0-9+/]{43}=\n\n)((?:\u2014 \S+ [A-Za-z0-9+/]+={0,2}(?:\n|$))+)"
)


def holds(condition, what):
    if not condition:
        raise Wrong(what)


def plain(sentence):
    """One line of it. The words are those of strangers: what a terminal would obey, or not show, is written out."""
    line = " ".join(sentence.split())
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in line)


def tell(label, sentence):
    print(f"{label:12} {plain(sentence)}")


def say(sentence):
    tell("holds", sentence)


def leave(sentence):
    unchecked.append(sentence)
    tell("not checked", sentence)


# Small tools --------------------------------------------------------------------------------------


def sha256(data):
    return hashlib.sha256(data).digest()


def canonical(value):
    """Canonical JSON (RFC 8785), as far as these files need it: they hold no fractions, and only ASCII names."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def only(value, members, what):
    """Nothing else stands in it: what this file does not know, it has not checked."""
    odd = sorted(set(value) - set(members.split()))
    holds(not odd, f"{what} has members that do not belong there: {', '.join(odd)}")


def number(value):
    holds(type(value) is int, "a number in a proof is none")
    return value


def read(path):
    try:
        return pathlib.Path(path).read_bytes()
    except OSError as error:
        raise Unread(f"{path}: {error.strerror}") from None


def read_json(data, what):
    try:
        value = json.loads(data)
        same = isinstance(value, dict) and canonical(value) == data
    except (ValueError, RecursionError):
        same = False
    holds(same, f"{what} is not canonical JSON, so it was changed")
    return value


def committed(one, what):
    """A value stands behind a commitment: SHA-256 over the canonical [salt, value]."""
    holds(sha256(canonical([one["salt"], one["value"]])).hex() == one["commitment"], f"{what} is not what was recorded")


def signed(key, signature, data, what):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
    except (InvalidSignature, ValueError):
        raise Wrong(f"{what}: the signature is not by the key {sha256(key).hex()[:16]} over these bytes") from None


def base(data):
    return base64.b64encode(data).decode()


def string(data):
    """A string of the SSH protocol: its length in four bytes, then itself."""
    return len(data).to_bytes(4, "big") + data


# Keys ---------------------------------------------------------------------------------------------


def note(text, origin, keys, what, all_of=()):
    """The text of a signed note (C2SP). Every signature must be by one of `keys`, and all of `all_of` must be there."""
    body, _, tail = text.rpartition("\n\n")
    by_id = {sha256(origin.encode() + b"\n\x01" + key)[:4]: key for key in keys}
    found = []
    for line in tail.split("\n")[:-1]:
        blob = base64.b64decode(line.rpartition(" ")[2])
        holds(line == f"\u2014 {origin} {base(blob)}", f"{what} has a signature that is not written as it is made")
        if blob[:4] not in by_id and not all_of:
            raise Unread(f"{what} is signed by a key that is not among these, which may be a newer one: give --keys")
        holds(blob[:4] in by_id, f"{what} has a signature of no known key")
        signed(by_id[blob[:4]], blob[4:], (body + "\n").encode(), what)
        found.append(by_id[blob[:4]])
    holds(found and set(all_of) <= set(found) and tail.endswith("\n"), f"{what} is not signed by the keys it needs")
    return body + "\n"


def verifier(origin, key):
    """A key as verifiers of signed notes take it."""
    name = sha256(origin.encode() + b"\n\x01" + key)[:4].hex()
    return f"{origin}+{name}+{base(bytes([1]) + key)}"


def check_keys(told):
    """Each key in all its forms, and that each but the first was named by the one before it and by itself."""
    before = None
    for one in told:
        key, origin, print_ = bytes.fromhex(one["key"]), one["origin"], sha256(bytes.fromhex(one["key"])).hex()
        spki = base(bytes.fromhex("302a300506032b6570032100") + key)
        again = {
            "key": key.hex(), "fingerprint": print_, "name": print_[:16], "origin": told[0]["origin"],
            "minisign": base(b"Ed" + sha256(key)[:8] + key), "note": verifier(origin, key),
            "pem": f"-----BEGIN PUBLIC KEY-----\n{spki}\n-----END PUBLIC KEY-----\n",
            "ssh": "ssh-ed25519 " + base(string(b"ssh-ed25519") + string(key)),
            "since": one["since"], "leaf": one["leaf"],
        }  # fmt: skip
        if before is None:
            holds(number(one["leaf"]) == 0 and "statement" not in one, "the first key is not the log's first entry")
        else:
            old = bytes.fromhex(before["key"])
            said = f"undersigned key rotation/1\n{origin}\n{before['note']}\n{again['note']}\n{one['since']}\n"
            found = note(one["statement"], origin, [old, key], "what a key says of the next", all_of=[old, key])
            holds(found == said and number(one["leaf"]) > before["leaf"], "a key says something else of the next")
            again["statement"] = one["statement"]
        holds(again == one, f"the forms of the key {print_[:16]} are not of one key")
        before = one


def known(told, given):
    """Whether the key that the reader knows is among these, which are all bound to each other."""
    return any(given.lower() in (one["key"], one["fingerprint"]) for one in told)


# The log ------------------------------------------------------------------------------------------


def pair(left, right):
    return sha256(b"\x01" + left + right)


def included(leaf, index, size, path, root):
    """Whether `path` leads from a leaf to the root (RFC 9162, 2.1.3.2)."""
    place, last, found = index, size - 1, sha256(b"\x00" + leaf)
    for one in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = pair(one, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = pair(found, one)
        place, last = place >> 1, last >> 1
    return 0 <= index < size and last == 0 and found == root


def consistent(first, second, old, new, path):
    """Whether the log of `first` leaves is the beginning of that of `second` (RFC 9162, 2.1.4.2)."""
    if first == second:
        return old == new and not path
    path = path if first & (first - 1) else [old, *path]
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0] if path else b""
    for one in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = pair(one, before), pair(one, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = pair(after, one)
        place, last = place >> 1, last >> 1
    return 0 < first < second and last == 0 and (before, after) == (old, new)


def hashes(told):
    """Hashes in base64, each written in the one way there is."""
    found = [base64.b64decode(one) for one in told]
    holds([base(one) for one in found] == list(told), "a proof is not written as it is made")
    return found


def head(text, told, newest=None):
    """Size and root of a checkpoint, whose signatures are by keys among `told`, and one by the `newest`."""
    origin = told[0]["origin"]
    holds(text.startswith(origin + "\n"), f"this is a head of another log than {origin}")
    keys, needed = [bytes.fromhex(one["key"]) for one in told], [bytes.fromhex(newest["key"])] if newest else ()
    lines = note(text, origin, keys, "the head of the log", needed).split("\n")
    holds(len(lines) == 4 and lines[0] == origin and str(int(lines[1])) == lines[1], "the head of the log is none")
    return int(lines[1]), hashes([lines[2]])[0]


def heads_in(data):
    """Every head of a log in a file, which may be a mail, as text or as it was saved; lines may be quoted."""
    texts, mail = [data.decode("utf-8", "replace")], email.message_from_bytes(data)
    for part in mail.walk() if mail["From"] else ():
        if part.get_content_type() == "text/plain":
            for charset in ("utf-8", part.get_content_charset("utf-8")):
                with contextlib.suppress(LookupError):
                    texts.append(part.get_payload(decode=True).decode(charset, "replace"))
    lines = ["\n".join(line.strip(" \t>\r") for line in text.split("\n")) for text in texts]
    return {found[1] + found[2].rstrip() + "\n" for text in lines for found in CHECKPOINT.finditer(text)}


# The parts of a publication -----------------------------------------------------------------------


def check_record(given, record):
    """The record, its text, and everything that is disclosed beside it."""
    only(given, "language record record_digest disclosures persons notes", "the .json")
    holds(canonical(given["record"]) == record, "the .json holds another record than the file `record`")
    holds(sha256(record).hex() == given["record_digest"], "the record is not the one that its digest names")
    values = given["record"]
    statement, signatories = values["statement"], values["signatories"]
    holds(sha256(canonical(statement["content"])).hex() == statement["digest"], "the text is not that of its digest")
    texts = {statement["digest"]}
    for one in values.get("carried_over", {}).get("revisions", []):
        holds(sha256(canonical(one["content"])).hex() == one["digest"], "an earlier text is not that of its digest")
        texts.add(one["digest"])
    holds({one["digest"] for one in signatories} <= texts, "somebody signed another text")
    for name, field, what in (("disclosures", "commitment", "a name"), ("persons", "person", "a person")):
        there = [one.get(field) for one in signatories]
        for one in given.get(name, []):
            only(one, "commitment salt value", what)
            committed(one, what)
            holds(there.count(one["commitment"]) == 1, f"{what} belongs to nobody who signed, or stands twice")
            there.remove(one["commitment"])
    others = [one["language"] for one in statement["content"]["editions"][1:]]
    others += [one["language"] for one in added_later(given)]
    holds("language" not in given or given["language"] in others, "the language of the .json is that of no edition")
    say(f"The record and the text are those of their digests; the text: {statement['digest']}")


def names_in(given):
    """What says the present name of a signatory, by its commitment."""
    notes = given.get("notes", [])
    shown = [*given["disclosures"], *(one["disclosure"] for one in notes if "disclosure" in one)]
    names = {one["commitment"]: one["value"]["listed_name"] for one in shown}
    mended = {one["signatory"]: one["replaced_by"] for one in notes if "replaced_by" in one}
    return lambda one: names.get(mended.get(one, one), "an organisation that is not named")


def tell_names(given):
    """Who signed, as far as it is named, and whoever of them is not to be counted on any more."""
    signed, notes = given["record"]["signatories"], given.get("notes", [])
    gone = {one["signatory"]: one["at"][:10] for one in notes if one["kind"] == "withdrawal"}
    mended = {one["signatory"] for one in notes if "replaced_by" in one}
    left = sum(one["commitment"] in gone for one in signed)
    withdrew = f"; {left} of them withdrew since" if left else ""
    named = f"{len(given['disclosures'])} are named here:"
    say(f"{len(signed)} signed, at {given['record']['instants']['locked']} the last{withdrew}; {named}")
    for one in given["disclosures"]:
        what = f" (withdrew on {gone[one['commitment']]})" if one["commitment"] in gone else ""
        what += " (its name was mended since)" if one["commitment"] in mended else ""
        tell("", f"{one['value']['listed_name']}{what}")
    if len(given["disclosures"]) > 1:
        tell("not signed", "The order of these names.")


def check_notes(given, leaves):
    """Each note has its leaf, in order, and each leaf but the first its note; its words are those of its commitment."""
    notes = given.get("notes", [])
    holds(len(notes) == len(leaves) - 1, "the log knows another number of notes than the .json")
    members, name = "kind at text signatory replaced_by disclosure event said salt translation", names_in(given)
    for one, leaf in zip(notes, leaves[1:], strict=True):
        only(one, members, "a note")
        bound = {"format": "log-leaf/1", "record": given["record_digest"]}
        told = ("kind", "at", "event", "said", "signatory", "replaced_by")
        bound.update((each, one[each]) for each in told if each in one)
        holds(bound == leaf, "the log tells something else of a note")
        if "salt" in one:
            committed({**one, "value": {"text": one.get("text", "")}, "commitment": one["said"]}, "the text of a note")
        else:
            holds("text" not in one, "the words of a note are bound by nothing")
        if "disclosure" in one:
            only(one["disclosure"], "commitment salt value", "a name in a note")
            committed(one["disclosure"], "a name in a note")
            whose = one.get("replaced_by", one.get("signatory"))
            holds(one["disclosure"]["commitment"] == whose, "a note names another")
        holds(("translation" in one) == (one["kind"] == "translation"), "a note and its translation are not together")
        what = KINDS.get(one["kind"], one["kind"])
        what += f" of {name(one['signatory'])}" if "signatory" in one else ""
        if "translation" in one:
            check_translation(one)
            what += f" ({one['translation']['language']})"
        words = one.get("text", "") if "salt" in one else "(its words are not in this file)"
        label = {"retraction": "RETRACTED", "takedown": "TAKEN DOWN"}.get(one["kind"], "holds")
        tell(label, f"Since the publication, {one['at']}: {what}{': ' if words else ''}{words}")
        if "approved_by" in one.get("translation", {}):
            tell("not signed", f"Who approved this translation: {one['translation']['approved_by']}")
        if one["kind"] not in KINDS:
            leave(f"What a note of this kind means, which is newer than this file: {one['kind']}")


def check_translation(note):
    """A later translation is the one whose digest is the words of its note. Nothing binds who approved it."""
    added = note["translation"]
    only(added, "language digest approved_by content", "a translation")
    digest = sha256(canonical(added["content"])).hex()
    holds(digest == added["digest"] == note.get("text"), "a translation is not that of its digest")
    languages = [one["language"] for one in added["content"]["editions"]]
    holds(languages == [added["language"]], "a translation is in another language than it says")


def outcome(given):
    """Whether the statement still stands, as the notes in the file have it."""
    days = {one["kind"]: one["at"][:10] for one in given.get("notes", [])}
    by_operator = [one["kind"] for one in given.get("notes", []) if one["kind"] in ("takedown", "restored")]
    said = ""
    if "retraction" in days:
        said += f", but the statement was RETRACTED on {days['retraction']}: it does not stand any more"
    if by_operator[-1:] == ["takedown"]:
        said += f", but the statement was TAKEN DOWN by the operator on {days['takedown']}, and not shown again since"
    return said or ("; it was corrected since: see above" if "correction" in days else "")


def check_signatures(files, record, key, comment):
    """The three forms of the signature; each is written in exactly one way."""
    if "record.sig" in files:
        signed(key, files["record.sig"], record, "record.sig")
    if "record.minisig" in files:
        lines = files["record.minisig"].decode().split("\n")
        blob, over = (base64.b64decode(lines[at]) for at in (1, 3))
        named = base(b"ED" + sha256(key)[:8] + blob[10:])
        again = [f"untrusted comment: signature by the key {sha256(key).hex()[:16]}", named]
        again += [f"trusted comment: {comment}", base(over), ""]
        holds(lines == again, "record.minisig is not written as it is made")
        signed(key, blob[10:], hashlib.blake2b(record).digest(), "record.minisig")
        signed(key, over, blob[10:] + comment.encode(), "the trusted comment of record.minisig")
    if "record.sshsig" in files:
        meant = string(b"undersigned-record") + string(b"") + string(b"sha512")
        blob = base64.b64decode("".join(files["record.sshsig"].decode().split("\n")[1:-2]))
        public = string(string(b"ssh-ed25519") + string(key))
        again = b"SSHSIG\0\0\0\1" + public + meant + string(string(b"ssh-ed25519") + string(blob[-64:]))
        body = base(again)
        lines = [body[at : at + 70] for at in range(0, len(body), 70)]
        armoured = "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])
        holds(armoured.encode() == files["record.sshsig"], "record.sshsig is not written as it is made")
        signed(key, blob[-64:], b"SSHSIG" + meant + string(hashlib.sha512(record).digest()), "record.sshsig")
    there = [one for one in ("record.sig", "record.minisig", "record.sshsig") if one in files]
    if there:
        say(f"Signed by the key {sha256(key).hex()[:16]}: {', '.join(there)}")
    else:
        leave("No signature was given.")


# The text as it was found -------------------------------------------------------------------------


def words(text):
    """Words alone: marks of Markdown, quotation marks, blanks and signs do not count; case and digits do."""
    text = re.sub(r"\[([^\[\]]*)\]\([^()\s]*\)|<(https?:[^>\s]+)>", r"\1\2", text.replace("\u00ad", ""))
    text = re.sub(r"(?m)^\s*\d{1,4}[.)]\s", " ", re.sub(r"\(https?:[^()\s]*\)|\[\^[^\]]*\]:?", " ", text))
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text))


def added_later(given):
    """The translations that were added since the publication; nobody signed them."""
    return [one["translation"] for one in given.get("notes", []) if "translation" in one]


def edition_like(given, found):
    """The edition with most of the words that were found, signed or a later translation, and what it is called."""
    signed = given["record"]["statement"]["content"]["editions"]
    later = [edition for one in added_later(given) for edition in one["content"]["editions"]]
    there = set(words(found))
    like = max([*signed, *later], key=lambda one: len(there & set(words(one["headline"] + "\n" + one.get("body", "")))))
    if like not in signed:
        leave(f"That anybody signed this text: it is a translation that was added later ({like['language']}).")
        return like, "the translation"
    return like, "the signed text"


def check_text(given, found):
    """Every paragraph of an edition stands in `found`, in order, and what else stands there is shown."""
    (content, text), counts = edition_like(given, found), given["record"].get("counts", {})
    language = content["language"]
    quotes = iter(range(1, 1 + len(content.get("quotes", []))))
    body = content.get("body", "")
    for number in quotes:
        body = body.replace(f"[[quote {number}]]", content["quotes"][number - 1].get("text", ""))
    parts = [content.get(name, "") for name in ("label", "headline", "lead_paragraph")]
    parts += [*re.split(r"\n\s*\n", body), content.get("ends", ""), *re.split(r"\n\s*\n", content.get("notes", ""))]
    pasted, at, left = words(found), 0, []
    for source in parts:
        part = source
        for name, count in counts.items():
            part = part.replace("{" + name + "}", str(count))
        for piece in re.split(r"\{[^{}]*\}", part):  # a count in words, as its language has it, is shown below
            sought = words(piece)
            ends = range(at + len(sought), len(pasted) + 1)
            hit = next((end - len(sought) for end in ends if pasted[end - len(sought) : end] == sought), None)
            holds(hit is not None, f"the text does not say, or not in this place: {' '.join(sought)[:300]}")
            left += pasted[at:hit]
            at = hit + len(sought)
    rest = " " + " ".join(left + pasted[at:]) + " "
    for one in given["disclosures"]:
        named = one["value"].get("names", {}).get(language, one["value"]["listed_name"])
        name = f" {' '.join(words(named))} "
        gone = next((n for n in given.get("notes", []) if n.get("signatory") == one["commitment"]), None)
        holds(gone is not None or name in rest, f"the text does not list {named}")
        rest = rest.replace(name, " ", 1)
    digest = given["record"]["statement"]["digest"]
    digests = {digest, *(one["digest"] for one in added_later(given))}
    holds(set(re.findall(r"\b[0-9a-f]{64}\b", rest)) <= digests, "the text carries the digest of another text")
    say(f"Each paragraph of {text}, and each name, stands in the text that was found (only its words count).")
    rest = " ".join(rest.replace(digest, "").split())
    for frame in ("Digest of the text SHA 256", "Signatories", "Notes to editors", "Media contacts"):
        rest = rest.replace(frame, "", 1)
    if rest.strip():
        leave(f"These words of it are not in {text} (a date, contacts, an address?): {' '.join(rest.split())}")


# All of it ----------------------------------------------------------------------------------------


def check(options, files):
    given, record = read_json(files["json"], "the .json"), files["record"]
    check_record(given, record)
    proof = read_json(files["proof.json"], "proof.json")
    only(proof, "format size checkpoint leaves keys", "proof.json")
    holds(proof["format"] == "log-proof/1", "proof.json is no proof")
    told = proof["keys"]
    check_keys(told)
    if options.keys:
        file = read_json(read(options.keys), "keys.json")
        only(file, "format keys", "keys.json")
        later = file["keys"]
        check_keys(later)
        holds(later[: len(told)] == told, "keys.json does not begin with the keys of proof.json")
        told = later
    if options.key:
        holds(known(told, options.key), "the key you know is not one of these, nor led to from one (see --keys)")
        say(f"The key you know is one of the {len(told)} keys, which signed for each other")
    else:
        leave("Whose key it is: give --key with a fingerprint that you have from elsewhere.")
    size, root = head(proof["checkpoint"], told, proof["keys"][-1])
    holds(size == number(proof["size"]), "the proof is of another size than its head")
    places = [number(one["index"]) for one in proof["leaves"]]
    holds(places == sorted(set(places)), "the entries of the log are in another order")
    for at, one in enumerate(told):
        # Which entry tells of a key is bound by nothing in these files, but it cannot be any.
        right = (one["leaf"] < size) == (at < len(proof["keys"])) and one["leaf"] not in places
        holds(right, "a key cannot stand at that place of the log")
    for one in proof["leaves"]:
        only(one, "index leaf proof", "an entry of proof.json")
        path = hashes(one["proof"])
        holds(included(one["leaf"].encode(), one["index"], size, path, root), "an entry does not stand in the log")
    leaves = [read_json(one["leaf"].encode(), "an entry of the log") for one in proof["leaves"]]
    published = given["record"]["instants"]["published"]
    entry = {"format": "log-leaf/1", "kind": "publication", "at": published, "record": given["record_digest"],
             "text": given["record"]["statement"]["digest"], "chain_head": given["record"]["chain_head"]}  # fmt: skip
    holds(leaves[0] == entry, "the log tells something else of the publication")
    say(f"The public log ({told[0]['origin']}, {size} entries) holds it, made {published}, and all notes below")
    signer = [one for one in proof["keys"] if one["leaf"] < proof["leaves"][0]["index"]][-1]
    comment = f"record {given['record_digest']} published {published}"
    check_signatures(files, record, bytes.fromhex(signer["key"]), comment)
    check_notes(given, leaves)
    tell_names(given)
    for name in sorted(set(files) - {"json", "record", "proof.json", "record.sig", "record.minisig", "record.sshsig"}):
        leave(f"{name}: this is none of the files that are checked here.")
    try:
        check_outside(options, told, (size, root))
    except Unread as why:
        leave(f"That the log was not rewritten, because a file could not be read: {why}")
    if options.text:
        try:
            found = read(options.text).decode()
        except UnicodeDecodeError:
            raise Unread(f"{options.text} is no plain text in UTF-8") from None
        check_text(given, found)
    return outcome(given)


def check_outside(options, told, now):
    """The log was not rewritten since a head of it was kept elsewhere."""
    if not options.checkpoint:
        leave("That the log was not rewritten: give --checkpoint with a head that was kept elsewhere.")
        return
    heads = heads_in(read(options.checkpoint))
    if len(heads) != 1:
        how_many = f"{len(heads)} heads of logs: leave one" if heads else "no head of a log"
        raise Unread(f"{options.checkpoint} holds {how_many}")
    kept = head(heads.pop(), told)
    (first, old), (second, new) = sorted([kept, now])
    path = []
    if first != second:
        log = told[0]["origin"] if re.fullmatch(r"[a-z0-9.:/-]+", told[0]["origin"]) else "HOST/log"
        how = f'curl -fsS "https://{log}/proof/consistency?from={first}&to={second}" > consistency'
        if not options.consistency:
            leave(f"That the log was not rewritten: get the proof, and give it by --consistency: {how}")
            return
        data = read(options.consistency)
        try:
            json.loads(data)
        except (ValueError, RecursionError):
            raise Unread(f"{options.consistency} is {'no JSON' if data else 'empty'}; fetch it anew: {how}") from None
        proof = read_json(data, "the proof of consistency")
        only(proof, "from to proof checkpoint", "the proof of consistency")
        ends = (number(proof["from"]), number(proof["to"]))
        if ends != (first, second):
            raise Unread(f"{options.consistency} leads from {ends[0]} to {ends[1]}; fetch it anew: {how}")
        holds(head(proof["checkpoint"], told) == (second, new), "the proof of consistency ends at another head")
        path = hashes(proof["proof"])
    holds(consistent(first, second, old, new, path), "THE LOG WAS REWRITTEN: it does not go on from the head you kept")
    say(f"The log was not rewritten: its {first} entries of then are the first of {second}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", help="the files of the publication, under the names that they have there")
    for name in ("key", "checkpoint", "consistency", "keys", "text"):
        parser.add_argument(f"--{name}")
    options = parser.parse_args()
    with contextlib.suppress(AttributeError):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that cannot show a name is no fault of a file
    files = {}
    try:
        for path in options.files:
            name = re.split(r"[/\\]", path)[-1]
            files["json" if name.endswith(".json") and name != "proof.json" else name] = read(path)
        missing = [name for name in ("json", "record", "proof.json") if name not in files]
        if missing:
            raise Unread(f"these files are missing: {', '.join(missing)}")
        since = check(options, files)
    except Wrong as wrong:
        tell("WRONG", str(wrong))
        return 1
    except Unread as why:
        tell("NOT READ", str(why))
        return 2
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, RecursionError) as error:
        tell("WRONG", f"a file is not of the form it should have ({type(error).__name__})")
        return 1
    left = f"{len(unchecked)} {'thing was' if len(unchecked) == 1 else 'things were'} not checked"
    print(plain(f"Nothing is wrong, {left}{since}." if unchecked else f"All holds{since}."))
    return 2 if unchecked else 0


if __name__ == "__main__":
    sys.exit(main())
