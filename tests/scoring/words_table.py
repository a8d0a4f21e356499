"""Numbers with words, signs and digits of many languages, each with a near miss: literal rows of the table of verdicts."""

from typing import NamedTuple


class Said(NamedTuple):
    """What an answer says, and what it must not be taken for."""

    answer: str
    gold: str
    """Which the answer equals."""
    others: tuple[str, ...]
    """Golds that it does not equal: the bare number first."""


MULTIPLIERS = (
    # English
    Said("5 million", "5000000", ("5", "5000", "50000000")), Said("2 thousand", "2000", ("2", "200")),
    Said("3.2 billion", "3200000000", ("3.2", "3200000")), Said("7 trillion", "7000000000000", ("7",)),
    Said("5 hundred", "500", ("5", "5000")), Said("3 hundred thousand", "300000", ("3", "300", "3000")),
    Said("1.5 millions", "1500000", ("1.5", "15")), Said("two million", "2000000", ("2", "200")),
    Said("a million", "1000000", ("1",)), Said("5 thousand dollars", "5000", ("5",)), Said("\\$5 million", "5000000", ("5",)),
    Said("$5m", "5000000", ("5",)), Said("\\$3bn", "3000000000", ("3",)), Said("5k", "5000", ("5",)), Said("5K", "5000", ("5",)),
    Said("4 mn", "4000000", ("4",)), Said("2bn", "2000000000", ("2",)), Said("5\\text{ k}", "5000", ("5",)),
    Said("1 million 200 thousand", "1200000", ("1", "1000000", "200000")), Said("3 million people", "3000000", ("3",)),
    Said("1 million and 200 thousand", "1200000", ("1", "1000000")), Said("1/2 million", "500000", ("1/2",)),
    Said("two hundred fifty thousand", "250000", ("2", "250", "200")), Said("one hundred and twenty", "120", ("100", "20")),
    Said("5\\text{ million km}", "5000000", ("5",)), Said("-3 million", "-3000000", ("-3", "3000000")),
    # Hindi, Marathi, Bengali, Urdu, English of India
    Said("3 lakh", "300000", ("3", "30000")), Said("3 lakhs", "300000", ("3",)), Said("2 crore", "20000000", ("2", "2000000")),
    Said("2 crore 5 lakh", "20500000", ("2", "20000000", "5")), Said("3 lakh rupees", "300000", ("3",)), Said("₹3 lakh", "300000", ("3",)),
    Said("Rs. 2 crore", "20000000", ("2",)), Said("1.5 lakh", "150000", ("1.5",)), Said("5 lac", "500000", ("5",)),
    Said("2 lakh 50 thousand", "250000", ("2", "200000")), Said("3 हज़ार", "3000", ("3",)), Said("3 लाख", "300000", ("3",)),
    Said("2 करोड़", "20000000", ("2",)), Said("३ लाख", "300000", ("3",)), Said("3 लाख रुपये", "300000", ("3",)), Said("५ हजार", "5000", ("5",)),
    Said("3 লাখ", "300000", ("3",)), Said("৩ লক্ষ", "300000", ("3",)), Said("৫ হাজার", "5000", ("5",)), Said("২ কোটি", "20000000", ("2",)),
    Said("২ কোটি টাকা", "20000000", ("2",)), Said("3 لاکھ", "300000", ("3",)), Said("2 کروڑ", "20000000", ("2",)), Said("5 ہزار", "5000", ("5",)),
    # Tamil, Telugu, Gujarati, Punjabi
    Said("3 லட்சம்", "300000", ("3",)), Said("2 கோடி", "20000000", ("2",)), Said("5 ஆயிரம்", "5000", ("5",)), Said("3 లక్షల", "300000", ("3",)),
    Said("2 కోట్లు", "20000000", ("2",)), Said("3 લાખ", "300000", ("3",)), Said("2 કરોડ", "20000000", ("2",)), Said("3 ਲੱਖ", "300000", ("3",)),
    # Chinese
    Said("3万", "30000", ("3", "3000", "300000")), Said("3万元", "30000", ("3",)), Said("3 万", "30000", ("3",)), Said("3萬", "30000", ("3",)),
    Said("3.5亿", "350000000", ("3.5", "35000")), Said("12万3456", "123456", ("12", "120000", "3456")), Said("3万5千", "35000", ("3", "30000", "35")),
    Said("5千", "5000", ("5",)), Said("5百", "500", ("5",)), Said("2千万", "20000000", ("2", "2000")), Said("2万亿", "2000000000000", ("2", "20000")),
    Said("3千元", "3000", ("3",)), Said("5万公里", "50000", ("5",)), Said("3万个", "30000", ("3",)), Said("\\text{3万}", "30000", ("3",)),
    Said("3\\text{万}", "30000", ("3",)), Said("3百5十", "350", ("3", "300")), Said("5万人", "50000", ("5",)), Said("1亿2千万", "120000000", ("1", "100000000")),
    # Japanese
    Said("3万円", "30000", ("3",)), Said("5百万", "5000000", ("5", "500")), Said("5百万円", "5000000", ("5",)), Said("2億", "200000000", ("2",)),
    Said("1億2345万6789", "123456789", ("1", "100000000")), Said("3千円", "3000", ("3",)), Said("1兆円", "1000000000000", ("1",)), Said("１０万", "100000", ("10",)),
    # Korean
    Said("3만", "30000", ("3",)), Said("3만 원", "30000", ("3",)), Said("3만원", "30000", ("3",)), Said("5억", "500000000", ("5",)), Said("5천", "5000", ("5",)),
    Said("2조", "2000000000000", ("2",)), Said("3만 5천 원", "35000", ("3", "30000")), Said("5만 명", "50000", ("5",)), Said("2백만", "2000000", ("2", "200")),
    # German, Dutch, Swedish
    Said("5 Millionen", "5000000", ("5",)), Said("1 Million", "1000000", ("1",)), Said("5 Mio.", "5000000", ("5",)), Said("5 Mio. €", "5000000", ("5",)),
    Said("3 Milliarden", "3000000000", ("3",)), Said("3 Mrd. Euro", "3000000000", ("3",)), Said("5 Tausend", "5000", ("5",)), Said("5 Tsd.", "5000", ("5",)),
    Said("2 Billionen", "2000000000000", ("2", "2000000000")), Said("2,5 Millionen", "2500000", ("2.5", "25000000")), Said("1,5 Mio. Euro", "1500000", ("1.5",)),
    Said("3 miljoen", "3000000", ("3",)), Said("2 miljard", "2000000000", ("2",)), Said("5 duizend", "5000", ("5",)), Said("3 miljoner", "3000000", ("3",)),
    # French, Spanish, Portuguese, Italian
    Said("5 millions", "5000000", ("5",)), Said("3 mille", "3000", ("3",)), Said("2 milliards", "2000000000", ("2",)), Said("3 mille euros", "3000", ("3",)),
    Said("5 millions d'euros", "5000000", ("5",)), Said("5 millones", "5000000", ("5",)), Said("1 millón", "1000000", ("1",)), Said("3 mil", "3000", ("3",)),
    Said("3 mil millones", "3000000000", ("3", "3000", "3000000")), Said("2 billones", "2000000000000", ("2", "2000000000")), Said("5 millones de pesos", "5000000", ("5",)),
    Said("3 milhões", "3000000", ("3",)), Said("1 milhão", "1000000", ("1",)), Said("2 bilhões", "2000000000", ("2",)), Said("3 mil reais", "3000", ("3",)),
    Said("5 milioni", "5000000", ("5",)), Said("1 milione", "1000000", ("1",)), Said("3 mila", "3000", ("3",)), Said("2 miliardi", "2000000000", ("2",)),
    # Russian, Ukrainian, Polish, Czech
    Said("5 тысяч", "5000", ("5",)), Said("5 тыс.", "5000", ("5",)), Said("3 миллиона", "3000000", ("3",)), Said("3 млн", "3000000", ("3",)),
    Said("2 млрд рублей", "2000000000", ("2",)), Said("5 миллионов", "5000000", ("5",)), Said("1 тысяча", "1000", ("1",)), Said("2 миллиарда", "2000000000", ("2",)),
    Said("5 тис. грн", "5000", ("5",)), Said("3 мільйони", "3000000", ("3",)), Said("5 tysięcy", "5000", ("5",)), Said("3 miliony", "3000000", ("3",)),
    Said("5 tys. zł", "5000", ("5",)), Said("3 mln", "3000000", ("3",)), Said("2 miliardy", "2000000000", ("2",)), Said("3 tisíce", "3000", ("3",)),
    # Vietnamese, Indonesian, Turkish
    Said("5 nghìn", "5000", ("5",)), Said("5 ngàn đồng", "5000", ("5",)), Said("3 triệu", "3000000", ("3",)), Said("2 tỷ", "2000000000", ("2",)), Said("2 tỉ", "2000000000", ("2",)),
    Said("5 ribu", "5000", ("5",)), Said("3 juta", "3000000", ("3",)), Said("2 miliar", "2000000000", ("2",)), Said("3 juta rupiah", "3000000", ("3",)),
    Said("5 bin", "5000", ("5",)), Said("3 milyon", "3000000", ("3",)), Said("2 milyar", "2000000000", ("2",)), Said("3 milyon TL", "3000000", ("3",)),
    # Arabic, Persian, Thai
    Said("5 آلاف", "5000", ("5",)), Said("٥ ملايين", "5000000", ("5",)), Said("3 مليون", "3000000", ("3",)), Said("2 مليار", "2000000000", ("2",)), Said("3 ألف", "3000", ("3",)),
    Said("5 هزار", "5000", ("5",)), Said("۳ میلیون", "3000000", ("3",)), Said("2 میلیارد", "2000000000", ("2",)), Said("3 میلیون تومان", "3000000", ("3",)),
    Said("5 พัน", "5000", ("5",)), Said("3 หมื่น", "30000", ("3",)), Said("3 แสน", "300000", ("3",)), Said("๓ ล้าน", "3000000", ("3",)), Said("3 ล้านบาท", "3000000", ("3",)),
    # Swahili, Filipino
    Said("5 elfu", "5000", ("5",)), Said("3 milioni", "3000000", ("3",)), Said("3 milyong", "3 milyong", ("3",)),
)  # fmt: skip
"""Words that multiply, in more than thirty languages."""

