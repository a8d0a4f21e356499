import pytest

from rest_bench.parsing.evidence import OVERVIEW, RARE, RESTATED, read_questions, score_paragraphs
from rest_bench.parsing.mentions import find_mentions
from rest_bench.parsing.paragraphs import cut_paragraphs
from rest_bench.schema import Option, Problem

LANTERNS = "Amara has 217 lanterns at the bakery. After giving away 45 lanterns, how many does she have left?"
STAMPS = "Boris has 338 stamps at the harbour. After giving away 45 stamps, how many does he have left?"
KITES = "Chidi has 592 kites. How long, in hours, does it take to fly all kites twice for 19 minutes each?"


def problem(question: str, *options: str) -> Problem:
    shown = tuple(Option(letter="ABCD"[k], text=text) for k, text in enumerate(options))
    return Problem(id="p", question=question, gold="unseen", answer_type="math", options=shown)


def scores(text: str, *questions: str) -> list[float]:
    """Return the evidence of a text that is one paragraph."""
    asked = read_questions([problem(question) for question in questions or (LANTERNS, STAMPS, KITES)])
    mentions = find_mentions(text, len(asked))
    (row,) = score_paragraphs(text, cut_paragraphs(text), mentions, asked)
    return row


def test_numbers_and_words_of_one_question_speak_for_it() -> None:
    plan, lanterns, stamps, kites, summary = scores("She has 217 lanterns and gives some away.")
    assert 0.4 < lanterns <= RARE
    assert (plan, stamps, kites, summary) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "text",
    ["That makes 217.", "Take away 45 now.", "Then 217 lanterns and 338 stamps are the same.", "So 5 + 7 = 12."],
    ids=["one number by chance", "shared by questions", "two questions alike", "of none"],
)
def test_what_speaks_for_no_single_question_is_no_evidence(text: str) -> None:
    assert scores(text)[1:4] == pytest.approx([0, 0, 0], abs=0.1)


def test_a_restatement_of_eight_words_speaks_for_its_question() -> None:
    row = scores("It says: how long, in hours, does it take to fly them")
    assert row[3] >= RESTATED
    assert scores("It says: how long, in hours, does it fly")[3] < RESTATED


def test_words_that_two_questions_share_restate_neither() -> None:
    assert scores("does he or she have left? After giving away 45")[1:3] == [0, 0]


def test_a_formula_of_the_question_is_rare_even_with_small_numbers() -> None:
    row = scores("7 + 5 - 5 = 7", "What is 7 + 5 - 5?", "What is 5 + 7 - 7?", "What is 7 - 5?")
    assert row[1] > 0
    assert row[2:4] == [0, 0]


def test_a_token_that_runs_through_the_whole_thinking_weighs_less() -> None:
    text = "the 592 kites\n\n" * 40 + "the 217 lanterns"
    asked = read_questions([problem(question) for question in (LANTERNS, STAMPS, KITES)])
    rows = score_paragraphs(text, cut_paragraphs(text), (), asked)
    assert rows[-1][1] > rows[0][3]


def test_options_belong_to_their_question() -> None:
    asked = read_questions([problem("Which one?", "a copper kettle"), problem("Which one?", "a wooden ladder")])
    (row,) = score_paragraphs("the copper kettle", [(0, 17)], (), asked)
    assert row[1] > 0
    assert row[2] == 0


def test_questions_without_text_give_no_evidence() -> None:
    assert scores("217 lanterns", "", "", "") == [0] * 5


@pytest.mark.parametrize(
    "text", ["So Q1 = 8, Q2 = 9 and Q3 = 7.", "We have Q1, Q2 and Q3 to do."], ids=["answers", "plan"]
)
def test_a_list_of_questions_is_a_plan_or_a_summary(text: str) -> None:
    assert scores(text) == [OVERVIEW, 0, 0, 0, OVERVIEW]


def test_words_about_all_questions_are_a_plan_and_about_all_answers_a_summary() -> None:
    assert scores("I will take these questions one by one.") == [OVERVIEW, 0, 0, 0, 0]
    assert scores("Now I write down the final answers.") == [0, 0, 0, 0, OVERVIEW]
