"""Rules 2 to 4: what is a label. Each style is tried with a skipped question and with the answers out of order."""

import pytest

from rest_bench.schema import AnswerType
from tests.parsing.build import parse, read

STYLES = [
    *(
        "Q{}:",
        "Q{}.",
        "Q{})",
        "Q.{}:",
        "Q-{}:",
        "Q {}:",
        "q{}:",
        "Q{} -",
        "Q{}—",
        "Q{} →",
        "Q{} =",
        "Q{} gives",
        "Q{}\n",
    ),
    *("**Q{}:**", "**Q{}**:", "**Q{}**", "__Q{}__:", "_Q{}_:", "***Q{}.***", "## Q{}\n", "### Question {}\n"),
    *("Question {}:", "QUESTION {}", "**Question {}.**", "Question{}:", "Question ({}):", "Question No. {}:"),
    *(
        "Question {} of 3:",
        "Question {}/3:",
        "Q{} (easy):",
        "Q{}'s answer:",
        "Q{} answer:",
        "Q{}：",
        "《Q{}》",
        "【Q{}】",
    ),
    *("[Q{}]", "(Q{})", "Problem {}:", "Problem {}. ", "Problem #{}:", "Problem #{}", "Exercise {}:", "Task {}:"),
    *("Answer {}:", "Answer to Q{}:", "**Answer to Question {}**:", "Answer for Q{}:", "The answer to Q{} is", "A{}:"),
    *("Answers to Q{}:", "Answer (Q{}):", "Final answer to Q{}:", "Correction for Q{}:", "Solution to Problem {}:\n"),
    *("Now Q{}.\n", "Next, Question {}:", "Finally, Q{}:", "So for Q{}:", "Then the answer to Q{}:"),
    *("- Q{}:", "* **Q{}**:", "> Q{}:", "1. Q{}:", "✅ Q{}:", "⭐️ **Q{}** →", "1️⃣ Q{}:", "---Q{}---", "=== Q{} ===\n"),
    *("<b>Q{}:</b>", "<answer>Q{}:", "<p><strong>Question {}</strong>", "\u200fQ{}:", "\ufeffQ{}:"),
    *("\\textbf{{Q{}:}}", "\\text{{Q{}: }}", "\\section*{{Question {}}}", "$Q_{}$:", "Q_{{{}}}:"),
    *(
        "第{}题：",
        "第{}题",
        "第 {} 题：",
        "问题{}：",
        "题目{}：",
        "答案{}：",
        "**第{}题**",
        "所以第{}题：",
        "問題{}：",
        "問{}：",
        "第{}問：",
    ),
    *("Frage {}:", "Aufgabe {}:", "Antwort auf Frage {}:", "Antwort zu Aufgabe {}:", "Lösung zu Aufgabe {}:"),
    *("Réponse {} :", "Réponse à la question {} :", "Exercice {} :", "Pregunta {}:", "Respuesta a la pregunta {}:"),
    *("Questão {}:", "Domanda {}:", "Vraag {}:", "Вопрос {}:", "Ответ на вопрос {}:", "Задача {}.", "Pytanie {}:"),
    *("Soru {}:", "Câu {}:", "문제 {}:", "{}번:", "السؤال {}:"),
    *("| Q{} |", "| **Question {}** |"),
]
BARE_STYLES = [
    *(
        "{}.",
        "{})",
        "({})",
        "**{}.**",
        "**({})**",
        "{}:",
        "#{}:",
        "#{}",
        "### {}.\n",
        "### {}\n",
        "No. {}:",
        "{}️⃣",
        "[{}]",
    ),
    *("{}、", "（{}）", "- {}.", "> {}.", "| {} |", "Solution {}:"),
]
NUMERAL_STYLES = [
    ("Question {}:", ("one", "two", "three")),
    ("Problem {}.", ("One", "Two", "Three")),
    ("Problem {}:", ("I", "II", "III")),
    ("第{}题：", ("一", "二", "三")),
    ("{}、", ("一", "二", "三")),
    ("{}.", ("I", "II", "III")),
    ("{}", ("①", "②", "③")),
    ("{}:", ("First", "Second", "Third")),
    ("**{}:**", ("First", "Second", "Third")),
    ("The {} question asks", ("first", "second", "third")),
    ("{} problem:", ("1st", "2nd", "3rd")),
    ("For the {} problem, we get", ("first", "second", "third")),
    ("Q{}:", ("１", "２", "３")),
]


