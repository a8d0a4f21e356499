"""Replies in other languages: answer lines, labels and digits, each beside replies that must not be read so."""

import unicodedata

import pytest

from rest_bench.parsing.languages import LANGUAGES, all_words, find_languages, words
from tests.parsing.build import read

# Language to answer lines; `{}` stands for the letter.
LINES: dict[str, tuple[str, ...]] = {
    "am": ("መልስ: {}",),
    "ar": (
        "الإجابة: {}",
        "الجواب: {}",
        "الإجابة الصحيحة هي {}",
        "الإجابة الصحيحة هي: {}",
        "الجواب الصحيح هو {}.",
        "الإجابة النهائية: {}",
        "إجابة: {}",
        "الإجابة هي الخيار {}",
        "الخيار الصحيح هو {}",
        "**الإجابة:** {}",
    ),
    "bg": ("Отговор: {}", "Правилният отговор е {}.", "Верният отговор е: {}"),
    "bn": ("উত্তর: {}", "উত্তরঃ {}", "সঠিক উত্তর হল {}", "সঠিক উত্তর: {}", "সঠিক উত্তর হলো {}।", "**উত্তর:** {}"),
    "ca": ("Resposta: {}", "La resposta correcta és la {}.", "La resposta és {}", "L'opció correcta és la {}"),
    "cs": ("Odpověď: {}", "Správná odpověď je {}.", "Správná odpověď: {}", "Správná možnost je {}", "Správně je {}."),
    "da": ("Svar: {}", "Det rigtige svar er {}.", "Svaret er {}", "Det korrekte svar er: {}"),
    "de": (
        "Antwort: {}",
        "Die richtige Antwort ist {}.",
        "Die richtige Antwort lautet: {}",
        "Die Antwort ist {}.",
        "Richtige Antwort: {}",
        "**Antwort:** {}",
        "Die korrekte Antwort ist Option {}.",
        "Antwort {}",
        "Die richtige Option ist {}.",
    ),
    "el": ("Απάντηση: {}", "Η σωστή απάντηση είναι {}.", "Η σωστή απάντηση είναι η {}.", "Σωστή απάντηση: {}"),
    "en": ("Answer: {}", "The correct answer is {}.", "The answer is ({}).", "ANSWER: {}", "**Answer:** {}"),
    "es": (
        "Respuesta: {}",
        "La respuesta correcta es {}.",
        "La respuesta correcta es la {}.",
        "La respuesta es la opción {}",
        "La opción correcta es la {}.",
        "**Respuesta correcta:** {}",
        "Respuesta final: {}",
    ),
    "et": ("Vastus: {}", "Õige vastus on {}."),
    "fa": (
        "پاسخ: {}",
        "پاسخ صحیح: {}",
        "پاسخ صحیح گزینه {} است.",
        "پاسخ درست گزینه‌ی {} است",
        "جواب: {}",
        "گزینه صحیح: {}",
    ),
    "fi": ("Vastaus: {}", "Oikea vastaus on {}.", "Oikea vaihtoehto on {}.", "Vastaus on {}"),
    "fr": (
        "Réponse : {}",
        "Réponse: {}",
        "La bonne réponse est {}.",
        "La réponse correcte est la {}.",
        "La réponse est {}.",
        "La bonne réponse est la lettre {}.",
        "**Réponse :** {}",
        "La réponse est l'option {}.",
    ),
    "gu": ("જવાબ: {}",),
    "he": ("תשובה: {}", "התשובה הנכונה היא {}.", "התשובה היא {}", "התשובה הנכונה: {}"),
    "hi": (
        "उत्तर: {}",
        "सही उत्तर: {}",
        "सही उत्तर है: {}",
        "सही उत्तर {} है।",
        "उत्तर {} है।",
        "सही विकल्प {} है।",
        "जवाब: {}",
        "उत्तरः {}",
    ),
    "hr": ("Odgovor: {}", "Točan odgovor je {}.", "Ispravan odgovor je: {}", "Tačan odgovor je {}"),
    "hu": ("Válasz: {}", "A helyes válasz: {}", "A helyes válasz a {}.", "Helyes válasz: {}"),
    "id": (
        "Jawaban: {}",
        "Jawaban yang benar adalah {}.",
        "Jawabannya adalah {}.",
        "Jawaban: **{}**",
        "Pilihan yang benar adalah {}.",
    ),
    "is": ("Svar: {}",),
    "it": (
        "Risposta: {}",
        "La risposta corretta è {}.",
        "La risposta corretta è la {}.",
        "La risposta giusta è la lettera {}.",
        "La risposta è l'opzione {}.",
        "Risposta corretta: {}",
    ),
    "ja": (
        "答え: {}",
        "答え：{}",
        "回答：{}",
        "解答: {}",
        "正解は{}です。",
        "正解：{}",
        "答えは{}です。",
        "正しい答えは{}です。",
        "最終的な答え：{}",
        "正しい選択肢は{}です。",
        "正答：{}",
    ),
    "ka": ("პასუხი: {}",),
    "kn": ("ಉತ್ತರ: {}",),
    "ko": (
        "답: {}",
        "정답: {}",
        "답변: {}",
        "정답은 {}입니다.",
        "답은 {}입니다.",
        "정답은 {}번입니다.",
        "최종 답: {}",
        "올바른 답은 {}입니다.",
    ),
    "lt": ("Atsakymas: {}", "Teisingas atsakymas yra {}."),
    "lv": ("Atbilde: {}", "Pareizā atbilde ir {}."),
    "ml": ("ഉത്തരം: {}",),
    "mr": ("उत्तर: {}",),
    "ms": ("Jawapan: {}", "Jawapan yang betul ialah {}.", "Jawapan betul: {}", "Jawapannya ialah {}"),
    "nl": ("Antwoord: {}", "Het juiste antwoord is {}.", "Het correcte antwoord is optie {}.", "Het antwoord is: {}"),
    "no": ("Svar: {}", "Det riktige svaret er {}.", "Riktig svar: {}", "Riktig svar er {}", "Svaret er {}"),
    "pa": ("ਜਵਾਬ: {}",),
    "pl": (
        "Odpowiedź: {}",
        "Prawidłowa odpowiedź to {}.",
        "Poprawna odpowiedź to: {}",
        "Odpowiedź to {}.",
        "Poprawną odpowiedzią jest {}.",
    ),
    "pt": (
        "Resposta: {}",
        "A resposta correta é {}.",
        "A resposta correta é a letra {}.",
        "A alternativa correta é a {}.",
        "Resposta final: {}",
        "Gabarito: {}",
        "A resposta é a opção {}.",
    ),
    "ro": ("Răspuns: {}", "Răspunsul corect este {}.", "Răspunsul este {}", "Varianta corectă este {}."),
    "ru": (
        "Ответ: {}",
        "Правильный ответ: {}",
        "Правильный ответ — {}.",
        "Правильный ответ – {}",
        "Верный ответ: {}",
        "Правильный вариант: {}",
        "Правильный ответ: вариант {}.",
        "**Ответ:** {}",
        "Ответ — {}.",
        "Правильным ответом является {}.",
    ),
    "sk": ("Odpoveď: {}", "Správna odpoveď je {}."),
    "sl": ("Odgovor: {}", "Pravilen odgovor je {}."),
    "sr": ("Одговор: {}", "Тачан одговор је {}."),
    "sv": ("Svar: {}", "Rätt svar är {}.", "Det rätta svaret är {}.", "Korrekt svar: {}", "Rätt alternativ är {}."),
    "sw": ("Jibu: {}", "Jibu sahihi ni {}.", "Jibu ni {}", "Jibu lililo sahihi ni: {}"),
    "ta": ("பதில்: {}", "விடை: {}", "சரியான பதில்: {}", "சரியான விடை {} ஆகும்."),
    "te": ("సమాధానం: {}", "జవాబు: {}", "సరైన సమాధానం: {}", "సరైన సమాధానం {}."),
    "th": ("คำตอบ: {}", "คำตอบคือ {}", "คำตอบที่ถูกต้องคือ {}", "คำตอบที่ถูกต้องคือข้อ {}", "ตอบ: {}", "ตอบ {}"),
    "tl": ("Sagot: {}", "Ang tamang sagot ay {}.", "Ang sagot ay {}.", "Tamang sagot: {}"),
    "tr": (
        "Cevap: {}",
        "Doğru cevap {}.",
        "Doğru cevap: {}",
        "Yanıt: {}",
        "Doğru cevap {}'dir.",
        "Doğru seçenek {}.",
        "Cevap {}",
    ),
    "uk": ("Відповідь: {}", "Правильна відповідь: {}", "Правильна відповідь — {}.", "Правильний варіант: {}"),
    "ur": ("جواب: {}", "صحیح جواب: {}", "درست جواب {} ہے۔", "صحیح جواب {} ہے"),
    "vi": (
        "Câu trả lời là {}",
        "Đáp án: {}",
        "Đáp án đúng là {}.",
        "Câu trả lời đúng là {}.",
        "Trả lời: {}",
        "Đáp án {}",
        "Đáp án là lựa chọn {}.",
    ),
    "yo": ("Ìdáhùn: {}", "Idahun: {}", "Ìdáhùn náà ni {}", "Àṣàyàn: {}"),
    "zh": (
        "答案：{}",
        "答案是{}",
        "答案是 {}。",
        "正确答案是{}。",
        "正確答案是 {}",
        "正确答案：{}",
        "正確答案為{}",
        "回答：{}",
        "解答：{}",
        "答：{}",
        "答复：{}",
        "故选{}",
        "故选：{}",
        "正确选项是{}",
        "最终答案：{}",
        "選{}",
    ),
}
READ = [(language, line) for language, lines in LINES.items() for line in lines]


