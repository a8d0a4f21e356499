"""Labels and digits of many languages, each beside mentions that are none; and the table of words."""

import unicodedata

import pytest

from rest_bench.parsing.languages import all_words, find_languages, words
from tests.parsing.build import read

# Styles of labels; `{}` stands for the number.
LABELS: dict[str, tuple[str, ...]] = {
    "am": ("ጥያቄ {}:",),
    "ar": ("السؤال {}:", "سؤال {}:", "السؤال رقم {}:", "إجابة السؤال {}:", "س{}:", "**السؤال {}**"),
    "bg": ("Въпрос {}:", "Задача {}."),
    "bn": ("প্রশ্ন {}:", "প্রশ্ন {}ঃ", "প্রশ্ন নং {}:"),
    "ca": ("Pregunta {}:",),
    "cs": ("Otázka {}:", "Úloha č. {}:", "{}. otázka:"),
    "da": ("Spørgsmål {}:",),
    "de": ("Frage {}:", "Aufgabe {}:", "### Frage {}", "Antwort auf Frage {}:", "Frage Nr. {}:", "{}. Frage:"),
    "el": ("Ερώτηση {}:",),
    "en": ("Q{}:", "Question {}:", "Problem {}.", "**Q{}**"),
    "es": ("Pregunta {}:", "Respuesta a la pregunta {}:", "Pregunta n.º {}:", "Problema {}:"),
    "et": ("Küsimus {}:",),
    "fa": ("سوال {}:", "پرسش {}:", "پاسخ سوال {}:"),
    "fi": ("Kysymys {}:", "{}. kysymys:"),
    "fr": ("Question {} :", "Problème {} :", "Réponse à la question {} :", "Question n° {} :", "Exercice {}"),
    "gu": ("પ્રશ્ન {}:",),
    "he": ("שאלה {}:",),
    "hi": ("प्रश्न {}:", "सवाल {}:", "प्रश्न संख्या {}:", "**प्रश्न {}:**"),
    "hr": ("Pitanje {}:",),
    "hu": ("Kérdés {}:", "{}. kérdés:", "{}. feladat:"),
    "id": ("Soal {}:", "Pertanyaan {}:", "Soal nomor {}:"),
    "it": ("Domanda {}:", "Risposta alla domanda {}:", "Esercizio {}:"),
    "ja": ("問{}：", "問題{}：", "第{}問：", "質問{}:", "設問{}：", "問題 {}", "問（{}）"),
    "kk": ("Сұрақ {}:", "{}-сұрақ:"),
    "km": ("សំណួរទី {}:",),
    "kn": ("ಪ್ರಶ್ನೆ {}:",),
    "ko": ("문제 {}:", "질문 {}:", "{}번:", "제{}문:", "문항 {}:"),
    "lo": ("ຄຳຖາມ {}:",),
    "lt": ("Klausimas {}:",),
    "ml": ("ചോദ്യം {}:",),
    "mr": ("प्रश्न {}:",),
    "ms": ("Soalan {}:",),
    "my": ("မေးခွန်း {}:",),
    "nl": ("Vraag {}:", "Antwoord op vraag {}:", "Opgave {}:"),
    "no": ("Spørsmål {}:", "Oppgave {}:"),
    "pa": ("ਪ੍ਰਸ਼ਨ {}:",),
    "pl": ("Pytanie {}:", "Zadanie {}.", "Odpowiedź na pytanie {}:", "Pytanie nr {}:"),
    "pt": ("Pergunta {}:", "Questão {}:", "Resposta da pergunta {}:"),
    "ro": ("Întrebarea {}:", "Problema {}:"),
    "ru": ("Вопрос {}:", "Задача {}.", "Ответ на вопрос {}:", "Вопрос № {}:"),
    "sk": ("Otázka {}:",),
    "sr": ("Питање {}:",),
    "sv": ("Fråga {}:", "Uppgift {}:", "Svar på fråga {}:"),
    "sw": ("Swali {}:", "Swali la {}:"),
    "ta": ("கேள்வி {}:", "வினா {}:"),
    "te": ("ప్రశ్న {}:",),
    "th": ("คำถามที่ {}:", "ข้อ {}:", "คำถาม {}:", "ข้อที่ {}"),
    "tl": ("Tanong {}:",),
    "tr": ("Soru {}:", "{}. soru:", "Soru {}'in cevabı:"),
    "uk": ("Питання {}:", "Завдання {}:", "Відповідь на питання {}:"),
    "ur": ("سوال {}:", "سوال نمبر {}:"),
    "uz": ("{}-savol:",),
    "vi": ("Câu {}:", "Câu hỏi {}:", "Bài {}:", "Câu số {}:"),
    "yo": ("Ìbéèrè {}:",),
    "zh": ("第{}题：", "问题{}：", "題目{}：", "第 {} 題", "题{}：", "问题（{}）："),
    "full width": ("Ｑ{}：", "Q　{}：", "Ｑｕｅｓｔｉｏｎ {}："),
}
STYLES = [(language, style) for language, styles in LABELS.items() for style in styles]
ZEROS = {
    unicodedata.name(zero).split(" DIGIT ")[0]: zero
    for zero in map(chr, range(0x30, 0x1FBFF))
    if unicodedata.decimal(zero, -1) == 0 and " DIGIT " in unicodedata.name(zero)
}


