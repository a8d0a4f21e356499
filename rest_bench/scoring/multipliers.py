"""Words behind a number that change its value: thousands and lakhs, tenths and dozens, squares and zeros.

Such a word is never a unit. Where it is not read, the answer is not equal.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from rest_bench.scoring.measures import normal
from rest_bench.scoring.numbers import read_number

_WHOLE = {
    2: "pair pairs couple couples paar paare 双 雙 对 對",
    10: "十 拾 십",
    12: "dozen dozens dz doz dutzend douzaine douzaines docena docenas dúzia dúzias dozzina dozzine дюжина дюжины "
    "дюжин "
    "打 ダース 다스 tá",
    20: "score scores", 144: "gross", 100: "hundred hundreds hundert honderd hundra 百 佰 백 trăm ratus yüz सौ শত "
    "শো ร้อย مئة مائة صد "
    "сотен сотни cientos centinaia centaines centenas",
    10**3: "k thousand thousands tausend tsd duizend tusen tusind mil mille mila millier milliers migliaia thsd thou "
    "千 仟 천 тысяча тысячи тысяч тыс тисяча тисячі тисяч тис tysiąc tysiące tysięcy tys tisíc tisíce ezer mie mii "
    "tuhat "
    "tuhatta nghìn ngàn ribu rb bin हज़ार हजार হাজার ألف آلاف الف ألفا хиляди "
    "хиляда אלף אלפים هزار ہزار พัน ஆயிரம் వేల వేలు હજાર ਹਜ਼ਾਰ "
    "ಸಾವಿರ elfu libo",
    10**4: "万 萬 만 หมื่น myriad",
    10**5: "lakh lakhs lac లక్షలు lacs लाख লাখ লক্ষ แสน لاکھ லட்சம் லட்சங்கள் లక్ష లక్షల લાખ ਲੱਖ ലക്ഷം ಲಕ್ಷ laki",
    10**6: "M mill million millions mn mln mio millionen millones millón millon milhão milhões milione milioni milion "
    "milliony milionů miliony milionów mljn miljoen miljoenen miljon miljoner millioner millió milioane miljoona "
    "miljoonaa миллион миллиона миллионов млн мільйон мільйони мільйонів 百万 百萬 백만 triệu juta jt milyon मिलियन "
    "মিলিয়ন "
    "مليون ملايين مليونا میلیون ملین מיליון ล้าน milioni",
    10**7: "crore crores cr करोड़ कोटी কোটি کروڑ கோடி కోటి కోట్ల కోట్లు કરોડ ਕਰੋੜ കോടി ಕೋಟಿ 千万",
    10**8: "亿 億 억",
    10**9: "billion billions bn bln mrd mia milliard milliards milliarde milliarden miliardo miliardi miliard "
    "miliardy "
    "miliardów mld miljard miljarden miljarder milliárd miliarde miljardi miljardia bilhão bilhões миллиард миллиарда "
    "миллиардов млрд мільярд мільярди мільярдів tỷ tỉ miliar milyar मिलियर्ड अरब مليار مليارات میلیارد ارب מיליארד "
    "bilioni",
    10**12: "trillion trillions tn billionen billón billones bilione bilioni bilion biliony bilionów trilhão trilhões "
    "триллион триллиона триллионов трлн 兆 조 万亿 萬億 triliun trilyon تريليون تریلیون",
    10**15: "quadrillion quadrillions billiarde billiarden 京 경", 10**18: "trillionen trillones trillón",
}  # fmt: skip
_AMBIGUOUS = "billiard billiards biliardi bilyon биллион биллионов бильйон bilión bilião biliões B MM"
"""A thousand or a million times as much, by the country or the trade: not read. `Billionen` is German."""
_PARTS = {
    2: "half halves hälfte hälften mitad mitades metà metade", 3: "third thirds drittel tiers tercio tercios terzi "
    "terço terços треть трети третей derde ثلث أثلاث",
    4: "quarter quarters fourth fourths viertel quarti cuarto cuartos четверть четверти четвертей "
    "czwarte czwartych kvart fjärdedelar fjerdedele चौथाई أرباع ربع",
    5: "fifth fifths fünftel cinquième cinquièmes "
    "quinto quintos quinti", 6: "sixth sixths sechstel sixième sixièmes sexto sextos sesti", 7: "seventh sevenths "
    "siebtel "
    "septième septièmes séptimos", 8: "eighth eighths achtel huitième huitièmes octavo octavos ottavi", 9: "ninth "
    "ninths neuntel "
    "neuvième neuvièmes noveno novenos noni", 10: "tenth tenths zehntel dixième dixièmes décimo décimos decimi "
    "десятых "
    "десятая", 11: "eleventh elevenths", 12: "twelfth twelfths zwölftel", 15: "fifteenth "
    "fifteenths", 16: "sixteenth sixteenths",
    20: "twentieth twentieths zwanzigstel", 100: "hundredth hundredths hundertstel centième centièmes centésimos "
    "centesimo "
    "сотых", 1000: "thousandth thousandths tausendstel millième millièmes milésimos тысячных", 10**6: "millionth "
    "millionths",
}  # fmt: skip

MULTIPLIERS: dict[str, Fraction] = {
    normal(word) if len(word) > 1 else word: Fraction(value)
    for value, words in _WHOLE.items()
    for word in words.split()
}
PARTS: dict[str, Fraction] = {
    normal(word).rstrip("."): Fraction(1, value) for value, words in _PARTS.items() for word in words.split()
}
UNREAD = frozenset(_AMBIGUOUS.split())
OPERATIONS = {
    "squared": r"({})^{{2}}", "cubed": r"({})^{{3}}", "factorial": "({})!",
    "negative": "-({})", "below_zero": "-({})", "under_zero": "-({})",
    "unter_null": "-({})", "bajo_cero": "-({})", "sous_zéro": "-({})", "ниже_нуля": "-({})", "sotto_zero": "-({})",
    "abaixo_de_zero": "-({})", "above_zero": "({})",
}  # fmt: skip
"""What a word behind a number that has no other unit makes of it."""


def factor_of(word: str) -> Fraction | None:
    """Return what a word multiplies by, or null where it is no such word; one letter counts in its own case only."""
    folded = word if len(word) == 1 else normal(word).rstrip(".")
    return MULTIPLIERS.get(folded) or PARTS.get(folded)


class Term(NamedTuple):
    """One number of `2 crore 5 lakh` with the product of the words behind it."""

    number: Fraction
    scale: Fraction


def total(terms: Sequence[Term], has_zero: bool = False) -> Fraction | None:
    """Return the value of terms that go down, as in `3万5千`; null where they do not make one number.

    Args:
        terms: in the order in which they are written.
        has_zero: a sign for zero stands in them, so that a last lone digit is one of ones: 三百零五.
    """
    stack: list[Term] = []
    for term in terms:
        below = Fraction(0)
        while stack and stack[-1].scale < term.scale:  # 2 hundred 50 thousand: what is smaller belongs to the number
            number, scale = stack.pop()
            below += number * scale
        if below and term.number >= 1000:
            return None
        stack.append(Term(below + term.number, term.scale))
    return _sum(stack, has_zero)


def _sum(stack: Sequence[Term], has_zero: bool) -> Fraction | None:
    value, limit = Fraction(0), None
    for place, (number, scale) in enumerate(stack):
        is_last = place == len(stack) - 1
        if (number.denominator != 1 and len(stack) > 1) or (limit is not None and number * scale >= limit):
            return None
        if is_last and not has_zero and limit is not None and scale == 1 and limit > 10 and number < 10:
            return None  # 3万5 is 35000 to some and 30005 to others
        value, limit = value + number * scale, scale
    return value


_TERM = re.compile(r"\s*(\d[\d,]*(?:\.\d+)?)\s*(?:\\text\{([^{}]*)\})?")


def split_terms(text: str) -> list[tuple[Fraction, str]] | None:
    r"""Return the numbers of `2 \text{crore} 5 \text{lakh}`, each with its words; null for any other text."""
    found, position = [], 0
    while position < len(text.rstrip()):
        match = _TERM.match(text, position)
        number = match and read_number(match[1])
        if match is None or number is None or match.end() == position:
            return None
        found.append((number.value, match[2] or ""))
        position = match.end()
    return found
