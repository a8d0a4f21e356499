"""The units of measurement that may stand behind a number: the list that decides what is a unit.

SI units with their prefixes as symbols and as words, money, time, angles, temperatures, data, percentages, in the
languages that models answer in. What people count stands in counted.py; what changes a value in multipliers.py.
"""

import unicodedata
from itertools import product

# --- SI: prefixes times units -----------------------------------------------------------------------------------------

_PREFIXES = {
    "p": "pico", "n": "nano", "μ": "micro", "m": "milli", "c": "centi", "d": "deci", "da": "deca", "h": "hecto",
    "k": "kilo", "M": "mega", "G": "giga", "T": "tera",
}  # fmt: skip
_SI = {
    "m": "meter meters metre metres", "g": "gram grams gramme grammes", "l": "liter liters litre litres",
    "s": "second seconds", "N": "newton newtons", "J": "joule joules", "W": "watt watts", "V": "volt volts",
    "A": "ampere amperes amp amps", "ohm": "ohm ohms", "Hz": "hertz", "Pa": "pascal pascals", "C": "coulomb coulombs",
    "F": "farad farads", "H": "henry henries", "T": "tesla teslas", "mol": "mole moles", "cal": "calorie calories",
    "eV": "electronvolt electronvolts", "byte": "byte bytes", "bit": "bit bits", "bar": "bars",
    "Wh": "watt-hour watt-hours",
    "K": "kelvin kelvins", "cd": "candela candelas", "lm": "lumen lumens", "lx": "lux", "Bq": "becquerel",
    "Sv": "sievert sieverts", "Gy": "gray grays", "Wb": "weber webers", "S": "siemens", "pc": "parsec parsecs",
}  # fmt: skip
_SYMBOLS_OF = {"ohm": ("Ω", "ohm"), "l": ("l", "L"), "g": ("g", "gm"), "byte": ("B",)}
"""Symbols beside the canonical name."""

# --- everything else: canonical name -> other spellings ---------------------------------------------------------------