CHANGED = (
    # Fractions
    Said("7 tenths", "0.7", ("7", "70", "10")), Said("3 quarters", "3/4", ("3", "4")), Said("two thirds", "2/3", ("2", "3")), Said("two-thirds", "2/3", ("2",)),
    Said("three fifths", "3/5", ("3", "5")), Said("5 halves", "5/2", ("5", "2")), Said("half", "1/2", ("1", "2")), Said("a half", "0.5", ("1",)),
    Said("one half", "1/2", ("1",)), Said("3 hundredths", "0.03", ("3", "300")), Said("5 thousandths", "0.005", ("5", "5000")), Said("7 eighths", "7/8", ("7",)),
    Said("one and a half", "3/2", ("1",)), Said("3 and a half", "3.5", ("3",)), Said("2 and a quarter", "9/4", ("2",)), Said("three and a half", "7/2", ("3",)),
    Said("2 and three quarters", "11/4", ("2", "3")), Said("7\\text{ tenths}", "7/10", ("7",)), Said("3 sevenths", "3/7", ("3", "7")), Said("1 sixth", "1/6", ("1", "6")),
    Said("三分之二", "2/3", ("2", "3")), Said("3分の2", "2/3", ("2", "3")), Said("3分之2", "2/3", ("3", "2")), Said("百分之五十", "50", ("5",)),
    Said("2 Drittel", "2/3", ("2",)), Said("3 Viertel", "3/4", ("3",)), Said("7 Zehntel", "0.7", ("7",)), Said("2 tiers", "2/3", ("2",)), Said("7 dixièmes", "0.7", ("7",)),
    Said("2 tercios", "2/3", ("2",)), Said("3 cuartos", "3/4", ("3",)), Said("2 terzi", "2/3", ("2",)), Said("2 terços", "2/3", ("2",)), Said("3 quarters of an hour", "3/4", ("3",)),
    # Powers, factorials, signs
    Said("7 squared", "49", ("7", "14")), Said("2 cubed", "8", ("2", "6")), Said("5 factorial", "120", ("5",)), Said("7 below zero", "-7", ("7", "0")),
    Said("7\\text{ below zero}", "-7", ("7",)), Said("7 degrees below zero", "-7", ("7",)), Said("7 °C below zero", "-7", ("7",)), Said("negative 7", "-7", ("7",)),
    Said("minus 7", "-7", ("7",)), Said("\\text{negative seven}", "-7", ("7",)), Said("minus three", "-3", ("3",)), Said("menos 7", "-7", ("7",)), Said("moins 7", "-7", ("7",)),
    Said("负7", "-7", ("7",)), Said("マイナス7", "-7", ("7",)), Said("마이너스 7", "-7", ("7",)), Said("минус 7", "-7", ("7",)), Said("âm 7", "-7", ("7",)), Said("7 degrees above zero", "7", ("-7",)),
    # Dozens and the like
    Said("3 dozen", "36", ("3", "12")), Said("3 dozens", "36", ("3",)), Said("2 dozen eggs", "24", ("2",)), Said("a dozen", "12", ("1",)), Said("2 gross", "288", ("2",)),
    Said("3 score", "60", ("3",)), Said("4 pairs", "8", ("4",)), Said("2 Dutzend", "24", ("2",)), Said("2 douzaines", "24", ("2",)), Said("2打", "24", ("2",)),
    # Shares
    Said("28 permille", "0.028", ("28", "0.28", "28\\%")), Said("28‰", "0.028", ("28", "2.8")), Said("28 per million", "0.000028", ("28", "28\\%")), Said("50 ppm", "0.00005", ("50",)),
    Said("25 basis points", "0.0025", ("25", "25\\%")), Said("28 per thousand", "0.028", ("28",)), Said("50 percent", "50\\%", ("5\\%",)), Said("50 Prozent", "50\\%", ("5",)),
    Said("50 pour cent", "50", ("500",)), Said("50 por ciento", "50\\%", ("5",)), Said("50 процентов", "50\\%", ("5",)), Said("50 per cent", "50\\%", ("500",)), Said("50パーセント", "50", ("5",)),
    # Chinese numerals
    Said("五千九百三十五", "5935", ("5", "5000", "5936")), Said("一百二十", "120", ("12", "100")), Said("十二", "12", ("10", "2")), Said("三万", "30000", ("3",)), Said("二十", "20", ("2", "12")),
    Said("一百零五", "105", ("15", "150")), Said("两百", "200", ("2",)), Said("负三", "-3", ("3",)), Said("三万五千", "35000", ("30000", "35")), Said("五千元", "5000", ("5",)),
)  # fmt: skip
"""Words that divide, negate, raise to a power or count by the dozen."""

