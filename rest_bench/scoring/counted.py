"""What people count: nouns that may stand behind a number though no question names them, and what goes with them.

Any other thing is a unit only where the gold or the question names it (`named_things`).
"""

import re
from collections.abc import Iterable

from rest_bench.scoring.characters import LETTER
from rest_bench.scoring.measures import normal, unit_of
from rest_bench.scoring.multipliers import OPERATIONS, UNREAD, factor_of

_ENGLISH = """
    way time possibility arrangement combination permutation outcome case choice option route solution root factor
    divisor
    digit integer number value element subset term side edge vertex vertices face diagonal angle triangle square
    rectangle
    circle polygon region point pt line segment intersection cube sphere box unit tile block piece part section
    step move
    turn round game match goal run win vote set group team row column person people man men woman women boy girl child
    children kid adult student pupil teacher friend guest player worker employee customer member passenger family baby
    apple orange banana pear peach plum lemon grape cherry strawberry berry melon pineapple mango fruit vegetable
    carrot
    potato tomato onion egg cookie cake cupcake candy candie pie donut doughnut pizza slice sandwich burger loaf
    loaves bread
    meal serving drink bottle can cup glass jar bag box packet pack package carton crate basket bucket container
    tray bowl
    plate spoon fork knife knive flower rose tree plant leaf leave seed petal animal dog puppy cat kitten cow horse
    sheep goat
    pig chicken hen duck bird fish rabbit bunny mouse mice rat bee ant bug insect spider lion tiger bear elephant
    penguin pet
    leg foot wheel car truck bus train bike bicycle boat plane ship vehicle trip lap ride flight ticket seat chair
    table
    desk bed room floor house home building apartment window door street road book page chapter word letter
    sentence story magazine newspaper paper sheet card stamp sticker coin bill note toy ball balloon marble bead
    doll puzzle
    game pen pencil crayon marker eraser notebook pencil shirt shoe sock hat dress outfit coat jacket sweater button
    ring bracelet necklace stone rock brick log stick board nail screw bolt photo picture painting song movie video
    show
    episode class lesson course test question problem answer exercise point mark grade score_point message email
    call phone computer laptop file photo task job shift order item product gift present prize medal trophy award
    kilowatt star planet shell pearl gem jewel treat snack chip fry brownie muffin roll bun waffle pancake nut bean
    seashell acorn pumpkin watermelon blueberry raspberry bush garden field farm barn fence pole post lamp light bulb
    candle match battery batterie machine robot part tool hammer screwdriver rope string ribbon yarn thread blanket
    quilt towel
    pillow curtain visit meeting party parties event night class stop lane neighbor cousin brother sister son daughter
    sibling parent guy lady ladies soldier sailor doctor nurse farmer baker driver rider runner swimmer dancer singer
    token counter chip die dice domino cell bacteria molecule atom electron proton neutron photon particle wave cycle
    beat pulse tooth teeth hair finger hand arm stair floor story level lap rep push-up pushup sit-up pull-up jump
    zero pole multiple prime pair_of handshake path coloring labeling committee partition tuple triple word string
    subsequence function pattern sequence matrix matrices graph node vertex
"""
_ADJECTIVES = """
    different distinct possible total real positive red blue green yellow white black pink purple orange brown gold
    silver
    small large big little tall long wide high deep old thick new left remaining extra additional more_in_total
    altogether each in_total in_all all_together overall unique whole full valid ordered favorable such complete
    away apart tall female male adult individual equal other consecutive prime
"""
_OTHER_LANGUAGES = """
    mal personen person stück äpfel apfel schüler kinder bücher punkte wege möglichkeiten seiten
    personnes personne élèves pommes enfants livres façons fois points pièces places
    personas persona manzanas estudiantes niños libros formas maneras veces puntos piezas
    pessoas pessoa maçãs alunos crianças livros maneiras vezes pontos
    persone mele studenti bambini libri modi volte punti pezzi
    человек человека людей яблок яблока яблоко учеников детей книг способов способа раз раза баллов штук шт
    人 个 個 本 枚 冊 册 匹 只 隻 头 頭 条 條 张 張 支 辆 輛 台 棵 朵 件 次 回 倍 种 種 通り 点 箇 つ 名 家 所
    颗 粒 块 片 杯 瓶 袋 盒
    箱 包 束 组 組 套 道 题 題 页 頁 ページ 步 间 間 座 架 艘 列 排 层 層 岁 口 根 把 串 份 羽 軒 足 着 皿 玉 こ
    個人 个人 人民 学生 苹果
    りんご 人数 個の 種類 方法 个苹果 只鸡 本书
    명 개 권 마리 대 번 가지 점 장 사람 자루 송이 그루 판 쪽 배 회 학생 사과
    người quả cái con học_sinh cách lần quyển cuốn viên bạn táo chiếc cây
    شخص أشخاص تفاحة تفاحات طالب طلاب كتاب كتب مرة مرات طريقة طرق نفر عدد سیب
    लोग व्यक्ति सेब छात्र किताबें बार तरीके টি জন টা খানা বার আম বই
    คน ลูก ตัว เล่ม ใบ อัน ชิ้น ครั้ง วิธี ดอก
    osób jabłek mensen appels leerlingen orang buah kişi tane elma adet
"""
CLOSED = frozenset(
    """
    and or not if than least most but when where since because maybe perhaps possibly probably either neither nor
    about is are
    was more less fewer greater none no over under between from below above beyond except excluding without minus plus
    negative positive remainder rest mod modulo base times_more roughly approximately approx around nearly almost
    exactly_not unless until up down to before after versus vs instead rather better worse guess unsure sure wrong
    incorrect unknown undefined nearest rounded twice double triple half sum difference product quotient root power
    squared cubed factorial inverse reciprocal opposite log divided multiplied added subtracted increased decreased
    with by for
    以上 以下 未満 以内 超过 不到 이상 이하 미만 초과
    半 반 rưỡi ครึ่ง نصف половиной einhalb fakultät факториал 階乗 阶乘
    제곱 平方 乗 倍数 квадрате кубе hoch 余 餘 多 強 强 弱 目 番目 零下
    割 成 折 할 半分 一半 debt loss colder hotter higher
    lower smaller larger short halved doubled tripled tens fives grand googol trios twins thousandfold hundredweight
    moins poniżej 前 后 後 kusd keur 一 二 三 四 五 六 七 八 九
    as at it that this these those which what how so then hence therefore or_more oder und nicht non pas ou et y o
    no ni nein
    """.split()  # noqa: SIM905 - a table
)
"""Words that make a remark, a condition, a doubt or another value of what follows a number: never a unit."""
_FILLERS = frozenset(
    {
        "of", "de", "du", "des", "di", "do", "da", "dos", "d", "the", "a", "an", "le", "la", "el", "der", "die", "das",
        "の", "的", "의", "von", "ของ",
    }
)  # fmt: skip