@pytest.mark.parametrize(("language", "line"), READ)
def test_an_answer_line_gives_its_letter(language: str, line: str) -> None:
    assert read(line.format("B"), 1, "choice") == ["B"], language
    assert read(f"Some words on A and C.\n\n{line.format('C')}", 1, "choice") == ["C"]
    assert read(f"Q1: {line.format('D')}\n\nQ2: \\boxed{{A}}", 2, "choice") == ["D", "A"]
    assert read(unicodedata.normalize("NFD", line.format("B")), 1, "choice") == ["B"]


def test_at_least_39_languages_are_known() -> None:
    assert len(LINES) >= 39
    assert set(LINES) - {"en"} <= set(LANGUAGES)
    assert len(READ) >= 150


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u202b", "\u2067", "\u200b", "\ufeff", "\u00ad"])
def test_marks_that_nobody_sees_change_no_answer_line(mark: str) -> None:
    for line in ("الإجابة: {}", "Answer: {}", "תשובה: {}", "پاسخ صحیح: {}"):
        spread = mark.join(line.format("B"))
        assert read(spread, 1, "choice") == ["B"]
        assert read(f"Q1: {mark}{spread}{mark}\n{mark}Q2: \\boxed{{{mark}A{mark}}}", 2, "choice") == ["B", "A"]


