import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.parsing import parse_response, split_thinking
from rest_bench.parsing.paragraphs import MAX_PARAGRAPHS
from rest_bench.parsing.segments import Segments, assign_paragraphs, assign_thinking, count_segments
from rest_bench.schema import Problem, Response
from tests.parsing import traces
from tests.parsing.build import make_pack, make_response
from tests.parsing.traces import STYLES, Piece, Story, Style, Trace, join, stories

ARITHMETIC = ("What is 51 - 77 - 23?", "What is 45 + 33?", "What is 8 + 19?")
REPLY = r"""<think>
Q1: 51 - 77 - 23
51 - 77 = -26
-26 - 23 = -49
So the answer is -49.
Wait, let me check.
51 - 77 = -26
-26 - 23 = -49
Yes, -49.

Q2: 45 + 33
45 + 33 = 78
So the answer is 78.
</think>

Answer to Q1: \boxed{-49}
Answer to Q2: \boxed{78}"""


def problems(*questions: str) -> list[Problem]:
    return [
        Problem(id=str(k), question=question, gold="unseen", answer_type="integer")
        for k, question in enumerate(questions)
    ]


def segment(text: str, *questions: str, **fields: object) -> Segments:
    """Segment a reply whose every line has ten tokens."""
    n_lines = (str(fields.get("reasoning") or "") + text).count("\n") + 1
    response = make_response(text, **{"line_tokens": [10] * n_lines, **fields})
    return segments_of(response, problems(*questions))


def segments_of(response: Response, asked: Sequence[Problem]) -> Segments:
    thinking = split_thinking(response)
    return count_segments(response, thinking, assign_thinking(thinking, asked), len(asked))


def test_a_labelled_reply_is_divided_line_by_line() -> None:
    segments = segment(REPLY, *ARITHMETIC[:2])
    assert segments.tokens == (90, 39), "nine lines; three lines and eight of the nine characters of the closing tag's"
    assert segments.other_tokens == 10, "the opening tag"
    assert segments.sure


def test_every_answer_carries_the_tokens_of_its_question() -> None:
    pack = make_pack(*problems(*ARITHMETIC[:2]))
    response = make_response(REPLY, line_tokens=[10] * (REPLY.count("\n") + 1))
    answers = parse_response(response, pack)
    assert [(answer.segment_tokens, answer.segmentation_sure) for answer in answers] == [(90, True), (39, True)]
    assert [answer.thinking_tokens for answer in answers] == [139, 139]


def test_a_question_that_the_thinking_never_reached_has_no_tokens() -> None:
    segments = segment("<think>\nQ1: 51 - 77\n51 - 77 = -26\nSo the", *ARITHMETIC, finish_reason="length")
    assert segments == Segments((30, 0, 0), 10, sure=True)


def test_a_question_that_the_thinking_passed_over_has_no_tokens() -> None:
    segments = segment("<think>\nQ1: 51 - 77\nis -26\n\nQ3: 8 + 19\nis 27\n</think>", *ARITHMETIC)
    assert segments.tokens == (30, 0, 30)
    assert segments.sure


def test_a_return_gives_its_tokens_back_to_the_question() -> None:
    text = "<think>\nQ1: 51\n\nQ2: 45\n\nQ3: 8\n\nWait, let me double-check question 2.\nIt is right.\n</think>"
    assert segment(text, *ARITHMETIC).tokens == (20, 50, 20)


def test_a_plan_and_a_summary_belong_to_no_question() -> None:
    text = "Let me take these questions one by one.\n\nQ1: 51\n\nQ2: 45\n\nQ3: 8\n\nThe final answers are ready."
    segments = segment("done", *ARITHMETIC, reasoning=text + "\n")
    assert segments.tokens == (20, 20, 20)
    assert segments.other_tokens == 30


def test_an_unlabelled_first_question_is_found_by_its_rare_tokens() -> None:
    text = (
        "<think>\n## Getting started\n\nTake 217 lanterns.\nThen 33 more, 250.\n\nQ2: Boris\nhas 338 stamps.\n</think>"
    )
    asked = ("Amara has 217 lanterns and buys 33 more. How many?", "Boris has 338 stamps. How many are left?")
    assert segment(text, *asked) == Segments((30, 30), 30, sure=True)