@pytest.mark.parametrize("style", STYLES + BARE_STYLES)
def test_a_skipped_label_leaves_the_others_in_place(style: str) -> None:
    reply = f"{style.format(1)} so \\boxed{{5}} and then \\boxed{{12}}\n\n{style.format(3)} thus \\boxed{{30}}"
    assert read(reply, 3) == ["12", None, "30"]


@pytest.mark.parametrize("style", STYLES + BARE_STYLES)
def test_the_order_of_labelled_answers_does_not_matter(style: str) -> None:
    blocks = [f"{style.format(k)} \\boxed{{{answer}}}" for k, answer in ((3, 30), (1, 12), (2, 7))]
    assert read("\n".join(blocks), 3) == ["12", "7", "30"]


@pytest.mark.parametrize(("style", "numerals"), NUMERAL_STYLES)
def test_numerals_of_other_kinds_number_questions_too(style: str, numerals: tuple[str, str, str]) -> None:
    first, _, third = (style.format(numeral) for numeral in numerals)
    assert read(f"{first} \\boxed{{5}} then \\boxed{{12}}\n\n{third} \\boxed{{30}}", 3) == ["12", None, "30"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("Q1: \\boxed{12}; Q2: \\boxed{7}; Q3: \\boxed{30}", ["12", "7", "30"]),
        ("Q1: \\boxed{5}, no, \\boxed{12}. Q3: \\boxed{30}", ["12", None, "30"]),
        ("Q1: $\\boxed{12}$ Q2: $\\boxed{7}$ Q3: $\\boxed{30}$", ["12", "7", "30"]),
        ("Q1: it is \\boxed{12} and Q3: it is \\boxed{30}", ["12", None, "30"]),
        ("Q1 gives first \\boxed{5}, then \\boxed{12}. Q3 gives \\boxed{30}.", ["12", None, "30"]),
        ("We know 1. Q1 is clearly \\boxed{12}! The answer to Q3 is \\boxed{30}.", ["12", None, "30"]),
        ("Q1 gives \\boxed{12}, Q2 gives \\boxed{7}, and Q3 gives \\boxed{30}.", ["12", "7", "30"]),
        ("(1) \\boxed{12} (2) \\boxed{7} (3) \\boxed{30}", ["12", "7", "30"]),
        ("(1) \\boxed{12}, (3) \\boxed{30}", ["12", None, "30"]),
        ("| Q1 | \\boxed{12} | Q2 | \\boxed{7} |", ["12", "7", None]),
        ("| Q1 | Q2 | Q3 |\n|---|---|---|\n| \\boxed{12} | \\boxed{7} | \\boxed{30} |", ["12", "7", "30"]),
    ],
)
def test_labels_in_the_middle_of_a_line(reply: str, expected: list[str]) -> None:
    assert read(reply, 3) == expected


