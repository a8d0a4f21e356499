import pytest

from tests.parsing.build import parse, read

SPEEDS = {"A": "2.5 m/s", "B": "5 m/s", "C": "7.5 m/s", "D": "10 m/s"}
TEN = {letter: f"option {letter}" for letter in "ABCDEFGHIJ"}


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        *(
            ("x\nANSWER: \\boxed{B}", "B"),
            ("The answer is B.", "B"),
            ("The answer is: **B**", "B"),
            ("Answer: (C)", "C"),
        ),
        *(
            ("**Answer:** C", "C"),
            ("**Answer**: **(C)**", "C"),
            ("Final Answer: D", "D"),
            ("final answer is $\\boxed{D}$", "D"),
        ),
        *(
            ("The correct option is B", "B"),
            ("The correct answer is (d).", "D"),
            ("Correct choice: A", "A"),
            ("ANSWER IS D. A is", "D"),
        ),
        *(
            ("the answer is option C", "C"),
            ("The answer is therefore C.", "C"),
            ("Answer = B", "B"),
            ("Answer -> B", "B"),
        ),
        *(
            ("Answer: \\text{B}", "B"),
            ("Answer: $B$", "B"),
            ("Answer: \\(\\mathrm{B}\\)", "B"),
            ("so\n#### Answer\nB", "B"),
        ),
        *(
            ("Answer:\n\n**B**", "B"),
            ("answer: a", "A"),
            ("answer: a.", "A"),
            ("The answer is A because x", "A"),
            ("answer choice: B", "B"),
        ),
        *(
            ("Answer: B) 5 m/s", "B"),
            ("Answer: B. because", "B"),
            ("Answer: B, since A is wrong", "B"),
            ("Answer to Q1: B", "B"),
        ),
        *(
            ("\\boxed{C}. Hm. The answer is B.", "B"),
            ("The answer is B. \\boxed{C}", "C"),
            ("ANSWER: C ANSWER: D", "D"),
        ),
        *(
            ("The answer is B. Hmm. The answer is unclear.", "B"),
            ("\\boxed{B} and all in \\boxed{}", "B"),
            ("\\boxed{B}, \\boxed{B}", "B"),
        ),
        *(
            ("答案是B", "B"),
            ("答案：（B）", "B"),
            ("故选 C", "C"),
            ("所以应选D。", "D"),
            ("正确答案为A。", "A"),
            ("不选B，故选D", "D"),
            ("答案是B因为", "B"),
        ),
        *(
            ("Antwort: B", "B"),
            ("La respuesta correcta es B.", "B"),
            ("Réponse : C", "C"),
            ("Ответ: D", "D"),
            ("정답: B", "B"),
        ),
    ],
)
def test_the_last_explicit_statement_wins(section: str, expected: str) -> None:
    first, second = parse(f"Q1: {section}\nQ2: \\boxed{{D}}", 2, "choice")
    assert (first.text, first.found_by, first.strict) == (expected, "label", True)
    assert second.text == "D"


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        *(
            ("B", "B"),
            ("b", "B"),
            ("(b)", "B"),
            ("\\text{B}", "B"),
            ("\\textbf{(C)}", "C"),
            ("\\mathrm{D}", "D"),
            ("$B$", "B"),
            ("B.", "B"),
        ),
        *(
            ("\\text{(B) } 5", "B"),
            ("B) 5 m/s", "B"),
            ("B. 5", "B"),
            ("B: 5", "B"),
            ("B (5 m/s)", "B"),
            ("5 m/s (B)", "B"),
        ),
        *(("\\text{Answer: B}", "B"), ("\\textbf{Option B}", "B"), ("答案：B", "B")),
        *(
            ("E", None),
            ("A, C", None),
            ("AC", None),
            ("A \\text{ and } C", None),
            ("(A) or (C)", None),
            ("B/D", None),
            ("x", None),
        ),
        *(("P(A)", None), ("E = mc^2", None), ("car", None), ("B'", None)),
    ],
)
def test_a_boxed_letter_may_wear_any_dress_but_stands_alone(box: str, expected: str | None) -> None:
    assert read(f"Q1: \\boxed{{{box}}}\nQ2: \\boxed{{D}}", 2, "choice") == [expected, "D"]