# Near the lines above, but another letter, two letters, no letter or no answer.
OTHER: list[tuple[str, str | None]] = [
    # The sentence says that it is not the answer.
    ("La respuesta no es B.", None),
    ("La respuesta correcta no es B.", None),
    ("La respuesta incorrecta es B.", None),
    ("Respuesta: B es incorrecta", None),
    ("Die richtige Antwort ist nicht B.", None),
    ("B ist falsch.", None),
    ("Die falsche Antwort ist B.", None),
    ("Antwort: B ist falsch.", None),
    ("Antwort B ist falsch.", None),
    ("La réponse n'est pas B.", None),
    ("La mauvaise réponse est B.", None),
    ("Réponse : B est fausse", None),
    ("La risposta non è B.", None),
    ("La risposta sbagliata è B.", None),
    ("Risposta: B è sbagliata", None),
    ("A resposta não é B.", None),
    ("A resposta errada é B.", None),
    ("Resposta: B está errada", None),
    ("Неправильный ответ: B", None),
    ("Ответ не B.", None),
    ("Ответ: B неверен", None),
    ("Неверный вариант: B", None),
    ("Неправильна відповідь: B", None),
    ("Відповідь не B", None),
    ("Błędna odpowiedź to B.", None),
    ("Odpowiedź to nie B.", None),
    ("Odpowiedź: B jest błędna", None),
    ("Špatná odpověď je B.", None),
    ("Odpověď není B.", None),
    ("Het foute antwoord is B.", None),
    ("Het antwoord is niet B.", None),
    ("Fel svar: B", None),
    ("Svaret är inte B.", None),
    ("Forkert svar: B", None),
    ("Svaret er ikke B.", None),
    ("Väärä vastaus on B.", None),
    ("Vastaus ei ole B.", None),
    ("Yanlış cevap: B", None),
    ("Doğru cevap B değil.", None),
    ("Doğru cevap B değildir.", None),
    ("सही उत्तर B नहीं है।", None),
    ("गलत उत्तर: B", None),
    ("उत्तर: B गलत है", None),
    ("সঠিক উত্তর B নয়।", None),
    ("ভুল উত্তর: B", None),
    ("درست جواب B نہیں ہے۔", None),
    ("غلط جواب: B", None),
    ("پاسخ صحیح B نیست.", None),
    ("پاسخ: B نادرست است", None),
    ("الإجابة الصحيحة ليست B", None),
    ("الإجابة: B خاطئة", None),
    ("答えはBではない。", None),
    ("答えはBではありません。", None),
    ("正解はBじゃない", None),
    ("間違った答え：B", None),
    ("정답은 B가 아닙니다.", None),
    ("답은 B가 아니다", None),
    ("틀린 답: B", None),
    ("答案不是B", None),
    ("答案B是错的", None),
    ("错误答案是B", None),
    ("錯誤的答案是B", None),
    ("不选B", None),
    ("คำตอบไม่ใช่ B", None),
    ("คำตอบ: B ไม่ถูกต้อง", None),
    ("Đáp án không phải B", None),
    ("Đáp án: B sai", None),
    ("Jawaban salah: B", None),
    ("Jawaban bukan B", None),
    ("Jawaban: B salah", None),
    ("Jibu si B", None),
    ("Maling sagot: B", None),
    ("Ang sagot ay hindi B", None),
    ("A rossz válasz: B", None),
    ("Răspunsul greșit este B", None),
    ("Răspunsul nu este B", None),
    ("Η λανθασμένη απάντηση είναι B", None),
    ("Η απάντηση δεν είναι B", None),
    ("The wrong answer is B.", None),
    ("The answer is not B.", None),
    ("Answer: B is wrong", None),
    ("התשובה השגויה היא B", None),
    ("התשובה היא לא B", None),
    ("சரியான பதில் B அல்ல", None),
    ("సరైన సమాధానం B కాదు", None),
    ("La resposta no és B", None),
    # Two letters.
    ("Respuesta: B o C", None),
    ("Respuesta: A y C", None),
    ("Antwort: B oder C", None),
    ("Antwort: A und B", None),
    ("Réponse : B ou C", None),
    ("Réponse : B et C", None),
    ("Risposta: B o C", None),
    ("Resposta: B ou C", None),
    ("Ответ: B или C", None),
    ("Ответ: A и C", None),
    ("Відповідь: B або C", None),
    ("Odpowiedź: B lub C", None),
    ("Odpověď: B nebo C", None),
    ("Antwoord: B of C", None),
    ("Svar: B eller C", None),
    ("Vastaus: B tai C", None),
    ("Cevap: B veya C", None),
    ("उत्तर: B या C", None),
    ("উত্তর: B বা C", None),
    ("جواب: B یا C", None),
    ("الإجابة: B أو C", None),
    ("答え：BまたはC", None),
    ("答え：BとC", None),
    ("정답: B 또는 C", None),
    ("정답: B와 C", None),
    ("答案：B或C", None),
    ("答案：B和C", None),
    ("คำตอบ: B หรือ C", None),
    ("Đáp án: B hoặc C", None),
    ("Jawaban: B atau C", None),
    ("Jibu: B au C", None),
    ("Sagot: B o C", None),
    ("Válasz: B vagy C", None),
    ("Răspuns: B sau C", None),
    ("Απάντηση: B ή C", None),
    ("תשובה: B או C", None),
    ("பதில்: B அல்லது C", None),
    ("సమాధానం: B లేదా C", None),
    ("Respuesta: B, C", None),
    ("الإجابة: B، C", None),
    ("答案：B、C", None),
    ("Odgovor: B ili C", None),
    ("Отговор: B или C", None),
    ("Jawapan: B atau C", None),
    ("پاسخ: B یا C", None),
    ("Ìdáhùn: B tàbí C", None),
    # A letter that is not offered.
    ("Respuesta: E", None),
    ("Antwort: K", None),
    ("Réponse : F", None),
    ("答案：E", None),
    ("정답: Z", None),
    ("Ответ: Е", None),
    ("उत्तर: G", None),
    ("الإجابة: X", None),
    ("Cevap: Q", None),
    ("Đáp án: E", None),
    # The letter begins a word, or is one.
    ("Antwort: Bücher", None),
    ("Antwort: Ähnlich", None),
    ("Antwort: Die Summe", None),
    ("Antwort: Beide", None),
    ("Respuesta: A partir de aquí se suma", None),
    ("Resposta: A soma é 5", None),
    ("Réponse : C'est 5", None),
    ("Réponse : À 5 heures", None),
    ("Réponse : D'après le texte", None),
    ("Risposta: A volte si somma", None),
    ("Odpowiedź: A zatem suma", None),
    ("Odpověď: A proto je to 5", None),
    ("Válasz: A kettő összege", None),
    ("Svar: Att räkna", None),
    ("Vastaus: Ainoa tapa", None),
    ("Ответ: В этом случае 5", None),
    ("Ответ: А затем 5", None),
    ("Ответ: С другой стороны", None),
    ("Відповідь: А потім 5", None),
    ("Đáp án: Các số", None),
    ("Câu trả lời là có", None),
    ("Antwoord: Alle drie", None),
    ("Cevap: Bu soru", None),
    ("Jawaban: Dua", None),
    ("Sagot: Ang lahat", None),
    ("Respuesta: Ángulo", None),
    ("Resposta: Água", None),
    ("Răspuns: Două", None),
    ("उत्तर: कम", None),
    ("الإجابة: بعد", None),
    ("תשובה: בית", None),
    ("คำตอบ: กา", None),
    ("উত্তর: কম", None),
    ("پاسخ: جمع", None),
    ("Απάντηση: Βέβαια", None),
    # Words that are near an answer line.
    ("Las respuestas dependen de B.", None),
    ("Die Antworten hängen von B ab.", None),
    ("La pregunta B es difícil.", None),
    ("Antworte mit B, wenn du magst.", None),
    ("Die Antwort B ist länger als A.", None),
    ("Ответы зависят от B.", None),
    ("B", None),
    ("Option B wäre möglich.", None),
    ("La opción B es larga.", None),
    ("选项B很长", None),
    ("उत्तर देने के लिए B देखें", None),
    # The last one counts.
    ("Respuesta: A\n\nRespuesta: B", "B"),
    ("Antwort: A\nDie richtige Antwort ist C.", "C"),
    ("答案：A\n答案：D", "D"),
    ("Respuesta: B\n\nLa respuesta no es C.", "B"),
    ("Antwort: B\nDie falsche Antwort ist C.", "B"),
    ("正解はBではない。正解はCです。", "C"),
    ("Answer: A\nRéponse : B", "B"),
    # Brackets, reasons and the text of the option behind.
    ("Respuesta: (B)", "B"),
    ("Respuesta: B) 5 m", "B"),
    ("Antwort: B, denn 5 ist mehr.", "B"),
    ("Antwort: A, weil 5 mehr ist.", "A"),
    ("Respuesta: A porque es mayor", "A"),
    ("Réponse : A parce que 5", "A"),
    ("Risposta: A perché 5", "A"),
    ("Ответ: A, потому что 5", "A"),
    ("Resposta: A pois 5", "A"),
    ("Odpowiedź: A ponieważ 5", "A"),
    ("Cevap: A çünkü 5", "A"),
    ("Jawaban: A karena 5", "A"),
    ("Antwoord: A omdat 5", "A"),
    ("Đáp án: A vì 5", "A"),
    ("Vastaus: A koska 5", "A"),
    ("答案：B。因为A不对", "B"),
    ("Respuesta: b", "B"),
    ("Antwort: b.", "B"),
    ("Antwort: b wie Baum", None),
    ("Ответ: \\boxed{B}", "B"),
    ("Respuesta: $\\boxed{\\text{B}}$", "B"),
    ("Réponse : **B**<|im_end|>", "B"),
    ("答案：B</s>", "B"),
    ("Antwort: B<end_of_turn>", "B"),
    ("उत्तर: B<|eot_id|>", "B"),
    ("ANSWER: \\boxed{B}<|eot_id|><|eot_id|>", "B"),
]


