"""An invented press release in the plain shape: label, date, headline, body, signatories on one line."""

SIGNATORIES = (
    "Bridges for Eastvale",
    "Fair Harbour Project",
    "Hillside Forum",
    "Lakeside Relief",
    "Riverton Aid",
    "Rivertonian Society",
    "Valley4All",
)

PRESS_RELEASE = f"""



Press Release

9/6/2024

Neighbours Ask for a Safe Crossing at Mill Bridge

Seven groups from both banks of the river ask the county to close Mill Bridge to lorries. Two
spans were found to be cracked in May.

The closure was promised in [Council Decision 17](#) and in a recent agreement between the
county and the hauliers.

Reports show that the detour is [helping](#), rather than [harming](#), the shops on the far side.

Dr. Ada Holm of Riverton Aid says: *'We have waited for a decade. Nobody
should have to walk under a bridge that may fall.'*

The county **must** act before the winter.

Signatories:

{" • ".join(SIGNATORIES)}
"""