@pytest.mark.parametrize(
    "section",
    [
        *(
            "I cannot determine the answer.",
            "Actually this is tricky.",
            "answer is a car",
            "The answer is A careful one",
            "Either B or D.",
        ),
        *(
            "the answer is I think B",
            "Answer: A, C",
            "Answer: B or D",
            "Answer: A and C.",
            "Answer: AC",
            "Answer: E",
            "Answer: N/A",
        ),
        *(
            "The answer is not A.",
            "The answer is 5 m/s.",
            "answers vary: B",
            "Option A is wrong, option C is right.",
            "\\boxed{B} or \\boxed{C}",
        ),
        *(
            "\\boxed{B",
            "The answer is B. \\boxed{",
            "选项A是错的",
            "选A和C",
            "I think B",
            "Answer: I'd say so",
            "Answer seems to be A",
        ),
        *("The answer is B, but then: the answer is A or C", "Answer: X-rays", "the answer is d = 5"),
        *("A careful look", "A is wrong, C is right", "B is wrong", "A) 1 B) 2 C) 3 D) 4", "a) compute", "", "x\n\nB"),
    ],
)
def test_nothing_is_guessed(section: str) -> None:
    assert read(f"Q1: {section}\nQ2: \\boxed{{D}}", 2, "choice") == [None, "D"]


@pytest.mark.parametrize(
    "section", ["B", "**B**", "(B)", "B.", "b", "B) 5 m/s", "B. Because of x", "B, as shown", "B 5 m/s", "B | x |"]
)
def test_a_letter_right_behind_its_label_is_a_lenient_answer(section: str) -> None:
    first, _ = parse(f"Q1: {section}\nQ2: \\boxed{{D}}", 2, "choice", options=SPEEDS)
    assert (first.text, first.found_by, first.strict) == ("B", "lenient", False)


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("\\boxed{7.5 \\text{ m/s}}", "C"),
        ("\\boxed{10\\,\\mathrm{m/s}}", "D"),
        ("\\boxed{$5$ m/s.}", "B"),
        ("\\boxed{5}", "B"),
        ("\\boxed{5.0}", "B"),
        ("the answer is 5 m/s, so \\boxed{5}", "B"),
        ("B \\boxed{7.5}", "C"),
    ],
)
def test_the_text_or_number_of_exactly_one_option_is_its_letter(section: str, expected: str) -> None:
    first, _ = parse(f"Q1: {section}\nQ2: \\boxed{{D}}", 2, "choice", options=SPEEDS)
    assert (first.text, first.found_by, first.strict) == (expected, "options", True)


@pytest.mark.parametrize(
    ("box", "options", "expected"),
    [
        ("3", SPEEDS, None),
        ("2.5 m/s or 5 m/s", SPEEDS, None),
        ("3", {"A": "3 m", "B": "3 s", "C": "4"}, None),
        ("3", {"A": "3 or 4", "B": "5"}, None),
        ("3 m", {"A": "3 m", "B": "3 m"}, None),
        ("A and C", {"A": "x", "B": "y", "C": "z", "D": "A and C"}, "D"),
        ("c", {"A": "g", "B": "h", "C": "k", "D": "c"}, "D"),
        (r"\dfrac{1}{2}", {"A": r"$\frac{1}{2}$", "B": "2"}, "A"),
        ("9" * 5000, SPEEDS, None),
    ],
)
def test_a_text_that_fits_no_or_two_options_is_no_answer(box: str, options: dict[str, str], expected: str) -> None:
    assert read(f"Q1: \\boxed{{{box}}}", 1, "choice", options=options) == [expected]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("The answer is C because I computed it.", "C"),
        ("I think that J fits best, so \\boxed{J}.", "J"),
        ("Answer: I", "I"),
        ("Answer: I cannot tell", None),
        ("\\boxed{K}", None),
    ],
)
def test_the_options_decide_which_letters_are_offered(section: str, expected: str | None) -> None:
    assert read(f"Q1: {section}", 1, "choice", options=TEN) == [expected]