@pytest.mark.parametrize(("reply", "expected"), OTHER)
def test_what_is_near_an_answer_line_is_read_for_what_it_is(reply: str, expected: str | None) -> None:
    assert read(reply, 1, "choice") == [expected]
    assert read(f"Q1: \\boxed{{A}}\nQ2: words.\n{reply}", 2, "choice") == ["A", expected]


# --- labels ----------------------------------------------------------------------------------------------------------

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


# --- letters of other scripts ----------------------------------------------------------------------------------------

NATIVE = [
    *(
        ("الإجابة: أ", "A"),
        ("الإجابة الصحيحة هي ب", "B"),
        ("الإجابة: ج.", "C"),
        ("الجواب: (د)", "D"),
        ("الإجابة: ا", "A"),
    ),
    *(("پاسخ: الف", "A"), ("گزینه صحیح: ب", "B"), ("پاسخ صحیح گزینه ج است.", "C"), ("جواب: د", "D")),
    *(
        ("উত্তর: অ", "A"),
        ("উত্তর: ব", "B"),
        ("উত্তর: ড", "C"),
        ("উত্তর: ঢ", "D"),
        ("সঠিক উত্তর: ক", "A"),
        ("উত্তর: (খ)", "B"),
    ),
    *(("उत्तर: अ", "A"), ("उत्तर: ब", "B"), ("सही उत्तर: ग", "C"), ("उत्तर: (घ)", "D"), ("उत्तर: ख।", "B")),
    *(
        ("תשובה: א", "A"),
        ("התשובה הנכונה היא ב.", "B"),
        ("תשובה: ג", "C"),
        ("คำตอบ: ก", "A"),
        ("คำตอบคือข้อ ข", "B"),
        ("ตอบ ง", "D"),
    ),
    *(
        ("Ответ: А", "A"),
        ("Ответ: В", "B"),
        ("Ответ: С", "C"),
        ("Отговор: В", "B"),
        ("Відповідь: А", "A"),
        ("Одговор: В", "B"),
    ),
    *(
        ("Απάντηση: Α", "A"),
        ("Απάντηση: Β", "B"),
        ("答え：Ｃ", "C"),
        ("正解はＤです。", "D"),
        ("答案：Ａ", "A"),
        ("정답: Ｂ", "B"),
    ),
    *(
        ("ANSWER: \\boxed{ب}", "B"),
        ("\\boxed{В}", "B"),
        ("\\boxed{Ｃ}", "C"),
        ("\\boxed{Antwort B}", "B"),
        ("\\boxed{选项C}", "C"),
    ),
    *(("\\boxed{Opción D}", "D"), ("\\boxed{উত্তর: খ}", "B"), ("\\boxed{(ج)}", "C"), ("\\boxed{Réponse : B}", "B")),
    # Not a letter of an option: a word, a syllable, another letter, two of them.
    *(
        ("Ответ: Б", None),
        ("Ответ: Вода", None),
        ("Ответ: с водой", None),
        ("الإجابة: باب", None),
        ("الإجابة: ب و ج", None),
    ),
    *(("الإجابة: ب أو ج", None), ("उत्तर: कि", None), ("उत्तर: का", None), ("উত্তর: কি", None), ("উত্তর: ক বা খ", None)),
    *(
        ("คำตอบ: กา", None),
        ("תשובה: בבית", None),
        ("Ответ: А или В", None),
        ("Απάντηση: Αυτό", None),
        ("उत्तर: क और ख", None),
    ),
    *(
        ("Ответ: В основном 5", None),
        ("\\boxed{Вода}", None),
        ("\\boxed{باب}", None),
        ("答え：Ｂ、Ｃ", None),
        ("پاسخ: آب", None),
    ),
]


@pytest.mark.parametrize(("reply", "expected"), NATIVE)
def test_letters_of_other_scripts_are_read_where_they_stand_alone(reply: str, expected: str | None) -> None:
    assert read(reply, 1, "choice") == [expected]
    assert read(f"Q1: words\n{reply}\n\nQ2: \\boxed{{A}}", 2, "choice") == [expected, "A"]


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
