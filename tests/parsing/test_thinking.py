import pytest

from rest_bench.parsing import split_thinking
from tests.parsing.build import make_response, read

TAGS = [
    ("<think>", "</think>"),
    ("<THINK>", "</Think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reason>", "</reason>"),
    ("<reasoning>", "</reasoning>"),
    ("<reflection>", "</reflection>"),
    ("<scratchpad>", "</scratchpad>"),
    ("<seed:think>", "</seed:think>"),
    ('<think type="long">', "</think>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<|channel>thought", "<channel|>"),
    ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
    ("analysis**Plan**", "assistantfinal"),
]
DRAFT = r"Q1: \boxed{99}"
FINAL = "Q1: \\boxed{12}\nQ2: \\boxed{7}"


def final_text(text: str, **fields: object) -> str:
    return split_thinking(make_response(text, **fields)).final


@pytest.mark.parametrize(("opening", "closing"), TAGS)
def test_a_closed_block_is_thinking(opening: str, closing: str) -> None:
    assert final_text(f"{opening}{DRAFT}{closing}{FINAL}") == FINAL


@pytest.mark.parametrize(("opening", "closing"), TAGS)
def test_a_closing_tag_that_nothing_opened_closes_a_block_that_began_with_the_text(opening: str, closing: str) -> None:
    assert final_text(f"{DRAFT}{closing}{FINAL}") == FINAL


@pytest.mark.parametrize(("opening", "closing"), TAGS[:-1])
def test_a_block_never_closed_hides_the_rest_and_only_the_rest(opening: str, closing: str) -> None:
    assert final_text(f"Q1: \\boxed{{12}}\n{opening}Q2: \\boxed{{7}}") == "Q1: \\boxed{12}\n"


@pytest.mark.parametrize(("opening", "closing"), TAGS)
def test_an_opening_tag_inside_an_open_block_opens_nothing(opening: str, closing: str) -> None:
    assert final_text(f"{opening}one {opening}two{closing}{FINAL}") == FINAL


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<think>a</thinking>b</think>final", "final"),
        ("<think>a</thinking>b", ""),
        ("<think>a<reflection>b</reflection>c</think>final", "final"),
        ("a</think>b</think>final", "final"),
        ("<think>a</think>final</think>", "final</think>"),
        ("<think></think>one<think>x</think>two", "one\ntwo"),
        ("no tags, a < b > c", "no tags, a < b > c"),
        ("I think </ that is it", "I think </ that is it"),
    ],
)
def test_each_family_is_matched_by_itself(text: str, expected: str) -> None:
    assert final_text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cut in the middle", ""),
        ("thinking</think>final", "final"),
        ("<think>\nthinking</think>final", "final"),
        ("thinking <reflection>x</reflection> cut", ""),
        ("thinking <reflection>x</reflection></think>final", "final"),
        ("thinking◁/think▷final", "final"),
        ("thinking <think> again</think>final", "final"),
    ],
)
def test_a_prompt_that_ended_inside_thinking_began_the_block(text: str, expected: str) -> None:
    assert final_text(text, thinking_prefilled=True) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<|channel|>analysis<|message|>never final", ""),
        ("<|channel|>commentary to=tool<|message|>{}<|channel|>final<|message|>done<|return|>", "done<|return|>"),
        ("draft<|channel|>final<|message|>one<|channel|>analysis<|message|>x<|channel|>final<|message|>two", "two"),
        ("analysisWe cut here", ""),
        ("analysisWe go.assistantcommentary{}assistantfinalDone", "Done"),
        ("finalQ1: 12", "Q1: 12"),
        ("analysis of both questions", "analysis of both questions"),
        ("final answers: 12", "final answers: 12"),
        ("analysis: 12", "analysis: 12"),
    ],
)
def test_everything_before_the_final_channel_is_thinking(text: str, expected: str) -> None:
    assert final_text(text) == expected


def test_reasoning_split_off_by_a_server_is_thinking() -> None:
    split = split_thinking(make_response("x</think>final", reasoning="thought ", thinking_prefilled=True))
    assert split.thinking == "thought x</think>"
    assert split.final == "final"
    assert split.spans == ((0, 8), (8, 17))


def test_split_off_reasoning_means_that_the_text_did_not_begin_inside_thinking() -> None:
    assert final_text(FINAL, reasoning="thought", thinking_prefilled=True) == FINAL


def test_an_answer_in_split_off_reasoning_counts_for_nothing() -> None:
    assert read("Q1: \\boxed{12}", 2, reasoning="Q2: \\boxed{7}") == ["12", None]


def test_a_user_can_add_tags() -> None:
    text = "((plan))Q1: \\boxed{9}((/PLAN))" + FINAL
    assert split_thinking(make_response(text), (("((plan))", "((/plan))"),)).final == FINAL
    assert split_thinking(make_response(text)).final == text


def test_a_label_after_a_block_is_at_the_start_of_a_line() -> None:
    assert read("Q1: \\boxed{12} <think>and</think>Q2 has \\boxed{7}", 2) == ["12", "7"]


@pytest.mark.parametrize("quotes", ["``", '""', "''", "“”"])
@pytest.mark.parametrize(("opening", "closing"), [tags for tags in TAGS if "final" not in tags[1]])
def test_a_tag_in_quotes_or_inline_code_only_speaks_of_tags(opening: str, closing: str, quotes: str) -> None:
    left, right = quotes[0], quotes[1]
    behind = f"The tag {left}{opening}{right} opens. 12"
    assert final_text(f"{opening}x{closing}{behind}") == behind
    assert final_text(f"{opening}I close with {left}{closing}{right} soon. 12") == ""
    assert final_text(f"{opening}I write {left}{closing}{right} soon.{closing}12") == "12"


def test_a_tag_between_two_pieces_of_inline_code_is_a_tag() -> None:
    assert final_text("<think>so `x`</think>`y` is 12") == "`y` is 12"


@pytest.mark.parametrize(
    ("thinking", "final"), [('so "42"', '"42" is it'), ("it is 'done'", "'12'"), ('He said "yes."', '"12"')]
)
def test_a_tag_between_two_quotations_is_a_tag(thinking: str, final: str) -> None:
    assert final_text(f"<think>{thinking}</think>{final}") == final


def test_a_tag_between_two_fences_is_a_tag() -> None:
    assert final_text("<think>```python\nx = 9\n```</think>```python\nx = 1\n```") == "```python\nx = 1\n```"