_LENGTHS = {
    "in": "inch inches zoll pouce pouces pulgada pulgadas pollici polegadas дюйм дюймов 英寸 インチ",
    "ft": "foot feet pied pieds fuß piedi pés фут футов фута 英尺 フィート 피트",
    "yd": "yard yards yds 码 ヤード", "mi": "mile miles meile meilen milla millas miglia milhas миль мили 英里 "
    "マイル 마일",
    "fathom": "fathoms", "furlong": "furlongs", "league": "leagues", "nmi": "nautical_mile nautical_miles",
    "ly": "light_year light_years light-year light-years lightyear lightyears 光年", "au": "astronomical_unit "
    "astronomical_units", "Å": "ångström angstrom angstroms",
    "m": "metro metros metri mètre mètres метр метра метров м 米 公尺 メートル 미터 mét متر أمتار مترا मीटर মিটার "
    "เมตร "
    "metrów metry meetrit metra متر",
    "km": "kms kilómetro kilómetros quilómetro quilómetros quilômetro quilômetros chilometro chilometri kilomètre "
    "kilomètres километр километра километров км 千米 公里 キロメートル キロ 킬로미터 ki-lô-mét كيلومتر كيلومترات "
    "किलोमीटर কিলোমিটার กิโลเมตร kilometrów kilometry کیلومتر",
    "cm": "cms centímetro centímetros centimetro centimetri centimètre centimètres zentimeter сантиметр сантиметра "
    "сантиметров см 厘米 公分 センチメートル センチ 센티미터 سنتيمتر सेंटीमीटर সেন্টিমিটার เซนติเมตร centymetrów",
    "mm": "milímetro milímetros millimetro millimetri millimètre millimètres миллиметр миллиметра миллиметров мм 毫米 "
    "公厘 ミリメートル ミリ 밀리미터 مليمتر มิลลิเมตร",
    "dm": "decímetros дм 分米", "μm": "micron microns 微米 мкм", "nm": "纳米 нм",
}  # fmt: skip
_MASSES = {
    "g": "gramm gramo gramos grammi grammo grama gramas г грамм грамма граммов 克 公克 グラム 그램 غرام جرام ग्राम "
    "গ্রাম "
    "กรัม gramów",
    "kg": "kgs kilo kilos kilogramm kilogramo kilogramos quilo quilos quilogramas chilogrammi chili chilo кг "
    "килограмм "
    "килограмма килограммов 千克 公斤 キログラム 킬로그램 كيلوغرام كيلو किलो किलोग्राम কিলোগ্রাম কেজি "
    "กิโลกรัม kilogramów کیلوگرم کیلو",
    "mg": "мг 毫克 ミリグラム", "lb": "pound pounds lbs pfund libra libras livre livres фунт фунтов 磅 ポンド 파운드",
    "oz": "ounce ounces onza onzas unze unzen 盎司 オンス 온스", "fl_oz": "fluid_ounce fluid_ounces fl_oz",
    "t": "ton tons tonne tonnes tonnen tonelada toneladas metric_ton metric_tons tonnellate тонн тонна тонны т 吨 "
    "トン 톤 "
    "طن টন टन ตัน", "stone": "", "u": "amu dalton daltons", "carat": "carats", "斤": "", "grain": "grains",
}  # fmt: skip
_TIMES = {
    "ms": "msec msecs millisekunden milisegundos мс 毫秒 ミリ秒 밀리초", "min": "minute minutes mins minuten minuto "
    "minutos "
    "minuti минута минуты минут мин 分钟 分鐘 分 分間 분 분간 phút دقيقة دقائق मिनट মিনিট นาที minut minuty menit "
    "dakika دقیقه minuter minutter хвилин",
    "s": "sec secs second seconds sekunde sekunden seconde secondes segundo segundos secondi secondo секунда секунды "
    "секунд сек с 秒 秒钟 秒鐘 秒間 초 giây ثانية ثوان ثواني सेकंड সেকেন্ড วินาที sekund sekundy detik saniye "
    "ثانیه sekunder",
    "h": "hour hours hr hrs stunde stunden std heure heures hora horas ora ore час часа часов ч 小时 小時 時間 시간 "
    "giờ "
    "ساعة ساعات घंटा घंटे घण्टे ঘন্টা ঘণ্টা ชั่วโมง godzin godziny godzina uur jam saat ساعت timmar",
    "day": "days d tag tage tagen jour jours día días dia dias giorno giorni день дня дней дн 天 日 日間 일 일간 "
    "ngày يوم "
    "أيام يوما दिन দিন วัน dni dzień dagen hari gün روز dagar dager dage",
    "week": "weeks wk wks woche wochen semaine semaines semana semanas settimana settimane неделя недели недель 周 "
    "星期 "
    "礼拜 週 週間 주 tuần أسبوع أسابيع सप्ताह हफ्ते সপ্তাহ สัปดาห์ tygodni tygodnie weken minggu hafta هفته veckor uker uger",
    "fortnight": "fortnights", "month": "months mo mos monat monate monaten mois mes meses mese mesi месяц месяца "
    "месяцев 月 "
    "个月 個月 か月 ヶ月 カ月 ヵ月 개월 달 tháng شهر أشهر شهور महीना महीने মাস เดือน miesięcy miesiące "
    "maanden bulan ay ماه månader måneder",
    "year": "years yr yrs jahr jahre jahren an ans année années año años ano anos anno anni год года лет 年 年間 歳 "
    "岁 歲 才 "
    "년 년간 살 세 năm tuổi سنة سنوات عام عاما أعوام वर्ष साल বছর ปี lat lata jaar tahun yıl سال år",
    "decade": "decades", "century": "centuries", "am": "a.m AM", "pm": "p.m PM", "o'clock": "点 點 時 時刻 시 uhr",
    "night": "nights", "hourly": "", "daily": "", "weekly": "", "monthly": "", "yearly": "annually",
}  # fmt: skip
_VOLUMES = {
    "l": "ltr ltrs litro litros litri литр литра литров л 升 公升 リットル 리터 lít لتر لترات लीटर লিটার ลิตร litrów",
    "ml": "mL cc мл 毫升 ミリリットル 밀리리터 มิลลิลิตร millilitre mililitros", "gal": "gallon gallons галлонов "
    "galones galón 加仑 ガロン 갤런",
    "qt": "quart quarts", "pt": "pint pints", "cup": "cups tasse tassen taza tazas tasses",
    "tbsp": "tablespoon tablespoons tbsps", "tsp": "teaspoon teaspoons tsps", "barrel": "barrels bbl",
    "bushel": "bushels", "peck": "pecks",
    "m^2": "quadratmeter 平方米 平方公尺 平方メートル 平米 제곱미터 кв.м", "cm^2": "quadratzentimeter 平方厘米 "
    "平方公分 "
    "平方センチメートル 제곱센티미터", "km^2": "quadratkilometer 平方千米 平方公里 平方キロメートル 제곱킬로미터",
    "m^3": "kubikmeter 立方米 立方公尺 立方メートル 세제곱미터", "cm^3": "kubikzentimeter 立方厘米 "
    "立方センチメートル 세제곱센티미터",
    "dm^2": "平方分米", "dm^3": "立方分米", "mm^2": "平方毫米", "mm^3": "立方毫米", "ft^2": "sqft "
    "平方英尺", "ft^3": "cuft",
    "acre": "acres", "ha": "hectare hectares hektar hectárea hectáreas гектар гектаров га 公顷 ヘクタール "
    "ettari", "亩": "",
}  # fmt: skip
_SPEEDS = {
    "mph": "miles/hour mi/h", "km/h": "kph kmh km/hr kmph kmh км/ч", "fps": "ft/s feet/second", "m/s": "м/с mps",
    "knot": "knots kn", "rpm": "rev/min", "mpg": "mi/gal", "bpm": "", "km/s": "км/с",
}  # fmt: skip
_ANGLES = {
    "degree": "degrees deg degs grad grados grado gradi graus degré degrés градус градуса градусов 度 도 độ درجة "
    "درجات डिग्री "
    "ডিগ্রি องศา stopni stopnie graden derajat derece",
    "degC": "degreec degreesc degcelsius celsius centigrade 摄氏度 ℃ 攝氏度", "degF": "degreef degreesf degfahrenheit "
    "fahrenheit 华氏度", "rad": "radian radians radianes radianti radianten радиан радиана радианов рад 弧度 "
    "ラジアン 라디안",
    "sr": "steradian steradians", "rev": "revolution revolutions rotation rotations turn turns", "arcmin": "arcminute "
    "arcminutes", "arcsec": "arcsecond arcseconds",
}  # fmt: skip
_MONEY = {
    "cent": "cents ¢ centavos centavo centimes centime копеек копейки копейка 美分 céntimos centesimi penny pennies",
    "$": "dollar dollars usd buck bucks us$ dólar dólares dollari dollaro доллар доллара долларов 美元 美金 ドル "
    "달러 đô-la "
    "دولار دولارات डॉलर ডলার ดอลลาร์ dolarów dolary dolar",
    "€": "euro euros eur евро 欧元 歐元 ユーロ 유로 يورو यूरो ইউরো ยูโร", "£": "gbp quid sterling 英镑 英鎊",
    "¥": "yuan rmb cny 元 圆 块 块钱 塊 人民币 人民幣 元钱 юаней", "yen": "jpy 円 日元 엔 иен йен",
    "₹": "rupee rupees inr rs rupias roupies рупий 卢比 रुपये रुपए रुपया रु रूपये ரூபாய் రూపాయలు",
    "৳": "taka takas bdt টাকা", "₩": "won krw 원 韩元 韓元 ウォン", "₫": "vnd vnđ đồng đ dong",
    "₽": "rub ruble rubles rouble roubles рубль рубля рублей руб р 卢布", "₺": "lira liras try tl", "₴": "uah hryvnia "
    "гривень гривен грн", "฿": "baht thb บาท", "₱": "php", "peso": "pesos mxn", "₪": "shekel shekels ils",
    "chf": "franc francs franken sfr", "real": "reais brl", "zł": "zloty zlotys pln złotych złote",
    "riyal": "riyals sar ريال ريالا", "dinar": "dinars دينار دنانير", "dirham": "dirhams aed درهم", "toman": "تومان",
    "egp": "جنيه جنيها", "rupiah": "idr rp", "krona": "kronor krone kroner sek nok dkk "
    "kr", "kč": "czk koruna koruny korun", "cad": "", "aud": "", "hkd": "",
    "sgd": "", "nzd": "", "naira": "₦ ngn", "rand": "zar", "shilling": "shillings "
    "kes", "dime": "dimes", "nickel": "nickels",
    "ringgit": "myr rm",
}  # fmt: skip
_SHARES = {
    "%": "percent percentage pct percents percentage_points percentage_point prozent pourcent pour_cent por_ciento "
    "por_cento per_cent per_cento процент процента процентов 퍼센트 パーセント phần_trăm بالمئة بالمائة في_المئة "
    "في_المائة "
    "प्रतिशत শতাংশ เปอร์เซ็นต์ procent procenta persen درصد prosent yüzde",
    "‰": "permille per_mille per_mil permil promille per_thousand pour_mille por_mil промилле",
    "ppm": "per_million parts_per_million", "ppb": "per_billion parts_per_billion",
    "bp": "bps basis_point basis_points",
}  # fmt: skip
_OTHERS = {
    "unit": "units unidades unidad unités unité einheiten единиц 单位 단위 đơn_vị", "dB": "decibel decibels", "pH": "",
    "hp": "horsepower", "atm": "atmosphere atmospheres", "psi": "", "mmHg": "", "BTU": "btus", "px": "pixel pixels",
    "dpi": "", "kWh": "kilowatt-hour kilowatt-hours "
    "kwh", "MiB": "", "GiB": "", "KiB": "", "TiB": "", "KB": "", "Mbps": "",
    "Gbps": "", "kbps": "", "ft-lb": "", "'": "", "''": "", '"': "",
}  # fmt: skip

