"""Who may do what: a lead on what is its own, and nobody on anything else."""

import pytest

from workflow.rules.access import PERMISSIONS, Asker, Permission, Thing, may

NOBODY, LEAD, OTHER = Asker(None), Asker(1), Asker(2)
OWN, NOBODYS = Thing(1), Thing(None)


def test_every_permission_stands_in_the_table():
    assert set(PERMISSIONS) == set(Permission)


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize(
    ("asker", "thing", "leads"),
    [
        (LEAD, OWN, True),
        (OTHER, OWN, False),
        (NOBODY, OWN, False),
        (NOBODY, NOBODYS, False),
        (LEAD, NOBODYS, False),
    ],
)
def test_a_lead_has_its_own_things_and_no_others(permission, asker, thing, leads):
    signed_in = asker.organisation_id is not None
    expected = signed_in if permission is Permission.USE_DESK else leads
    assert may(asker, permission, thing) is expected