@pytest.mark.parametrize(
    "mention",
    [
        *(
            "Recall from Q1: 12. So",
            "by Q1 and",
            "by Q1 and Q2: twice",
            "using Q1, we get",
            "twice the answer to Q1, that is",
        ),
        *(
            "as in Q1:",
            "with **Q1**: 12",
            "(see Q1) it is",
            "compare Question 1: it was",
            "the Q1 result gives",
            "Q1, Q2",
        ),
        *(
            "(Q1 was 12)",
            "Recall that Q1 = 12, so",
            "not Q1 = 12 but",
            "like\nquestion",
            "by\nQ1 and",
            "from Q1 and\nQ2 we get",
        ),
        *(
            "Q1 and Q2 together:\n",
            "If Q1 is 12, then",
            "In Q1 we had",
            "1.5 times",
            "Q1.5 says",
            "FAQ1: no",
            "x_Q1 = 3 gives",
        ),
        *(
            "Step 1: add",
            "\nStep 1: add",
            "\n**Step 1:** add",
            "\nCase 1:",
            "\nPart 1.",
            "\nOption 1:",
            "\n(a)",
            "\nMethod 1:",
            "\n1. add",
        ),
        *(
            "\nFigure 1:",
            "\nEquation 1:",
            "\n1) add",
            "\nFirst, add",
            "\nFirst:",
            "\nExample 1:",
            "\nQuestions 1 and 3:",
            "\nQ1–Q3:",
        ),
        *(
            "\nQ4 = 9 is a quartile.\nSo",
            "\nQ4 2024 was poor.\nSo",
            "\n| 1 | 5 |\n",
            "\n1. \\boxed{5}",
            "\nQ1 and Q2:",
            "\nQuestion 1 and 2 say",
        ),
    ],
)
def test_a_mention_inside_an_answer_is_no_label(mention: str) -> None:
    reply = f"Q1: \\boxed{{12}}\n\nQ2: \\boxed{{7}}\n\nQ3: we look, {mention} \\boxed{{30}}"
    assert read(reply, 3) == ["12", "7", "30"]


def test_a_label_after_an_unfinished_sentence_is_one_if_a_colon_follows() -> None:
    assert read("Q1: the sum of\nQ2: \\boxed{7}", 2) == [None, "7"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("1. add\n2. get \\boxed{12}\n3. halve \\boxed{7}", ["12", "7"]),
        ("First: \\boxed{12}\nSecond: \\boxed{7}\nThird: nothing", ["12", "7"]),
        ("2024. A year. \\boxed{12} and \\boxed{7}", ["12", "7"]),
        ("1.5 is a number \\boxed{12}\n2.5 too \\boxed{7}", ["12", "7"]),
        ("First, read both.\nThe answers: \\boxed{12}, \\boxed{7}", ["12", "7"]),
        ("Q1:\n1. a\n2. b \\boxed{12}\n\nQ2:\n1. c\n2. d \\boxed{7}", ["12", "7"]),
        ("Q5: \\boxed{12}\n\\boxed{7}", ["12", "7"]),
    ],
)
def test_bare_numbers_and_ordinals_are_labels_only_if_they_can_be(reply: str, expected: list[str]) -> None:
    assert read(reply, 2) == expected


def test_ordinals_with_a_comma_are_labels_if_they_name_every_question_once() -> None:
    assert read("First, \\boxed{5}, so \\boxed{12}.\nSecond, \\boxed{7}.", 2) == ["12", "7"]


def test_numbered_steps_inside_ordinals_are_no_labels() -> None:
    assert read("First:\n1. a \\boxed{5}\n2. b \\boxed{12}\nSecond:\n1. c \\boxed{7}", 2) == ["12", "7"]


@pytest.mark.parametrize("style", ["Q{}:", "{}.", "Question {}:"])
def test_labels_from_zero_count_from_one(style: str) -> None:
    reply = "\n".join(f"{style.format(k)} \\boxed{{{answer}}}" for k, answer in ((0, 12), (2, 30)))
    assert read(reply, 3) == ["12", None, "30"]