REFUSED = (
    ("7", ("7 or more", "at least 7", "7 at least", "at most 7", "about 7", "7 approximately", "roughly 7", "less than 7", "more than 7", "7 maybe", "maybe 7", "7?",
           "not 7", "no 7", "7 not", "7 with remainder 2", "7 remainder 2", "7 R 2", "7 R2", "7 mod 9", "7 (mod 9)", "7 \\pmod 9", "7 (in millions)", "7 (million)",
           "7 (thousands)", "7 (negative)", "7 (below zero)", "7 (squared)", "7 (lakh)", "7th", "7\\text{th}", "7^{\\text{th}}", "seventh", "twice 7", "double 7", "half of 7",
           "7 to the nearest ten", "7 blorps", "7 frobnitz", "7 by 9", "7 from 10", "7 times 2", "7 plus 2", "7 minus 2", "7 over 2", "7 below", "7 under par", "7 short of 10",
           "7 (tenths)", "7 fold more", "7 per million", "7 less", "7 billiard", "7 off", "7 and a half", "7 half", "7 十", "7 dozenish", "7 more", "7 fewer", "7 twice", "7 guesses?",
           "nearly 7", "almost 7", "around 7", "under 7", "over 7", "up to 7", "7 \\text{ to the power } 2", "7 multiplied", "seven tenths", "minus seven", "⑦", "7 (dozen)",
           "7 to 1", "7 out of 10", "7 in 10", "7 versus 6", "7 \\text{ inverse}", "7 \\text{ base } 8", "7割", "7成", "7 zillion", "7 prozentpunkteweniger")),
    ("-7", ("7", "7 above zero", "minus 8", "seven", "--7", "not negative 7", "negative 7 million")),
    ("12", ("12 dozen", "a dozen dozen", "12 pairs", "12 lakh", "12万", "12億", "12 tenths", "12 hundred", "⑫", "⑿", "⒓", "12th", "twelfth", "1 2", "12 mod 5", "12 or so")),
    ("120", ("one hundred and thirty", "one hundred, twenty", "hundred", "5", "一百二十一", "百二", "twelve", "1.2 hundredths", "12 tens more")),
    ("3000", ("3千米", "3千克", "3千瓦", "3 km", "3 kg", "3 kilo", "3 per mille", "3 m")),
    ("35000", ("3万5", "35万", "3万50", "3万5百", "3万, 5千")),
    ("1000000", ("1 Billion", "1 m", "1 meter", "1 mm", "1 billiard", "1 mil", "1 lakh")),
)  # fmt: skip
"""Golds with answers that are not read as them: unknown words, doubts, orders, comparisons, other magnitudes."""