def digits(number: int, zero: str) -> str:
    return "".join(chr(ord(zero) + int(digit)) for digit in str(number))


@pytest.mark.parametrize(("language", "style"), STYLES)
def test_labels_of_any_language_give_each_answer_its_question(language: str, style: str) -> None:
    blocks = [f"{style.format(k)} \\boxed{{{k * 11}}}" for k in (3, 1, 2)]
    assert read("\n\n".join(blocks), 3) == ["11", "22", "33"], language
    assert read(unicodedata.normalize("NFD", "\n\n".join(blocks)), 3) == ["11", "22", "33"]
    assert read("\r".join(blocks), 3) == ["11", "22", "33"]
    # One left out leaves the others where they are, and a further one answers nothing.
    assert read("\n\n".join([*blocks[:1], f"{style.format(4)} \\boxed{{44}}"]), 3) == [None, None, "33"]


def test_the_decimal_digits_of_all_scripts_are_tried() -> None:
    assert len(ZEROS) >= 40


@pytest.mark.parametrize("zero", ZEROS.values(), ids=ZEROS.keys())
def test_digits_of_any_script_number_labels_and_stand_in_answers(zero: str) -> None:
    one, two, answer = digits(1, zero), digits(2, zero), digits(42, zero)
    assert read(f"Q{two}: \\boxed{{{answer}}}\nQ{one}: \\boxed{{12}}", 2) == ["12", answer]
    assert read(f"Question {two}: {answer}\nQuestion {one}: 12", 2) == ["12", answer]
    assert read(f"{two}. \\boxed{{{answer}}}\n{one}. \\boxed{{12}}", 2) == ["12", answer]


NO_LABELS = [
    *(
        "Wie in Frage 1 gilt",
        "como en la pregunta 1,",
        "comme dans la question 1,",
        "как в вопросе 1,",
        "come nella domanda 1,",
    ),
    *(
        "wie Frage 1 zeigt,",
        "con la pregunta 1 y",
        "per la domanda prima 1",
        "див. питання 1 і",
        "zie vraag 1 voor",
        "se fråga 1 och",
    ),
    *(
        "anders als Frage 1 und Frage 2,",
        "zgodnie z pytaniem 1,",
        "podle otázky 1,",
        "1. soruya göre",
        "प्रकार जैसे प्रश्न 1 में",
    ),
    *(
        "كما في السؤال 1 أعلاه",
        "همانند سوال 1 است",
        "ดูจากคำถามที่ 1 แล้ว",
        "theo như câu 1 thì",
        "seperti soal 1 di atas",
        "kama swali 1 hapo",
    ),
    *(
        "如同问题1所示",
        "見問題1的解法",
        "그것은 문제 1과 같다",
        "上の問1から",
        "Die 1. Frage war leichter",
        "Die Fragen 1 und 3",
    ),
    *(
        "Aufgaben 1",
        "Vorfrage 1 gibt",
        "Preguntas 1",
        "subpregunta 1 da",
        "Fragebogen 1 gibt",
        "Questionnaire 1 a",
        "Anfrage1 ist",
    ),
]