@pytest.mark.parametrize(
    "further",
    [
        *(
            "Q3: What is 9 minus 4? \\boxed{5}",
            "**Q3:** \\boxed{5}",
            "### Question 3\n\n\\boxed{5}",
            "Problem 3. \\boxed{5}",
        ),
        *(
            "Q3 = \\boxed{5}",
            "Q3 gives \\boxed{5}",
            "Question 3 What is 9 minus 4?\n\\boxed{5}",
            "第3题：\\boxed{5}",
            "问题3：\\boxed{5}",
        ),
        *(
            "Q3: x\n\nQ4: y \\boxed{5}\n\nQ5: \\boxed{6}",
            "Q17: \\boxed{5}",
            "Frage 3: \\boxed{5}",
            "السؤال ٣: \\boxed{5}",
        ),
        *(
            "| Q3 | \\boxed{5} |",
            "- Q3: \\boxed{5}",
            "> Q3: \\boxed{5}",
            "Answer to Q3: \\boxed{5}",
            "Third question: \\boxed{5}",
        ),
        *(
            "**The third problem:** \\boxed{5}",
            "Q3: 5",
            '{"Q3": "\\boxed{5}"}',
            "Question three: \\boxed{5}",
            "Question III: \\boxed{5}",
        ),
        *("Q3: \\boxed{5", "3rd question: \\boxed{5}"),
    ],
)
def test_a_label_above_the_level_begins_a_section_of_no_question(further: str) -> None:
    assert read(f"Q1: \\boxed{{12}}\n\nQ2: \\boxed{{7}}\n\n{further}", 2) == ["12", "7"]
    assert read(f"Q1: \\boxed{{12}}\n\n{further}\n\nQ2: \\boxed{{7}}", 2) == ["12", "7"]
    assert read(f"Q1: \\boxed{{12}}\n\n{further}", 2) == ["12", None]


@pytest.mark.parametrize(
    ("reply", "level", "expected"),
    [
        # At level 1 a further question ends the only one, with a label or without.
        ("Q1: \\boxed{12}\n\nQ2: What is 9 - 4? \\boxed{5}", 1, ["12"]),
        ("So \\boxed{12}.\n\nQuestion 2: What is 9 - 4? \\boxed{5}", 1, ["12"]),
        ("Question 5: What is 5 + 7?\n\\boxed{12}", 1, ["12"]),
        ("As in Q2, \\boxed{12}", 1, ["12"]),
        # Without labels what stands before a further question goes by position.
        ("\\boxed{12}\n\\boxed{7}\n\nQ3: \\boxed{5}", 2, ["12", "7"]),
        ("1. \\boxed{12}\n2. \\boxed{7}\n\nQuestion 3: \\boxed{5}", 2, ["12", "7"]),
        # Pairs, tables and summaries.
        ("Q1 = 12, Q2 = 7, Q3 = 5", 2, ["12", "7"]),
        ("| Q1 | 12 |\n| Q2 | 7 |\n| Q3 | 5 |", 2, ["12", "7"]),
        (
            "Q1: \\boxed{1}\nQ2: \\boxed{2}\nQ3: \\boxed{3}\n\nQ1: \\boxed{12}\nQ2: \\boxed{7}\nQ3: \\boxed{5}",
            2,
            ["12", "7"],
        ),
        ("Q1: \\boxed{12}\nQ2: \\boxed{7}\nQ3: \\boxed{5}\n\nFinal answers: \\boxed{12}, \\boxed{8}", 2, ["12", "8"]),
        ('{"Q1": "\\boxed{12}", "Q2": "\\boxed{7}", "Q3": "\\boxed{5}"}', 2, ["12", "7"]),
        # A second name of the same question, quartiles and quarters are no further questions.
        ("Q1: \\boxed{12}\nQ2 (Problem 12): \\boxed{7}", 2, ["12", "7"]),
        (
            "## Question 1\n**Problem 31.** Add. \\boxed{12}\n\n## Question 2\n**Problem 32.** Halve. \\boxed{7}",
            2,
            ["12", "7"],
        ),
        (
            "Q1: \\boxed{12}\nQ2: Let the quartiles be known.\nQ3 = 9 and the median is 8.\nSo \\boxed{7}",
            2,
            ["12", "7"],
        ),
        ("Q1: \\boxed{12}\nQ2: We look at the sales.\nQ3 2024 was poor.\nSo \\boxed{7}", 2, ["12", "7"]),
        ("Q1: \\boxed{12}\nQ2: we could ask a Q3 about it, \\boxed{7}", 2, ["12", "7"]),
        # A section left empty is no answer, whatever follows.
        ("Q1: \\boxed{12}\nQ2:\nQ3: \\boxed{5}", 2, ["12", None]),
    ],
)
def test_further_questions_overwrite_nothing(reply: str, level: int, expected: list[str | None]) -> None:
    assert read(reply, level) == expected