DIGITS = (
    Said("٤٢", "42", ("24", "4", "43")), Said("۴۲", "42", ("24", "43")), Said("৪২", "42", ("24", "43")), Said("४२", "42", ("24", "43")), Said("๔๒", "42", ("24", "43")),
    Said("௪௨", "42", ("24", "43")), Said("౪౨", "42", ("24", "43")), Said("૪૨", "42", ("24", "43")), Said("੪੨", "42", ("24", "43")), Said("೪೨", "42", ("24",)), Said("൪൨", "42", ("24",)),
    Said("୪୨", "42", ("24",)), Said("៤២", "42", ("24",)), Said("໔໒", "42", ("24",)), Said("၄၂", "42", ("24",)), Said("༤༢", "42", ("24",)), Said("᠔᠒", "42", ("24",)), Said("４２", "42", ("24",)),
    Said("𝟒𝟐", "42", ("24",)), Said("-٤٢", "-42", ("42", "-24")), Said("−৪২", "-42", ("42",)), Said("٣٫١٤", "3.14", ("314", "3", "3.15")), Said("۳٫۱۴", "3.14", ("314", "3,14,0")),
    Said("١٬٢٣٤", "1234", ("1.234", "1", "234")), Said("۱٬۲۳۴٬۵۶۷", "1234567", ("1.234567", "1234")), Said("١٬٢٣٤٫٥", "1234.5", ("12345", "1.2345")), Said("১,২৫০", "1250", ("1.25", "125")),
    Said("১২,৩৪,৫৬৭", "1234567", ("12.34567", "12")), Said("१२,३४,५६७", "1234567", ("12", "34567")), Said("१,००,०००", "100000", ("1", "1000")), Said("૧,૦૦,૦૦૦", "100000", ("1",)),
    Said("১.৫", "1.5", ("15", "1")), Said("१.५", "1.5", ("15",)), Said("๑.๕", "1.5", ("15",)), Said("৳১২৫০", "1250", ("125", "\\$1250")), Said("₹१२५०", "1250", ("125",)),
    Said("٥٠٪", "50", ("5", "500")), Said("٥٠٪", "50\\%", ("5\\%",)), Said("২৫%", "25", ("52",)), Said("۲۵٪", "25\\%", ("52",)), Said("१/२", "1/2", ("2", "12")), Said("٣/٤", "3/4", ("4/3", "34")),
    Said("(١, ٢)", "(1,2)", ("(2,1)",)), Said("১২ সেমি", "১২ সেমি", ("12", "21")), Said("४२ मीटर", "42", ("24",)), Said("৪২ টি", "42", ("24",)), Said("٤٢ درجة", "42", ("24",)), Said("๔๒ คน", "42", ("24",)),
    Said("x = ٥", "5", ("6",)), Said("५०°", "50", ("5",)), Said("12,34,567", "12, 34, 567", ("1234567",)), Said("‎12‎", "12", ("21",)), Said("‏7", "7", ("-7",)), Said("‫30‬", "30", ("3",)),
    Said("⁦45⁩", "45", ("54",)), Said("4\u200b2", "42", ("24",)), Said("4\u00ad2", "42", ("24",)), Said("\u061c٤٢", "42", ("24",)), Said("1\u20623", "3", ("13",)), Said("10'000", "10000", ("10", "100")),
    Said("1'234'567", "1234567", ("1234",)), Said("10’000", "10000", ("10",)), Said("1’234.5", "1234.5", ("1.2345",)), Said("₹12,34,567", "1234567", ("12", "34567")), Said("①②", "①②", ("12", "3")),
    Said("42\ufe0f", "42", ("24",)), Said("٤٢؟", "٤٢؟", ("42",)),
)  # fmt: skip
"""Digits in the scripts of the world, with their signs, and marks that are no part of a number."""

