"""The words that turn a sentence into its opposite, language by language, as a table to be read and corrected.

A language that is not in the table is said to be unknown; so is one that often negates within a verb (WITHIN_VERBS),
where the words of the table are found and the rest is not.
"""

import re
import unicodedata
from functools import cache

TABLE = {
    "ar": "لا لم لن ليس ليست ليسوا لسنا لست ليستا ما غير بغير بدون دون بلا كلا عدم أبدا مطلقا قط سوى إلا ألا ألم ألن"
    " أليس أليست لئلا",
    "bg": "не няма нямаше нямат нито без никой никоя никое никога нищо никак никъде нито",
    "bn": "না নয় নেই নি নাই নহে নন নও নই বিনা ছাড়া কখনোই",
    "ca": "no mai ningú cap res tampoc ni sense enlloc",
    "cs": "ne není nejsou nejsem nejsme nebyl nebyla nebylo nebyly nemá nemají nemůže nesmí nikdy nikdo nic žádný žádná"
    " žádné bez ani nikde nikoli",
    "cy": "ni nid na nac nad ddim dim heb byth neb nebodd peidio peidiwch erioed",
    "da": "ikke ej aldrig ingen intet ingenting uden hverken nej næppe",
    "de": "nicht nichts kein keine keinen keinem keiner keines nie niemals niemand niemanden niemandem nirgends weder"
    " noch ohne nein kaum keineswegs keinesfalls",
    "el": "δεν δε μην μη όχι ούτε μήτε χωρίς δίχως ποτέ κανείς κανένας καμία κανένα κανέναν τίποτα τίποτε πουθενά",
    "en": "not no never nor neither none nobody nothing nowhere without cannot unless hardly barely scarcely",
    "es": "no nunca jamás nadie nada ningún ninguno ninguna ni tampoco sin excepto",
    "et": "ei ära ärge pole polnud mitte ilma keegi miski kunagi ega ükski",
    "fa": "نه هیچ بدون بی نیست نیستند نیستیم نبود نبودند ندارد ندارند نباید نمی هرگز غیر جز",
    "fi": "ei en et emme ette eivät eikä älä älkää ilman koskaan kukaan mitään kumpikaan eivätkä",
    "fr": "ne n non pas jamais rien aucun aucune personne sans ni nul nulle guère nullement sauf",
    "ga": "ní níl níor nach nár gan ná cha chan nílim nílimid",
    "he": "לא אין אל בלי ללא אינו אינה אינם אינן איננו מבלי בלא מעולם לעולם שום אף טרם",
    "hi": "नहीं न ना मत बिना बगैर कभी कोई नहीं",
    "hr": "ne nije nisu nisam nismo niste nema nemaju neće nikad nikada nitko ništa nijedan nijedna bez ni niti",
    "hu": "nem ne nincs nincsenek sem sincs nélkül soha senki semmi sose",
    "id": "tidak bukan tanpa jangan belum tak tiada tidaklah bukanlah",
    "it": "non no né mai nessuno nessuna nessun niente nulla senza neanche nemmeno neppure salvo",
    "ja": "ない なく なかっ ません 不 無 未 非",
    "ko": "못 않 아니 없",
    "lt": "ne nėra nebuvo negali niekada niekas nieko joks jokia be nei",
    "lv": "ne nē nav nebija nevar nekad neviens neviena nekas bez ne",
    "ms": "tidak bukan tanpa jangan belum tak tiada usah",
    "nb": "ikke aldri ingen intet ingenting uten verken hverken nei neppe ei",
    "nl": "niet niets geen nooit niemand nergens noch zonder nee nauwelijks geenszins",
    "pl": "nie nigdy nikt nic żaden żadna żadne bez ani nigdzie brak",
    "pt": "não nunca jamais ninguém nada nenhum nenhuma nem sem tampouco exceto",
    "ro": "nu n niciodată nimeni nimic niciun nicio nici fără",
    "ru": "не нет ни никогда никто ничто ничего никакой никакая никакие без нельзя нигде вряд",
    "sk": "nie nebol nebola nebolo nemá nemajú nemôže nesmie nikdy nikto nič žiadny žiadna žiadne bez ani nikde",
    "sl": "ne ni niso nisem nismo nima nimajo noče nikoli nihče nič noben nobena brez niti",
    "sq": "nuk s nuk mos pa asnjë askush kurrë asgjë as jo",
    "sr": "не није нису нисам нисмо нема немају неће никад никада нико ништа ниједан без ни нити"
    " ne nije nisu nisam nismo nema nemaju neće nikad nikada niko ništa nijedan bez ni niti",
    "sv": "inte ej icke aldrig ingen inget inga ingenting utan varken nej knappast",
    "tr": "değil değildir yok yoktur hayır hiç hiçbir asla olmadan olmaksızın",
    "uk": "не ні немає нема ніколи ніхто ніщо нічого жоден жодна жодне без ані",
    "ur": "نہیں نہ مت بغیر بنا بلا کبھی",
    "vi": "không chẳng chưa chả đừng chớ",
    "zh": "不 没 沒 未 无 無 非 别 別 勿 莫 否",
}
# Here a verb carries its negation within itself, and the table has only what stands alone.
WITHIN_VERBS = frozenset(("cs", "fa", "ja", "ko", "lt", "lv", "sk", "tr"))
# Here a negation is found within a word, for words are not set apart as elsewhere.
WITHIN_WORDS = frozenset(("ja", "ko", "zh"))
# Words that hold such a sign and do not negate ("very", "Africa", "special", "difference", "otherwise" …).
NO_NEGATIONS = frozenset(
    ("非常", "非洲", "特别", "特別", "区别", "區別", "差别", "差別", "分别", "分別", "别的", "莫斯科", "不久", "不断"),
)
# What is written together with the word behind it: and, so; in Hebrew and, that.
JOINED = {"ar": "وف", "he": "וש"}


def negation_in(word: str, language: str) -> bool:
    """Whether a word negates in `language`; false where the language is not known."""
    primary = language.partition("-")[0].lower()
    words, bare = _words(primary), _bare(word)
    if primary in WITHIN_WORDS:
        return bare not in NO_NEGATIONS and any(one in bare for one in words)
    if primary == "en" and (bare.endswith("n't") or bare.startswith("non-")):
        return True
    if bare[:1] in tuple(JOINED.get(primary, "")):
        return bare in words or bare[1:] in words
    # French "n'a", Albanian "s'ka", English "no-one".
    return bare in words or any(part in words for part in re.split("[-'\u2010\u2011]", bare)[:-1])


def negations_known(language: str) -> bool:
    """Whether the negations of `language` are known well enough to say that none was changed."""
    primary = language.partition("-")[0].lower()
    return primary in TABLE and primary not in WITHIN_VERBS


@cache
def _words(language: str) -> frozenset[str]:
    return frozenset(_bare(word) for word in TABLE.get(language, "").split())


def _bare(word: str) -> str:
    """In small letters, with a straight apostrophe, without Arabic and Hebrew vowel signs and ways to write alef."""
    small = word.casefold().replace("’", "'").replace("\u200c", "").replace("ـ", "")
    if small.isascii():
        return small
    kept = (char for char in small if not ("\u0590" <= char <= "\u06ff" and unicodedata.combining(char)))
    return "".join(kept).translate(str.maketrans("أإآ", "ااا"))