@pytest.mark.parametrize("mention", NO_LABELS)
def test_a_mention_in_a_sentence_is_no_label(mention: str) -> None:
    assert read(f"Q1: \\boxed{{12}}\n\nQ2: So {mention} \\boxed{{7}}", 2) == ["12", "7"]
    assert read(f"Frage 1: \\boxed{{12}}\n\nFrage 2: Hier gilt, {mention} \\boxed{{7}}", 2) == ["12", "7"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("السؤال الثاني: \\boxed{7}\nالسؤال الأول: \\boxed{12}", ["12", "7"]),
        ("سوال دوم: \\boxed{7}\nسوال اول: \\boxed{12}", ["12", "7"]),
        ("Frage 1: Antwort: 12\nFrage 2: Antwort: 7", ["12", "7"]),
        ("Pregunta 1: 12\nPregunta 2: 7", ["12", "7"]),
        ("প্রশ্ন ১: উত্তর: ১২\nপ্রশ্ন ২: উত্তর: ৭", ["১২", "৭"]),
        ("\\boxed{Frage 1: 12, Frage 2: 7}", ["12", "7"]),
        ("\\boxed{سؤال 2: 7, سؤال 1: 12}", ["12", "7"]),
        ("| Frage | Antwort |\n|---|---|\n| Frage 2 | 7 |\n| Frage 1 | 12 |", ["12", "7"]),
        ("Antwort 1: 12\nAntwort 2: 7", ["12", "7"]),
        ("উত্তর ২: \\boxed{7}\nউত্তর ১: \\boxed{12}", ["12", "7"]),
        ("Jibu 2: \\boxed{7}\nJibu 1: \\boxed{12}", ["12", "7"]),
        ("Frage 1: \\boxed{12}\nFrage 2: \\boxed{7}\nFrage 3: Was ist 9 - 4? \\boxed{5}", ["12", "7"]),
        ('{"Frage 2": "\\boxed{7}", "Frage 1": "\\boxed{12}"}', ["12", "7"]),
        ("Q1: \\boxed{12}\u2028Q2: \\boxed{7}", ["12", "7"]),
        ("Q2: \\boxed{7}\u2029Q1: \\boxed{12}", ["12", "7"]),
        ("Q2: 7\u0085Q1: 12", ["12", "7"]),
        ("Q2: 7\rQ1: 12", ["12", "7"]),
        ("Q2: 7\r\nQ1: 12\r\n", ["12", "7"]),
        ("Q\u200b1: \\boxed{1\u200b2}\n\u200fQ2\u200f: \\box\u00aded{7}", ["12", "7"]),
        ("Q1: 12<|im_end|>\nQ2: 7<|im_end|>", ["12", "7"]),
        ("Q1: \\boxed{12}\nQ2: 7</s>", ["12", "7"]),
    ],
)
def test_values_behind_labels_of_other_languages(reply: str, expected: list[str]) -> None:
    assert read(reply, 2) == expected


# --- the table -------------------------------------------------------------------------------------------------------


def test_words_are_lower_case_and_looked_for_as_they_may_be_encoded() -> None:
    for column in ("questions", "answers", "right"):
        assert all(word == word.lower() and word.strip() == word for word in all_words(column))
    assert unicodedata.normalize("NFD", "réponse") in words("réponse")
    assert "گزینهی" in words("گزینه‌ی")


def test_languages_are_found_by_their_words() -> None:
    assert find_languages("Die ANTWORT ist B", "answers") == ("de",)
    assert "ar" in find_languages("السؤال ١", "questions")
    assert find_languages("plain words only", "answers") == ()
    assert "fr" in find_languages("re\u0301ponse", "answers")