def _normal_words(text: str) -> frozenset[str]:
    return frozenset(singular(normal(word)) for word in text.split())


def singular(word: str) -> str:
    """Return an English noun without the s of its plural; other words lose it too, on both sides of a comparison."""
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    if len(word) > 3 and word[-1] == "s" and word[-2] != "s":
        word = word[:-1]
    return _Y.sub("i", word)


_Y = re.compile(r"(?<=[a-z]{2}[b-df-hj-np-tv-z])(?:y|ie)$")
"""`berry` and the `berrie` of berries are one, and so are `cookie` and `cooky`."""
THINGS = _normal_words(_ENGLISH) | _normal_words(_ADJECTIVES) | _normal_words(_OTHER_LANGUAGES)


_CHANGING = frozenset(
    """
    negative minus mod modulo remainder squared cubed factorial below least most more less fewer than nearest
    almost nearly rounded base inverse reciprocal
    """.split()  # noqa: SIM905 - a table
)


def changes_value(words: Iterable[str]) -> bool:
    """Say whether one of the words of a remark makes another value of what it stands beside: `5 (in millions)`."""
    return any(
        normal(piece) in _CHANGING or (factor_of(piece) and unit_of(piece) is None)
        for word in words
        for piece in pieces(word)
    )


def is_thing(word: str) -> bool:
    """Say whether a word is a thing that people count, or goes with one."""
    return singular(normal(word)) in THINGS


def is_filler(word: str) -> bool:
    """Say whether a word only joins: `3 slices of the pizza`."""
    return normal(word) in _FILLERS


def is_closed(word: str) -> bool:
    """Say whether a word never is a unit, whoever names it."""
    return normal(word) in CLOSED


PER = frozenset(
    {"per", "pro", "par", "por", "each", "every", "an", "a", "je", "на", "в", "每", "毎", "당", "mỗi", "प्रति", "প্রতি"}
)
"""Words between two units that divide."""

_ELIDED = re.compile(r"^[dl]['’](?=\w{2})", re.IGNORECASE)
_LATIN_OR_CYRILLIC = re.compile(r"[\u0000-\u0dff\u1e00-\u1fff]+")
_MAX_PIECE = 8


def pieces(word: str) -> list[str]:
    """Split a word of a script without blanks into numbers and units, the longest first: 万元 into 万 and 元."""
    if unit_of(word) or _LATIN_OR_CYRILLIC.fullmatch(word):
        return [_ELIDED.sub("", word)]
    found, position = [], 0
    while position < len(word):
        ends = range(min(len(word), position + _MAX_PIECE), position, -1)
        end = next((end for end in ends if _is_listed(word[position:end])), len(word))
        found.append(word[position:end])
        position = end
    return found


def _is_listed(piece: str) -> bool:
    return (
        bool(unit_of(piece) or factor_of(piece))
        or normal(piece) in THINGS
        or piece in PER
        or piece in UNREAD
        or is_filler(piece)
        or is_closed(piece)
    )


_WORD = re.compile(rf"{LETTER}+(?:['’-]{LETTER}+)*")


def named_things(question: str, answer: str) -> str:
    """Return the words of an answer that are on no list and stand in the question: what it asks to count.

    They go with the answer to the judge, joined by blanks in the order of the alphabet; most answers have none.
    """
    spoken = {piece for word in _WORD.findall(_COMMAND.sub(" ", answer)) for piece in pieces(word)}
    candidates = {word for word in spoken if (len(word) > 1 or not word.isascii()) and _may_be_thing(word)}
    if not candidates:
        return ""
    asked = {singular(normal(word)) for word in _WORD.findall(question)}
    return " ".join(
        sorted({name for word in candidates if _stands_in(name := singular(normal(word)), asked, question)})
    )


_COMMAND = re.compile(r"\\[A-Za-z]+")


def _may_be_thing(word: str) -> bool:
    if is_closed(word) or factor_of(word) or normal(word) in UNREAD or normal(word) in OPERATIONS:
        return False
    return unit_of(word) is None and singular(normal(word)) not in THINGS


def _stands_in(name: str, asked: set[str], question: str) -> bool:
    return name in asked or (not name.isascii() and name in normal(question))
