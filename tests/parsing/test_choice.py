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