UNITS = (
    Said("42 cm", "42", ("43",)), Said("42 kilometres", "42\\text{ km}", ("42\\text{ m}",)), Said("42 kilometers", "42\\text{ km}", ("42\\text{ cm}",)), Said("42 Kilometer", "42", ("4.2",)),
    Said("42 сантиметра", "42\\text{ cm}", ("42\\text{ m}",)), Said("42 厘米", "42\\text{ cm}", ("42\\text{ m}",)), Said("42 メートル", "42\\text{ m}", ("42\\text{ cm}",)), Said("42 미터", "42\\text{ m}", ("42\\text{ s}",)),
    Said("42 mètres", "42\\text{ m}", ("42\\text{ s}",)), Said("42 centímetros", "42\\text{ cm}", ("42\\text{ m}",)), Said("42 metri", "42\\text{ m}", ("42\\text{ km}",)), Said("42 मीटर", "42\\text{ m}", ("42\\text{ cm}",)),
    Said("3千米", "3\\text{ km}", ("3\\text{ m}", "3000")), Said("3千克", "3\\text{ kg}", ("3\\text{ g}", "3000")), Said("5公斤", "5\\text{ kg}", ("5\\text{ g}",)), Said("5 кг", "5\\text{ kg}", ("5\\text{ g}",)),
    Said("5 Kilogramm", "5\\text{ kg}", ("5\\text{ g}",)), Said("30 Minuten", "30\\text{ min}", ("30\\text{ s}",)), Said("30 minutos", "30\\text{ min}", ("30\\text{ h}",)), Said("30 минут", "30\\text{ min}", ("30\\text{ h}",)),
    Said("30分钟", "30\\text{ min}", ("30\\text{ s}",)), Said("30 phút", "30\\text{ min}", ("30\\text{ h}",)), Said("30 دقيقة", "30\\text{ min}", ("30\\text{ s}",)), Said("30 मिनट", "30\\text{ min}", ("30\\text{ s}",)),
    Said("5 heures", "5\\text{ hours}", ("5\\text{ days}",)), Said("5 Stunden", "5\\text{ h}", ("5\\text{ min}",)), Said("5小时", "5\\text{ h}", ("5\\text{ min}",)), Said("5時間", "5\\text{ h}", ("5\\text{ min}",)),
    Said("5 시간", "5\\text{ h}", ("5\\text{ min}",)), Said("5 giờ", "5\\text{ h}", ("5\\text{ s}",)), Said("5 часов", "5\\text{ h}", ("5\\text{ min}",)), Said("7 días", "7\\text{ days}", ("7\\text{ h}",)),
    Said("7天", "7\\text{ days}", ("7\\text{ weeks}",)), Said("7 Tage", "7\\text{ days}", ("7\\text{ years}",)), Said("7 лет", "7\\text{ years}", ("7\\text{ days}",)), Said("7岁", "7\\text{ years}", ("7\\text{ days}",)),
    Said("15 square meters", "15\\text{ m}^2", ("15\\text{ m}", "15\\text{ m}^3", "225")), Said("15 平方米", "15\\text{ m}^2", ("15\\text{ m}",)), Said("15 Quadratmeter", "15\\text{ m}^2", ("15\\text{ m}",)),
    Said("15 mètres carrés", "15\\text{ m}^2", ("15\\text{ m}",)), Said("15 metros cuadrados", "15\\text{ m}^2", ("15\\text{ m}",)), Said("15 metri quadrati", "15\\text{ m}^2", ("15\\text{ m}",)), Said("15 кв. м", "15\\text{ m}^2", ("15\\text{ m}",)),
    Said("15 meters squared", "15\\text{ m}^2", ("225", "15\\text{ m}")), Said("15 cubic feet", "15\\text{ ft}^3", ("15\\text{ ft}^2",)), Said("15 feet cubed", "15\\text{ ft}^3", ("3375",)), Said("15 m³", "15\\text{ m}^3", ("15\\text{ m}^2",)),
    Said("15 cm^2", "15\\text{ cm}^2", ("15\\text{ cm}",)), Said("15 立方厘米", "15\\text{ cm}^3", ("15\\text{ cm}^2",)), Said("60 miles per hour", "60\\text{ mph}", ("60\\text{ km/h}",)), Said("60 miles an hour", "60\\text{ mph}", ("60\\text{ mi}",)),
    Said("60 km/h", "60\\text{ km/h}", ("60\\text{ m/s}",)), Said("60 kilometers per hour", "60\\text{ km/h}", ("60\\text{ mph}",)), Said("60 км/ч", "60\\text{ km/h}", ("60\\text{ km}",)), Said("9.8 m/s²", "9.8\\text{ m/s}^2", ("9.8\\text{ m/s}",)),
    Said("9.8 meters per second squared", "9.8\\text{ m/s}^2", ("9.8\\text{ m/s}", "96.04")), Said("5元", "5", ("50",)), Said("5円", "5", ("50",)), Said("5 원", "5", ("50",)), Said("₫500", "500", ("50",)), Said("500 đồng", "500", ("50",)),
    Said("500 руб.", "500", ("50",)), Said("500 рублей", "500", ("50",)), Said("500 ₽", "500", ("50",)), Said("500 zł", "500", ("50",)), Said("₩500", "500", ("50",)), Said("500 บาท", "500", ("50",)), Said("500 rupees", "\\text{₹}500", ("\\$500",)),
    Said("500 टका", "500 टका", ("500",)), Said("R\\$500", "500", ("50",)), Said("500 euros", "500\\text{ euros}", ("\\$500",)), Said("JPY 500", "500", ("50",)), Said("500 yen", "500", ("50",)), Said("5 GB", "5\\text{ GB}", ("5\\text{ MB}",)),
    Said("5 megabytes", "5\\text{ MB}", ("5\\text{ kB}",)), Said("5 kW", "5\\text{ kW}", ("5\\text{ MW}",)), Said("5 MW", "5\\text{ MW}", ("5\\text{ mW}",)), Said("5 megawatts", "5\\text{ MW}", ("5\\text{ mW}",)), Said("5 milliwatts", "5\\text{ mW}", ("5\\text{ MW}",)),
    Said("5 kN", "5\\text{ kN}", ("5\\text{ N}",)), Said("5 newtons", "5\\text{ N}", ("5\\text{ J}",)), Said("5 Ω", "5\\text{ ohms}", ("5\\text{ V}",)), Said("5 μm", "5\\text{ micrometers}", ("5\\text{ mm}",)), Said("5 kPa", "5\\text{ kilopascals}", ("5\\text{ Pa}",)),
    Said("45 Grad", "45^\\circ", ("45\\text{ rad}",)), Said("45度", "45^\\circ", ("45\\text{ m}",)), Said("45 grados", "45^\\circ", ("4.5^\\circ",)), Said("45 градусов", "45^\\circ", ("45\\text{ rad}",)), Said("30 degrees Celsius", "30^\\circ\\text{C}", ("30^\\circ\\text{F}",)),
    Said("42 apples", "42", ("43",)), Said("42 students", "42", ("24",)), Said("42个", "42", ("24",)), Said("42人", "42", ("24",)), Said("42명", "42", ("24",)), Said("42 Äpfel", "42", ("24",)), Said("42 personnes", "42", ("24",)),
    Said("42 manzanas", "42", ("24",)), Said("42 человека", "42", ("24",)), Said("42 quả táo", "42", ("24",)), Said("42 red balls", "42", ("24",)), Said("42 men", "42", ("24",)), Said("42 different ways", "42", ("24",)), Said("42 ways", "42", ("24",)),
    Said("42本", "42", ("24",)), Said("42枚", "42", ("24",)), Said("42通り", "42", ("24",)), Said("42 blorps", "42\\text{ blorps}", ("42", "42\\text{ blarps}")), Said("2,5 cm", "2.5", ("25",)), Said("2{,}5\\text{ cm}", "2.5\\text{ cm}", ("25\\text{ cm}",)),
    Said("2,5 \\%", "2.5\\%", ("25\\%",)), Said("x=2,5", "2.5", ("25",)), Said("2,5 €", "2.5", ("25",)), Said("2,5 Meter", "2.5", ("25",)),
)  # fmt: skip
"""The list of units, in several languages."""

