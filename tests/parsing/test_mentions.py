import pytest

from rest_bench.parsing.mentions import ANNOUNCEMENT, LABEL, WEAK, find_mentions


def strengths(text: str, level: int = 3) -> list[tuple[int, float]]:
    return [(mention.number, mention.strength) for mention in find_mentions(text, level)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Q1: 51 - 77", 1),
        ("Q 2. 51 - 77", 2),
        ("**Q3**\n", 3),
        ("(Q2) How many", 2),
        ("- Q2: x", 2),
        ("### Question 3", 3),
        ("<think>Q1: x", 1),
        ("Problem two asks for the sum", 2),
        ("Question number 3:", 3),
        ("Exercise 3 (the lanterns)", 3),
        ("Okay, question 2: x", 2),
        ("Okay, so moving on to the third question.", 3),
        ("Wait, let me double-check question 3.", 3),
        ("Finally, the last question.", 3),
        ("Answer to Q2: 7", 2),
        ("Back to problem 1", 1),
        ("Q2, 45 + 33 = 78", 2),
        ("第3题：", 3),
    ],
)
def test_a_label_turns_the_text_to_its_question(text: str, number: int) -> None:
    assert strengths(text) == [(number, LABEL)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("For Q3, we add.", 3),
        ("Let me check the 1st question again", 1),
        ("I think Q3's answer is 7", 3),
        ("接下来看问题2。", 2),
        ("So for question 2 the answer is 9", 2),
    ],
)
def test_an_announcement_counts_a_little_less(text: str, number: int) -> None:
    assert strengths(text) == [(number, ANNOUNCEMENT)]


@pytest.mark.parametrize(
    "text",
    [
        "As in question 2, we add.",
        "Using the result of Q1, we get 5",
        "This is similar to Q2.",
        "Compare with Q2.",
        "Q1 and 2 are alike",
        "Let's tackle them: Q1, Q2 and Q3.",
        "Question 1 is done.",
        "That's the first question done.",
        "In the last problem, we added",
        "The number of ways in which somebody could have come to the very same answer is that of Q2",
    ],
)
def test_a_question_that_is_only_spoken_of_does_not(text: str) -> None:
    found = strengths(text)
    assert found
    assert all(strength == 0 for _, strength in found)


def test_in_a_question_may_be_either() -> None:
    assert strengths("In question 3, we have") == [(3, WEAK)]


@pytest.mark.parametrize(
    "text", ["Now that Q1 is done, let's move to Q2.", "Moving on from question 1 to question 2."], ids=["done", "from"]
)
def test_a_later_name_of_a_sentence_may_be_the_one(text: str) -> None:
    assert strengths(text) == [(1, 0.0), (2, ANNOUNCEMENT)]


@pytest.mark.parametrize("text", ["The question I need to solve", "Q4: x", "question 2.5", "Q0", "eq1", "Questions"])
def test_what_names_no_question_is_none(text: str) -> None:
    assert strengths(text) == []


def test_a_mention_starts_with_its_sentence() -> None:
    text = "So it is 5. Now, on to Q2: x\n  Q3: y"
    assert [text[mention.start :][:6] for mention in find_mentions(text, 3)] == ["Now, o", "Q3: y"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("### 1.\nx\n### 2.\ny", [1, 2]),
        ("**1.** x\n**2.** y\n", [1, 2]),
        ("1. x\n2. y\n3. z", [1, 2, 3]),
        ("1. add\n2. halve", []),
        ("### 1.\nx\n### 1.\ny", []),
        ("Q1: a\n### 1.\n### 2.", [1]),
    ],
    ids=["headings", "bold", "all questions", "steps", "repeated", "beside names"],
)
def test_bare_numbers_count_where_they_number_the_questions(text: str, numbers: list[int]) -> None:
    assert [number for number, _ in strengths(text)] == numbers