@pytest.mark.parametrize(
    "key", ["question", "Question", "question_number", "questionId", "problem", "q", "id", "index"]
)
def test_objects_of_json_begin_with_the_number_of_their_question(key: str) -> None:
    objects = [f'{{"{key}": {k}, "answer": "\\boxed{{{answer}}}"}}' for k, answer in ((2, 7), (1, 12))]
    for gap in (", ", ",\n  "):
        assert read(f'{{"answers": [{gap.join(objects)}]}}', 2) == ["12", "7"]
        assert read(f"```json\n[{gap.join(objects)}]\n```", 2) == ["12", "7"]
    further = f'{{"{key}": 3, "answer": "\\boxed{{5}}"}}'
    assert read(f"[{objects[1]}, {objects[0]}, {further}]", 2) == ["12", "7"]
    assert read(f'[{{"{key}": "Q2", "answer": "\\boxed{{7}}"}}, {{"{key}": "Q1", "answer": "\\boxed{{12}}"}}]', 2) == [
        "12",
        "7",
    ]


def test_programs_of_further_questions_are_no_answers() -> None:
    reply = "Q1:\n```python\na = 1\n```\nQ2:\n```python\nb = 2\n```\nQ3:\n```python\nc = 3\n```"
    assert read(reply, 2, "code") == ["a = 1", "b = 2"]


def test_choices_of_further_questions_are_no_answers() -> None:
    assert read("Q1: B\nQ2: C\nQ3: D", 2, "choice") == ["B", "C"]
    assert read("Answer: B\n\nQuestion 2: Which one?\nAnswer: D", 1, "choice") == ["B"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("Q1: \\boxed{\\text{Q2: } 12}\nQ2: \\boxed{7}", ["\\text{Q2: } 12", "7"]),
        ("Q1: so\n```python\n# Q2: not here\nprint(1)\n```\n\\boxed{12}", ["12", None]),
        ("```latex\nQ1: \\boxed{12}\nQ2: \\boxed{7}\n```", ["12", "7"]),
        ("Here \\boxed{99} is an example.\nQ1: \\boxed{12}\nQ2: none", ["12", None]),
        ("Q2: \\boxed{7}\nQ1: \\boxed{12}\nQ2: see above", ["12", "7"]),
        ("Q1: What is 5+7?\nQ2: What is half of 14?\n\nQ1: \\boxed{12}\nQ2: \\boxed{7}", ["12", "7"]),
        ("Q1: \\boxed{12}\nQ2: \\boxed{8}\nCorrection for Q2: \\boxed{7}", ["12", "7"]),
    ],
)
def test_all_sections_of_a_label_belong_together(reply: str, expected: list[str]) -> None:
    assert read(reply, 2) == expected


def test_a_line_of_pairs_gives_back_to_the_question_it_stands_in() -> None:
    reply = "Q1: \\boxed{12}\nQ2: \\boxed{7}\nQ3: the sum of\nQ1 = 12, Q2 = 7\nis \\boxed{19}"
    assert read(reply, 3) == ["12", "7", "19"]


@pytest.mark.parametrize(
    "line",
    [
        "Q1 = 12, Q2 = 7; Q3 = 30",
        "Final answers: Q1 = 12, Q2 = 7, Q3 = 30.",
        "So the final answers are Q1: 12, Q2: 7 and Q3: 30.",
        "Q1 12 | Q2 7 | Q3 30",
        "**Q1**: 12 **Q2**: 7 **Q3**: 30",
        "Q1: $12$, Q2: $7$, Q3: $30$",
        "1) 12, 2) 7, 3) 30",
    ],
)
def test_a_line_that_is_only_pairs_labels_each(line: str) -> None:
    answers = parse(line, 3)
    assert [answer.text for answer in answers] == ["12", "7", "30"]
    assert [answer.found_by for answer in answers] == ["lenient"] * 3


