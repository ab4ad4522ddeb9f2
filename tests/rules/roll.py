"""Rolls for the tests of the rules, in few words and as Hypothesis strategies."""

from hypothesis import strategies as st

from workflow.rules.circulation import Kind, Role, Rule, Standing

SIGNED = Kind.SIGN_OFF


def required(name: str, kind: Kind | None = None, **facts: object) -> Standing:
    """A required signatory."""
    return Standing(name, Role.REQUIRED, kind, **facts)  # type: ignore[arg-type]


def optional(name: str, kind: Kind | None = None, **facts: object) -> Standing:
    """An optional signatory."""
    return Standing(name, Role.OPTIONAL, kind, **facts)  # type: ignore[arg-type]


standings = st.builds(
    Standing,
    organisation=st.sampled_from(["Lakeside Relief", "Hillside Forum", "Harbour Aid", "Meadow Action"]),
    role=st.sampled_from(Role),
    kind=st.none() | st.sampled_from(Kind),
    current=st.booleans(),
    late=st.booleans(),
    name_held=st.booleans(),
    revision=st.integers(0, 9),
)
# Mostly signed rolls, so that complete ones are no rarity.
signed_standings = st.builds(
    Standing,
    organisation=st.just("Lakeside Relief"),
    role=st.sampled_from(Role),
    kind=st.just(Kind.SIGN_OFF),
)
rolls = st.lists(standings | signed_standings, max_size=6)
rules = st.builds(
    Rule, at_least=st.integers(0, 4), others=st.integers(0, 2), hold_open=st.booleans(), time_up=st.booleans()
)