REGIONS = (
    Said(r"x \in \mathbb{R}, x \neq 2", r"(-\infty,2)\cup(2,\infty)", (r"\mathbb{R}", r"(2,\infty)")), Said(r"x > 2, x \in \mathbb{R}", r"(2,\infty)", (r"[2,\infty)", r"\mathbb{R}")),
    Said(r"x \in \mathbb{R}, x \geq 2", r"[2,\infty)", (r"(2,\infty)", r"\mathbb{R}")), Said("x ∈ ℝ, x ≠ 2", r"(-\infty,2)\cup(2,\infty)", (r"\mathbb{R}",)), Said(r"x \in \mathbb{R} \text{ and } x > 2", r"(2,\infty)", (r"\mathbb{R}",)),
    Said(r"\{x \in \mathbb{R} : x > 2\}", r"(2,\infty)", (r"(3,\infty)", r"\mathbb{R}")), Said(r"\{x \in \mathbb{R} \mid 0 < x < 9\}", "(0,9)", ("[0,9]",)), Said(r"x \in \mathbb{R} : x > 2", r"(2,\infty)", (r"\mathbb{R}",)), Said(r"x \in \mathbb{R} \mid x \ne 2", r"\mathbb{R}\setminus\{2\}", (r"\mathbb{R}",)),
    Said(r"\text{all real numbers except } 2", r"(-\infty,2)\cup(2,\infty)", (r"\mathbb{R}", "2")), Said(r"x \in \mathbb{R}, 0<x<9", "(0,9)", (r"\mathbb{R}", "(0,8)")), Said(r"x \in \mathbb{R}", r"(-\infty,\infty)", ("(0,1)",)),
    Said(r"x > 2, x \in \mathbb{Z}", r"x > 2, x \in \mathbb{Z}", (r"(2,\infty)", "x>2")), Said(r"\{x \in \mathbb{Z} : x > 2\}", r"\{x \in \mathbb{Z} \mid x>2\}", (r"(2,\infty)", r"\{x \in \mathbb{N} : x > 2\}")), Said(r"\{n \in \mathbb{N} : n < 5\}", r"\{n \in \mathbb{N} \mid n < 5\}", (r"(-\infty,5)",)),
    Said(r"\{x \in \mathbb{Q} : x > 2\}", r"\{x \in \mathbb{Q} : x > 2\}", (r"(2,\infty)",)), Said(r"x \in \mathbb{Z}, x \ne 2", r"x \in \mathbb{Z}, x \ne 2", (r"\mathbb{R}", r"(-\infty,2)\cup(2,\infty)")),
)  # fmt: skip
"""Domains with their ground set."""