def test_a_statement_beats_the_text_of_an_option_and_its_letter_may_stand_behind_it() -> None:
    assert read("Q1: \\boxed{5\\text{ m/s}}. Answer: C", 1, "choice", options=SPEEDS) == ["C"]
    assert read("Q1: Answer: 5 m/s (B)", 1, "choice", options=SPEEDS) == ["B"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("ANSWER: B\n\nANSWER: D", ["B", "D"]),
        ("ANSWER: \\boxed{B}\n\nANSWER: \\boxed{D}", ["B", "D"]),
        ("The answer is B. \\boxed{B}\n\nThe answer is D. \\boxed{D}", ["B", "D"]),
        ("v=\\boxed{7.5}. Answer: C\n\nv=\\boxed{10}. Answer: D", ["C", "D"]),
        ("ANSWER: B\n\n\\boxed{D}", ["B", "D"]),
        ("\\boxed{B; D}", ["B", "D"]),
        ("\\boxed{7.5}\n\\boxed{10}", ["C", "D"]),
        ("Answer: B. No. Answer: C. So \\boxed{C}\n\n\\boxed{D}", ["C", "D"]),
        ("ANSWER: B", [None, None]),
        ("1) **B**\n2) (D)", ["B", "D"]),
        ("Q1: 答案：Ｂ\nQ2: \\boxed{Ｄ}", ["B", "D"]),
        ("第1题：故答案选：B\n第2题：选择D项", ["B", "D"]),
        ("Q1: The answer is **(B) 5 m/s**.\nQ2: The answer is $\\mathbf{D}$", ["B", "D"]),
        ("Q1: Which?\nA) 1\nB) 2\nANSWER: \\boxed{B}\n\nQ2: Which?\nA) 1\nB) 2\nANSWER: \\boxed{D}", ["B", "D"]),
        ("ANSWER: B\nANSWER: C\nANSWER: D", [None, None]),
        ("Q1: \\boxed{B}\nQ2: hm\n\nFinal answers: \\boxed{B}, \\boxed{D}", ["B", "D"]),
        ("Q1-B, Q2-D", ["B", "D"]),
        ("Answers: Q1: B, Q2: D", ["B", "D"]),
        ("| Q | A |\n|---|---|\n| Q1 | **B** |\n| Q2 | **D** |", ["B", "D"]),
        ("Q1: x\nQ2: \\boxed{D}\nQ1: The answer is B", ["B", "D"]),
    ],
)
def test_two_choices(reply: str, expected: list[str]) -> None:
    assert read(reply, 2, "choice", options=SPEEDS) == expected


NONE = {"A": "1 only", "B": "2 only", "C": "Either A or B", "D": "None of the above"}


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        *(
            ("Answer: None of the above", "D"),
            ("Answer: none of the above.", "D"),
            ("**Answer:** None of the above", "D"),
        ),
        *(
            ("The answer is None of the above.", "D"),
            ("\\boxed{None of the above}", "D"),
            ("Answer: Either A or B", "C"),
        ),
        *(("Answer: C (Either A or B)", "C"), ("Answer: 2 only", "B"), ("Respuesta: None of the above", "D")),
        *(("ANSWER: \\boxed{\\text{None of the above}}", "D"), ("Answer: B\nAnswer: None of the above", "D")),
        *(
            ("None of the above", None),
            ("Answer: None of these", None),
            ("Answer: none", None),
            ("Answer: A or B", None),
        ),
        *(
            ("I think none of the above is right. Answer: B", "B"),
            ("Answer: unknown", None),
            ("Answer: A\nAnswer: unknown", "A"),
        ),
    ],
)
def test_the_text_of_one_option_in_an_answer_line_names_it(reply: str, expected: str | None) -> None:
    assert read(reply, 1, "choice", options=NONE) == [expected]


def test_a_text_that_two_options_share_names_none() -> None:
    assert read("Answer: None of the above", 1, "choice", options={**NONE, "A": "None of the above"}) == [None]


@pytest.mark.parametrize(
    "reply",
    [
        "Answer: B is wrong.",
        "The answer is B is not right",
        "The wrong answer is B.",
        "The incorrect option is B",
        "It is not the answer: B",
    ],
)
def test_a_letter_that_is_denied_is_no_answer(reply: str) -> None:
    assert read(reply, 1, "choice") == [None]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ('{"Q1": "B", "Q2": "D"}', ["B", "D"]),
        ('{"Q2": "D", "Q1": "B"}', ["B", "D"]),
        ('```json\n{\n  "Q2": {"answer": "D"},\n  "Q1": {"answer": "B"}\n}\n```', ["B", "D"]),
        ('{"Q1": "\\boxed{B}", "Q2": "\\boxed{D}", "Q3": "\\boxed{A}"}', ["B", "D"]),
        ('{"question 1": "B", "question 2": "D"}', ["B", "D"]),
        ('{"Frage 2": "D", "Frage 1": "B"}', ["B", "D"]),
    ],
)
def test_replies_in_json_are_read_by_their_keys(reply: str, expected: list[str | None]) -> None:
    assert read(reply, 2, "choice") == expected