def test_one_question_has_all_of_the_thinking() -> None:
    assert segment("<think>\nQ7: who knows?\n</think>\nfinal", "What?") == Segments((29,), 0, sure=True)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("final", {}),
        ("<think>\n\n</think>\n\nfinal", {}),
        ("<|channel|>analysis<|message|><|channel|>final<|message|>7", {}),
        ("", {"finish_reason": "error"}),
    ],
    ids=["none", "empty", "empty channel", "error"],
)
@pytest.mark.parametrize("level", [1, 2])
def test_a_response_without_thinking_has_no_segments(text: str, fields: dict[str, object], level: int) -> None:
    assert segment(text, *ARITHMETIC[:level], **fields) == Segments(None, None, None)


def test_without_a_token_count_there_are_no_tokens_but_one_can_be_sure() -> None:
    assert segment(REPLY, *ARITHMETIC[:2], line_tokens=None) == Segments(None, None, sure=True)


def test_without_tokens_per_line_they_are_shared_out_by_characters() -> None:
    segments = segment(REPLY, *ARITHMETIC[:2], line_tokens=None, completion_tokens=len(REPLY))
    start, end = REPLY.index("Q2"), REPLY.index("</think>") + len("</think>")
    assert segments.tokens == (start - len("<think>\n"), end - start)


@pytest.mark.parametrize(
    "text",
    [
        "Let me think about it. It is not easy.",
        "So 8 + 19 is 27 at first sight.\n\nThat was easy enough, and I am done with everything now.",
        "Q1: 51\n\nIn question 2 it was the other way round. Now it goes like this, then like that, and so on.",
    ],
    ids=["no evidence", "only the last question is found, without names", "a name that may be a reference"],
)
def test_thinking_that_does_not_tell_is_unsure(text: str) -> None:
    assert segment(f"<think>{text}</think>", *ARITHMETIC).sure is False


def test_golds_are_never_looked_at() -> None:
    asked = problems(*ARITHMETIC)
    text = "<think>The first is 27.\n\nThe second is 49.\n\nThe third is 78.</think>"
    golds = [[p.model_copy(update={"gold": gold}) for p, gold in zip(asked, ("27", "49", "78"), strict=True)], asked]
    assert len({assign_paragraphs(text, each) for each in golds}) == 1


# --- accuracy on made texts -------------------------------------------------------------------------------------------


def made(style: Style, seed: int, separator: str) -> tuple[Trace, tuple[Story, ...]]:
    draw = random.Random(seed)
    asked = stories(draw.choice([2, 3, 5, 8, 12]), draw)
    return join(list(style(asked, draw)), separator), asked


def accuracies(style: Style, separator: str) -> tuple[list[float], float]:
    """Return the accuracy on each of 25 texts, and the share of them that is sure."""
    found = []
    n_sure = 0
    for seed in range(25):
        trace, asked = made(style, seed, separator)
        assigned = assign_paragraphs(trace.text, [story.problem for story in asked])
        found.append(trace.accuracy(assigned.paragraphs, assigned.states))
        n_sure += assigned.sure
    return found, n_sure / 25


@pytest.mark.parametrize("separator", ["\n\n", "\n"], ids=["paragraphs", "lines"])
@pytest.mark.parametrize("style", STYLES)
def test_at_least_95_percent_of_every_text_go_where_they_belong(style: Style, separator: str) -> None:
    found, sure = accuracies(style, separator)
    assert min(found) >= 0.95
    assert sure >= 0.9


@pytest.mark.parametrize("style", [style for style in STYLES if style is not traces.headings])
def test_a_text_without_any_line_break_is_divided_too(style: Style) -> None:
    found, _ = accuracies(style, " ")
    assert sum(found) / len(found) >= 0.95
    assert min(found) >= 0.9