KINDS = (
    Said(r"\text{the value } 12", "12", ("21",)), Said(r"\text{the pair } (1, 2)", "(1,2)", ("(2,1)",)), Said(r"\text{the set } \{1,2\}", r"\{1,2\}", (r"\{1,3\}",)), Said(r"\text{the ordered pair } (1, 2)", "(1,2)", ("(2,1)",)), Said("the number 12", "12", ("13",)),
    Said("the point (3,4)", "(3,4)", ("(4,3)",)), Said("the interval (0,9)", "(0,9)", ("[0,9]",)), Said(r"\text{the matrix } \begin{pmatrix}1&2\\3&4\end{pmatrix}", r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", ("10",)), Said("the answer is 12", "12", ("2",)), Said(r"\text{value: } 12", "12", ("13",)),
    Said(r"\text{the fraction } \frac{1}{2}", r"\frac{1}{2}", ("2",)), Said("the integer 12", "12", ("-12",)), Said(r"\text{the line } y=2x+3", "y=2x+3", ("y=2x-3",)), Said("the number five", "5", ("6",)), Said("the number 5 million", "5000000", ("5",)), Said("the set {1, 2}", r"\{1,2\}", (r"\{2,3\}",)),
    Said("① 12", "12", ("1",)), Said("the total 12", "12", ("13",)), Said("the number negative 12", "the number negative 12", ("12",)),
)  # fmt: skip
"""Words in front that only name the kind of value."""

SAID = (*MULTIPLIERS, *CHANGED, *DIGITS, *UNITS, *REGIONS, *KINDS)