def test_a_dash_may_follow_a_letter_behind_its_label() -> None:
    assert read("Q1: B - because it is blue\nQ2: C – clearly", 2, "choice") == ["B", "C"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("Die Antwort ist A, B oder C.", None),
        ("Die Antwort ist entweder A oder B.", None),
        ("Antwort: weder A noch B", None),
        ("Die Antwort lautet: B (nicht C).", "B"),
        ("La respuesta es la A y la B.", None),
        ("La respuesta es a la vez B y C.", None),
        ("Respuesta: ninguna", None),
        ("La respuesta correcta es a) rojo", "A"),
        ("A resposta é a B ou a C.", None),
        ("A resposta é o número 3.", None),
        ("A resposta correta é a) vermelho", "A"),
        ("A resposta é e sempre foi C", None),
        ("La réponse est A et B.", None),
        ("La réponse est la A ou la B", None),
        ("La réponse est à choisir parmi A et B.", None),
        ("La réponse est y compris C", None),
        ("La bonne réponse n'est pas la B mais la C.", None),
        ("La risposta è e rimane B", None),
        ("La risposta è A oppure B.", None),
        ("La risposta corretta è a) rosso", "A"),
        ("La risposta è o A o B", None),
        ("Ответ: А", "A"),
        ("Ответ: В", "B"),
        ("Ответ: Б", None),
        ("Ответ: A и B", None),
        ("Ответ: либо A, либо B", None),
        ("Ответ: не A", None),
        ("Ответ — в задаче нет", None),
        ("Ответ: С учётом", None),
        ("Odpowiedź: A i B", None),
        ("Odpowiedź: a", "A"),
        ("Odpowiedź: A lub B", None),
        ("Odpowiedź to a nie b", None),
        ("Odpověď: A nebo B", None),
        ("Válasz: A vagy B", None),
        ("A válasz: B", "B"),
        ("A válasz a következő: B", None),
        ("A válasz nem B", None),
        ("Răspuns: A sau B", None),
        ("Svar: A eller B", None),
        ("Vastaus: A tai B", None),
        ("Antwoord: A of B", None),
        ("Cevap: A veya B", None),
        ("Cevap: A ya da B", None),
        ("Jawaban: A atau B", None),
        ("Đáp án: A hoặc B", None),
        ("Đáp án: A, B", None),
        ("คำตอบ: A หรือ B", None),
        ("답: A 또는 B", None),
        ("정답: A, B", None),
        ("答案：A或B", None),
        ("答案：A、B", None),
        ("答案：AB", None),
        ("答案：A和B", None),
        ("正解：AまたはB", None),
        ("正解：AとB", None),
        ("उत्तर: A या B", None),
        ("উত্তর: A বা B", None),
        ("الإجابة: A أو B", None),
        ("پاسخ: A یا B", None),
        ("תשובה: A או B", None),
        ("Απάντηση: Α ή Β", None),
        ("Απάντηση: Α", "A"),
        ("Απάντηση: Β", "B"),
        ("Απάντηση: Γ", None),
        ("Jibu: A au B", None),
        ("Sagot: A o B", None),
        ("Відповідь: A або B", None),
        ("Отговор: A или B", None),
        ("பதில்: A அல்லது B", None),
        ("సమాధానం: A లేదా B", None),
        ("جواب: A یا B", None),
        ("答案：选项B", "B"),
        ("答案：B选项", "B"),
        ("答案是选项 B。", "B"),
        ("答案是（B）", "B"),
        ("我认为答案是B", "B"),
        ("答案并不是B", None),
        ("答案不选B", None),
        ("正确答案不是B", None),
        ("错误答案是B", None),
        ("本题选B", "B"),
        ("本题应选择B项", "B"),
        ("因此选 B。", "B"),
        ("故答案为：B", "B"),
        ("故答案为B．", "B"),
        ("故选B．", "B"),
        ("综上，选B", "B"),
        ("所以正确的选项是B", "B"),
        ("选B是错的", None),
        ("따라서 정답은 B", "B"),
        ("정답은 ②", None),
        ("정답: (B)", "B"),
        ("답은 B입니다", "B"),
        ("よって答えはB", "B"),
        ("したがって、正解はBである。", "B"),
        ("答えは「B」です。", "B"),
        ("答え：B。", "B"),
        ("The answer: B!", "B"),
        ("Answer: B…", "B"),
        ("Answer: **B**.", "B"),
        ("Answer:\nB", "B"),
        ("Answer:\n\nB", "B"),
        ("### Answer\n\nB", "B"),
        ("**Final Answer**\n\\boxed{B}", "B"),
        ("**Final Answer:** The final answer is \\boxed{B}", "B"),
        ("The final answer is (B). I hope it is correct.", "B"),
        ("Final Answer: The final answer is B. I hope it is correct.", "B"),
        ("Answer A is tempting, but the answer is B.", "B"),
        ("My answer: A\nNo: B\nFinal: \\boxed{B}", "B"),
        ("answer is b", "B"),
        ("The answer is a", "A"),
        ("The answer is a.", "A"),
        ("the answer is a)", "A"),
        ("the answer is (a) red", "A"),
        ("the answer is d) all", "D"),
        ("The answer is I", None),
        ("The answer is A level.", None),
        ("The answer is A-level", None),
        ("The answer is B-cell", None),
        ("The answer is C++.", None),
        ("The answer is D'Alembert", None),
        ("The answer is C3", None),
        ("The answer is B12", None),
        ("The answer is AC", None),
        ("The answer is CAB", None),
        ("The answer is A.C.", None),
        ("The answer is Bohr.", None),
        ("Correct answer: None", None),
        ("Answer: (A) or (B)", None),
        ("Answer: (A), (B)", None),
        ("Answer: A & B", None),
        ("Answer: A + B", None),
        ("Answer: A and B.", None),
        ("Answer: A–C", None),
        ("Answer: A-C", None),
        ("Answer: A to C", None),
        ("Answer: A through C", None),
        ("Answer: not A", None),
        ("Answer: neither", None),
        ("Answer: A > B > C", None),
        ("Answer: A vs B", None),
        ("Answer: A = B", None),
        ("Answer: A → B", None),
        ("ANSWER: A\n\nANSWER: B\n\nANSWER: E", None),
        ('{"answer":"B","confidence":0.9}', "B"),
        ("{'answer': 'B'}", "B"),
        ("<answer>B</answer>", None),
        ("answer: {B}", "B"),
        ("answer=B", "B"),
        ('answer="B"', "B"),
        ("answer: ['B']", "B"),
        ("answer: ['A','B']", None),
        ("La respuesta es A, B o C.", None),
        ("答案是A、B和C", None),
        ("Answer: B to D", None),
        ("Answer: B through D", None),
        ("Answer: B vs C", None),
        ("Answer: B — C is wrong", "B"),
        ("Answer: B → blue", "B"),
        ("Answer: B -> C", None),
        ("Answer: B-C", None),
        ("Answer: B.\nThe rest", "B"),
        ("Answer: B.The rest", "B"),
        ("Answer: B to be sure", "B"),
        ("Answer: C#", None),
        ("Answer: C++", None),
        ("Answer: B. C is wrong.", "B"),
        ("The answer is B, as C is wrong.", "B"),
        ("Answer: B, C is wrong", "B"),
        ("Answer: B = 10", "B"),
        ("Answer: B = A", None),
        ("Answer: B (x > 3)", "B"),
        ("Answer: B and that is it", "B"),
        ("Antwort: B, da C falsch ist", "B"),
        ("Resposta: B, e não A", "B"),
        ("**Answer: B** → done", "B"),
        ("Answer: B - C is wrong since", "B"),
        ("Answer: B <br>", "B"),
        ("Answer: B</p>", "B"),
        ("Answer: B<br>C is wrong", "B"),
    ],
)
def test_one_letter_is_stated_two_or_a_word_are_not(reply: str, expected: str | None) -> None:
    assert read(reply, 1, "choice") == [expected]