TABLES = (_LENGTHS, _MASSES, _TIMES, _VOLUMES, _SPEEDS, _ANGLES, _MONEY, _SHARES, _OTHERS)
SIGNS = "€£¥₹₩₫₽৳₺₴₪฿₱₦"
"""Signs of money that may stand before or behind a number."""
SHARES = {"%": 100, "‰": 1000, "ppm": 10**6, "ppb": 10**9, "bp": 10**4}
"""Unit -> the whole of which it is a part."""


def normal(word: str) -> str:
    """Return a word as it looks once an answer has been cleaned."""
    return unicodedata.normalize("NFKC", word).lower()


def _names() -> dict[str, str]:
    """Return every name in lower case -> the canonical one; of symbols only those that case does not change."""
    names = {prefix + name: symbol_prefix + unit for (symbol_prefix, prefix), (unit, spelled) in
             product((("", ""), *_PREFIXES.items()), _SI.items()) for name in spelled.split()}  # fmt: skip
    for table in TABLES:
        for unit, spelled in table.items():
            names |= {normal(name): unit for name in (unit, *spelled.split())}
    return names


def _symbols() -> dict[str, str]:
    """Return every symbol of SI, as it is written -> the canonical one."""
    return {
        prefix + symbol: prefix + unit
        for prefix, unit in product(("", *_PREFIXES), _SI)
        for symbol in {unit, *_SYMBOLS_OF.get(unit, ())}
    }


NAMES = _names()
SYMBOLS = {**_symbols(), **{unit: unit for table in TABLES for unit in table}}
_CASELESS = ("m", "g", "l", "Hz", "W", "V", "Pa", "byte", "Wh")
_FOLDED: dict[str, str | None] = {}
for _symbol, _unit in SYMBOLS.items():
    if not _unit.endswith(_CASELESS):
        continue
    _FOLDED[_symbol.lower()] = None if _symbol.lower() in _FOLDED else _unit
"""Symbols whose case does not matter, as no other one is spelled alike."""


def unit_of(word: str) -> str | None:
    """Return the canonical name of a unit, or null where the word is none."""
    if word in SYMBOLS:
        return SYMBOLS[word]
    folded = normal(word)
    return NAMES.get(folded if len(word) > 1 else word) or (_FOLDED.get(folded) if len(word) > 1 else None)
