"""Several voices of one organisation: how many say the same, and in what they differ."""

from workflow.rules.circulation import Kind
from workflow.rules.voices import Voice, voices

ADA = Voice("Ada", Kind.SIGN_OFF, "Lakeside Relief")


def differing(*said: Voice, needed: int = 2) -> list[str]:
    return [one.id for one in voices(needed, said).differences]


def test_who_says_the_same_differs_in_nothing():
    assert differing(ADA) == []
    assert differing(ADA, Voice("Zoe", Kind.SIGN_OFF, "Lakeside Relief")) == []
    assert voices(2, [ADA, ADA]).same == 2 and voices(2, []).same == 0


def test_each_difference_has_its_sentence():
    assert differing(ADA, Voice("Zoe", Kind.SIGN_OFF, "Lakeside")) == ["voices.name"]
    assert differing(ADA, Voice("Zoe", Kind.SIGN_OFF, "Lakeside Relief", withheld=True)) == ["voices.withheld"]
    assert differing(ADA, Voice("Zoe", Kind.SIGN_OFF, "Lakeside Relief", logo="ab12")) == ["voices.logo"]
    assert differing(ADA, Voice("Zoe", Kind.DECLINE)) == ["voices.kind"]


def test_what_was_taken_back_is_none_and_enough_are_enough():
    assert differing(Voice("Zoe", Kind.TAKEN_BACK), ADA) == []
    assert voices(2, [Voice("Zoe", Kind.TAKEN_BACK), ADA]).same == 1
    assert differing(ADA, ADA, Voice("Zoe", Kind.DECLINE)) == []
