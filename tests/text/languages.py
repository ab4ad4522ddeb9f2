"""One invented text in English and in Arabic, as a coalition would write it."""

from workflow.text.content import Edition, Quote

ENGLISH = Edition(
    language="en",
    kind="press-release",
    label="Press release",
    date="2027-03-01",
    place="Lakeside",
    headline="Open the lake road for aid",
    lead_paragraph="{Organisations|words} organisations ask for the lake road to be opened.",
    body=(
        "The road has been closed for 40 days, and 1,200 families wait on the far shore.\n\n"
        "What is needed stands in [the plan](https://example.org/aid).\n\n[[quote 1]]"
    ),
    quotes=(Quote("Ada Example", "Director", "Lakeside Relief", "Nobody should wait another week for bread."),),
    ends="ENDS",
)
ARABIC = Edition(
    language="ar",
    kind="press-release",
    label="بيان صحفي",
    date="2027-03-01",
    place="ضفة البحيرة",
    headline="افتحوا طريق البحيرة للمساعدات",
    lead_paragraph="تطلب {organisations} منظمات فتح طريق البحيرة.",
    body=(
        "أُغلق الطريق منذ ٤٠ يومًا، وتنتظر ١٬٢٠٠ عائلة على الضفة البعيدة.\n\n"
        "ما يلزم مكتوب في [الخطة](https://example.org/aid).\n\n[[quote 1]]"
    ),
    quotes=(Quote("آدا مثال", "المديرة", "إغاثة الضفة", "لا ينبغي أن ينتظر أحد أسبوعًا آخر من أجل الخبز."),),
    ends="انتهى",
)