@pytest.mark.parametrize(
    "further",
    [
        "**Bonus question:** 4+5?\n\\boxed{9}",
        "Bonus Question: \\boxed{9}",
        "## Bonus question\n\n\\boxed{9}",
        "Extra question: 4+5? \\boxed{9}",
        "Next question: 4+5?\n\\boxed{9}",
        "### Additional problem\n4+5?\n\\boxed{9}",
        "Bonus problem 1: \\boxed{9}",
        "**Next question**\n\\boxed{9}",
        "Follow-up question: \\boxed{9}",
        "Further question: \\boxed{9}",
        "Bonusfrage: \\boxed{9}",
        "附加题：\\boxed{9}",
        "追加問題：\\boxed{9}",
        "Question bonus : \\boxed{9}",
        "Pregunta adicional: \\boxed{9}",
        "Дополнительный вопрос: \\boxed{9}",
        "- Bonus task: \\boxed{9}",
        "> Extra exercise — \\boxed{9}",
        "Next problem (harder):\n\\boxed{9}",
    ],
)
def test_a_further_question_without_a_number_overwrites_nothing(further: str) -> None:
    assert read(f"Q1: \\boxed{{3}}\n\nQ2: \\boxed{{7}}\n\n{further}", 2) == ["3", "7"]
    assert read(f"Q1: \\boxed{{3}}\n\n{further}\n\nQ2: \\boxed{{7}}", 2) == ["3", "7"]
    assert read(f"So \\boxed{{3}}.\n\n{further}", 1) == ["3"]