@pytest.mark.parametrize("kept", [0.3, 0.6])
@pytest.mark.parametrize("style", [traces.labelled, traces.barely_labelled, traces.ordinals])
def test_cut_off_thinking_is_divided_as_far_as_it_goes(style: Style, kept: float) -> None:
    for seed in range(10):
        trace, asked = made(style, seed, "\n\n")
        text = trace.text[: int(len(trace.text) * kept)]
        assigned = assign_paragraphs(text, [story.problem for story in asked])
        spans = tuple((start, min(end, len(text)), state) for start, end, state in trace.spans if start < len(text))
        assert Trace(text, spans).accuracy(assigned.paragraphs, assigned.states) >= 0.9
        assert assigned.sure


# --- properties and speed ---------------------------------------------------------------------------------------------

FRAGMENTS = [
    *("<think>", "</think>", "Q1:", "Q2", "question 3", "### 2.", "**1.**", "1.", "第1题", "the last question", "Q9"),
    *("So ", "Wait, let me check ", "is done", "these questions one by one", "final answers", "\n", "\n\n", ". ", " "),
    *("217 lanterns", "338", "51 - 77 - 23", "45 + 33", "\\frac{1}{2}", "$x$", "x" * 300, "\x00", "\u2028", "😀"),
]
HOSTILE = st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join))


@given(
    text=HOSTILE,
    reasoning=st.none() | HOSTILE,
    questions=st.lists(st.one_of(HOSTILE, st.sampled_from(ARITHMETIC)), min_size=1, max_size=6),
    prefilled=st.booleans(),
    per_line=st.lists(st.integers(0, 50), min_size=1, max_size=5),
    by_line=st.booleans(),
)
def test_segments_sum_to_the_thinking_tokens(
    text: str, reasoning: str | None, questions: list[str], prefilled: bool, per_line: list[int], by_line: bool
) -> None:
    n_lines = ((reasoning or "") + text).count("\n") + 1
    line_tokens = [per_line[k % len(per_line)] for k in range(n_lines)]
    response = make_response(
        text,
        reasoning=reasoning,
        thinking_prefilled=prefilled,
        line_tokens=line_tokens if by_line else None,
        completion_tokens=sum(line_tokens),
    )
    pack = make_pack(*problems(*questions))
    answers = parse_response(response, pack)
    segments = segments_of(response, pack.problems)
    assert segments == segments_of(response, pack.problems)
    assert len({answer.segmentation_sure for answer in answers}) == 1
    if segments.tokens is None:
        assert [answer.segment_tokens for answer in answers] == [None] * len(questions)
        return
    assert segments.other_tokens is not None
    assert tuple(answer.segment_tokens for answer in answers) == segments.tokens
    assert min(*segments.tokens, segments.other_tokens) >= 0
    assert sum(segments.tokens) + segments.other_tokens == answers[0].thinking_tokens


UNITS = [
    *("x is 10.\n\n", "Q1: x\n\n", "Q1 ", ". ", ". So Q2 ", "\n", "\n ", " ", "1", "1 ", "1+1", "1,111", "a", "word "),
    *(
        "the last problem ",
        "question ",
        "# 1. ",
        "**1.** ",
        "So (",
        ">",
        "<a",
        "<think></think>",
        "第1题",
        "Amara has ",
    ),
]


THIRTY = problems(*(f"Amara{k} has {217 + k} lanterns at the harbour and 7 + {k} kites." for k in range(30)))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", UNITS)
def test_no_repeated_text_hangs(unit: str) -> None:
    assert assign_paragraphs("<think>" + unit * (100_000 // len(unit)), THIRTY).states


@pytest.mark.timeout(60)
def test_a_megabyte_of_100000_paragraphs_is_divided() -> None:
    text = "".join(f"Q{k % 30}: {k % 250}\n\n" for k in range(100_000))
    assert len(assign_paragraphs(text, THIRTY).states) <= MAX_PARAGRAPHS


def test_the_plan_of_a_trace_is_no_question() -> None:
    asked = stories(2, random.Random(0))
    trace = join([Piece(0, "I have 2 questions."), Piece(1, "Q1: a"), Piece(2, "Q2: b")])
    assigned = assign_paragraphs(trace.text, [story.problem for story in asked])
    assert trace.accuracy(assigned.paragraphs, assigned.states) == 1
