"""Checks a publication with nothing but Python: `curl -s https://…/statements/SLUG.json | python3 check.py`."""

import hashlib
import json
import sys


def sha256(value: object) -> str:
    """SHA-256 over canonical JSON (RFC 8785, as far as these files need it)."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


given = json.load(sys.stdin.buffer)
record = given["record"]
digest = record["statement"]["digest"]
signed = {one["commitment"]: one["digest"] for one in record["signatories"]}

assert sha256(record) == given["record_digest"], "the record is not the one that its digest names"
assert sha256(record["statement"]["content"]) == digest, "the text is not the one that its digest names"
texts = {digest}
for one in record.get("carried_over", {}).get("revisions", []):
    assert sha256(one["content"]) == one["digest"], "an earlier text is not the one that its digest names"
    texts.add(one["digest"])
    print(f"revision {one['revision']} was signed before editorial changes; its digest is {one['digest']}")
assert set(signed.values()) <= texts, "somebody signed another text"
for one in given["disclosures"]:
    assert sha256([one["salt"], one["value"]]) == one["commitment"], "a name is not the one that was recorded"
    assert one["commitment"] in signed, "a name does not belong to a signatory"
    print(one["value"]["listed_name"])
people = {one["person"] for one in record["signatories"] if "person" in one}
for one in given.get("persons", []):
    assert sha256([one["salt"], one["value"]]) == one["commitment"], "a person is not the one that was recorded"
    assert one["commitment"] in people, "a person does not belong to a signatory"
print(f"{len(signed)} signatories, {len(signed) - len(given['disclosures'])} of them not named")
print(f"digest of the text  {digest}")
print(f"chain head          {record['chain_head']}")