@pytest.mark.parametrize(
    ("reply", "level", "answer_type", "expected"),
    [
        ("Q1: \\boxed{3}\n\nNext question:\n\nQ2: \\boxed{7}", 2, "integer", ["3", "7"]),
        ("Q1: \\boxed{3}\n\nNext question: Q2: \\boxed{7}", 2, "integer", ["3", "7"]),
        ("Q1: \\boxed{3}\n\nNext, question 2: \\boxed{7}", 2, "integer", ["3", "7"]),
        ("Q1: \\boxed{3}\n\nNext question 2: \\boxed{7}", 2, "integer", ["3", "7"]),
        ("Q1: \\boxed{3}\nQ2: The bonus question is worth 5, so \\boxed{7}", 2, "integer", ["3", "7"]),
        ("Q1: \\boxed{3}\nQ2: we solve the\nnext problem of the list, \\boxed{7}", 2, "integer", ["3", "7"]),
        ("\\boxed{3}\n\nNext question:\n\\boxed{7}", 2, "integer", ["3", "7"]),
        ("Q1: \\boxed{3}\nQ2: The answer to the extra question: \\boxed{7}", 2, "integer", ["3", "7"]),
        ("Ans to Q2: we get \\boxed{7}\n\nAns to Q1: thus \\boxed{5} no, \\boxed{3}\n", 2, "integer", ["3", "7"]),
        ("Ans. to Q2: 7\n\nAns. to Q1: 3", 2, "integer", ["3", "7"]),
        ("| Q2 | Q1 |\n|---|---|\n| \\boxed{7} | \\boxed{3} |", 2, "integer", ["3", "7"]),
        ("| Q1 | Q2 |\n|---|---|\n| \\boxed{3} | \\boxed{7} |", 2, "integer", ["3", "7"]),
        ("| Question 2 | Question 1 |\n|---|---|\n| \\boxed{7} | \\boxed{3} |", 2, "integer", ["3", "7"]),
        ("| Q2 | Q1 | Q3 |\n|---|---|---|\n| \\boxed{7} | \\boxed{3} | \\boxed{30} |", 3, "integer", ["3", "7", "30"]),
        (
            "Q1: \\boxed{3}\nQ2: \\boxed{8}\n\n| Q2 | Q1 |\n|---|---|\n| \\boxed{7} | \\boxed{3} |",
            2,
            "integer",
            ["3", "7"],
        ),
        ('{"answer_1": "3", "answer_2": "7"}', 2, "integer", ["3", "7"]),
        ('{"answer1": "3", "answer2": 7}', 2, "integer", ["3", "7"]),
        ('{\n  "answer_2": "\\\\boxed{7}",\n  "answer_1": "\\\\boxed{3}"\n}', 2, "integer", ["3", "7"]),
        ('[{"question": 2, "answer": 7}, {"question": 1, "answer": 3}]', 2, "integer", ["3", "7"]),
        (
            '[{"question": 2, "answer": "\\\\boxed{7}"}, {"question": 1, "answer": "\\\\boxed{3}"}]',
            2,
            "integer",
            ["3", "7"],
        ),
        (
            '[{"answer": "\\\\boxed{7}", "question": 2}, {"answer": "\\\\boxed{3}", "question": 1}]',
            2,
            "integer",
            ["3", "7"],
        ),
        (
            '[{"answer": "\\\\boxed{7}", "reason": "x", "id": "Q2"}, '
            '{"answer": "\\\\boxed{3}", "reason": "y \\" z", "id": "Q1"}]',
            2,
            "integer",
            ["3", "7"],
        ),
        ('{"2": "\\\\boxed{7}", "1": "\\\\boxed{3}"}', 2, "integer", ["3", "7"]),
        ('{"1": "3", "2": "7"}', 2, "integer", ["3", "7"]),
        ('{"answers": {"2": "7", "1": "3"}}', 2, "integer", ["3", "7"]),
        ('```json\n{\n "1": 3,\n "2": 7\n}\n```', 2, "integer", ["3", "7"]),
        ('{"1": "B", "2": "D"}', 2, "choice", ["B", "D"]),
        ('{"answers": {"Q2": "7", "Q1": "3"}}', 2, "integer", ["3", "7"]),
        ('{"Q1": {"answer": "3"}, "Q2": {"answer": "7"}}', 2, "integer", ["3", "7"]),
        (
            '{"question_1": {"reasoning": "x", "answer": "\\\\boxed{3}"}, '
            '"question_2": {"reasoning": "y", "answer": "\\\\boxed{7}"}}',
            2,
            "integer",
            ["3", "7"],
        ),
        ('Q1: the map {"1": 5} gives \\boxed{3}\nQ2: \\boxed{7}', 2, "integer", ["3", "7"]),
        ('[{"question": 2, "answer": "B"}, {"question": 1, "answer": "D"}]', 2, "choice", ["D", "B"]),
        ('[{"answer": "B", "question": 2}, {"answer": "D", "question": 1}]', 2, "choice", ["D", "B"]),
        ('{"Q1": "3", "Q2": "7", "Q3": "9"}', 2, "integer", ["3", "7"]),
        ('{"question": 1, "final_answer": 3}\n{"question": 2, "final_answer": 7}', 2, "integer", ["3", "7"]),
        (
            '{"problem_number": 2, "answer": "\\\\boxed{7}"}\n{"problem_number": 1, "answer": "\\\\boxed{3}"}',
            2,
            "integer",
            ["3", "7"],
        ),
        ('{"Question 2": "\\\\boxed{7}", "Question 1": "\\\\boxed{3}"}', 2, "integer", ["3", "7"]),
        ('{"q2": 7, "q1": 3}', 2, "integer", ["3", "7"]),
        ('{"Problem_2": 7, "Problem_1": 3}', 2, "integer", ["3", "7"]),
        ('{"A1": 3, "A2": 7}', 2, "integer", ["3", "7"]),
    ],
)
def test_names_of_questions_in_headers_keys_and_prose(
    reply: str, level: int, answer_type: AnswerType, expected: list[str | None]
) -> None:
    assert read(reply, level, answer_type) == expected
