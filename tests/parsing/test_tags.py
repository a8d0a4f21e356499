"""Every family of thinking tags, in both directions: in a reply, and at the end of a rendered prompt."""

import pytest

from rest_bench.parsing import has_thinking_tag, split_thinking, thinking_prefilled
from rest_bench.parsing.tags import FAMILIES, find_tags
from tests.parsing.build import make_response

ANGLES = ("think", "thinking", "thought", "reason", "reasoning", "reflection", "scratchpad")
TAGS = [
    *((f"<{name}>", f"</{name}>") for name in ANGLES),
    *((f"<seed:{name}>", f"</seed:{name}>") for name in ANGLES),
    ("<THINK>", "</Think>"),
    ('<think type="long">', "</think>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("<begin_of_thought>", "<end_of_thought>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<start_thinking>", "<end_thinking>"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<|begin_thinking|>", "<|end_thinking|>"),
    ("<|inner_prefix|>", "<|inner_suffix|>"),
    ("<|channel>thought", "<channel|>"),
    ("<|channel|>thought", "<channel|>"),
    ("<|channel|>analysis", "<|channel|>final<|message|>"),
    ("<|channel|>commentary", "<|channel|>final<|message|>"),
    ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
    ("<|start|>assistant<|channel|>analysis<|message|>", "assistantfinal"),
    ("<|channel|>commentary to=functions.f <|constrain|>json<|message|>", "<|channel|>final<|message|>"),
]
OPENINGS = [opening for opening, _ in TAGS]
TURN = "<|im_start|>user\nWhat is 5 + 7?<|im_end|>\n<|im_start|>assistant\n"
DRAFT = "Q1: \\boxed{99}"
FINAL = "Q1: \\boxed{12}\nQ2: \\boxed{7}"


def final_text(text: str, **fields: object) -> str:
    return split_thinking(make_response(text, **fields)).final


def test_the_table_here_names_every_family() -> None:
    named = {tag.family.name for opening, _ in TAGS for tag in find_tags(opening)}
    assert named == {family.name for family in FAMILIES}


@pytest.mark.parametrize("blanks", ["", "\n", "\n\n", " ", "\r\n", "\u00a0\n"])
@pytest.mark.parametrize("opening", OPENINGS)
def test_a_prompt_that_ends_in_an_opening_tag_is_prefilled(opening: str, blanks: str) -> None:
    assert thinking_prefilled(TURN + opening + blanks)
    assert thinking_prefilled(TURN + opening.upper() + blanks)


@pytest.mark.parametrize("blanks", ["", "\n", "\n\n"])
@pytest.mark.parametrize(("opening", "closing"), TAGS)
def test_a_prompt_that_closes_the_block_at_once_is_not_prefilled(opening: str, closing: str, blanks: str) -> None:
    assert not thinking_prefilled(f"{TURN}{opening}{blanks}{closing}{blanks}")


@pytest.mark.parametrize("opening", OPENINGS)
def test_a_tag_in_the_question_opens_nothing(opening: str) -> None:
    assert not thinking_prefilled(f"What does {opening} mean?\n<|im_start|>assistant\n")


@pytest.mark.parametrize(("opening", "closing"), TAGS)
def test_a_block_closed_in_an_earlier_turn_and_opened_again_is_prefilled(opening: str, closing: str) -> None:
    assert thinking_prefilled(f"{opening}x{closing}y{TURN}{opening}\n")


@pytest.mark.parametrize(("opening", "closing"), TAGS)
def test_behind_a_prefilled_prompt_a_finished_reply_holds_the_closing_tag_only(opening: str, closing: str) -> None:
    assert thinking_prefilled(TURN + opening)
    assert final_text(f"{DRAFT}{closing}{FINAL}", thinking_prefilled=True) == FINAL
    assert final_text(f"{opening}{DRAFT}{closing}{FINAL}", thinking_prefilled=True) == FINAL


@pytest.mark.parametrize("opening", OPENINGS)
def test_behind_a_prefilled_prompt_unfinished_thinking_hides_all(opening: str) -> None:
    assert final_text(DRAFT, thinking_prefilled=True) == ""
    assert final_text(f"{opening}{DRAFT}", thinking_prefilled=True) == ""
    assert final_text(f"{DRAFT} {opening} {DRAFT}", thinking_prefilled=True) == ""


@pytest.mark.parametrize(("opening", "closing"), TAGS)
def test_a_reply_that_opens_its_own_block(opening: str, closing: str) -> None:
    assert final_text(f"{opening}{DRAFT}{closing}{FINAL}") == FINAL
    assert final_text(f"{opening}\n\n{closing}{FINAL}") == FINAL
    assert final_text(f"{opening}{DRAFT}") == ""
    assert final_text(f"{closing}{FINAL}") == FINAL
    assert has_thinking_tag(f"{opening}{DRAFT}")
    assert has_thinking_tag(f"{DRAFT}{closing}{FINAL}")


@pytest.mark.parametrize(
    ("rendered", "expected"),
    [
        ("<|user|>hi<|assistant|>", False),
        ("<|start|>assistant", False),
        ("<|start|>assistant<|channel|>", False),
        ("<|start|>assistant<|channel|>final<|message|>", False),
        ("<thinker>\n", False),
        ("<think/>\n", False),
        ("<think>\nOkay.\n</think>\n\n", False),
        ("think", False),
        ("", False),
        ("[/INST][THINK]", True),
    ],
)
def test_only_an_opening_tag_at_the_very_end_opens_thinking(rendered: str, expected: bool) -> None:
    assert thinking_prefilled(rendered) is expected


def test_a_users_own_tags_count_in_both_directions() -> None:
    own = (("((plan))", "((/plan))"),)
    assert thinking_prefilled("x ((PLAN))\n", own)
    assert not thinking_prefilled("x ((plan))\n")
    assert not thinking_prefilled("x ((plan))((/plan))\n", own)
    assert split_thinking(make_response(f"{DRAFT}((/plan)){FINAL}", thinking_prefilled=True), own).final == FINAL


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("analysis<|message|>plan<|end|><|start|>assistant<|channel|>final<|message|>done", "done"),
        ("final<|message|>done", "done"),
        ("analysis<|message|>plan", ""),
    ],
)
def test_the_name_of_a_channel_that_the_prompt_opened_is_no_text(text: str, expected: str) -> None:
    assert final_text(text) == expected


@pytest.mark.parametrize("text", ["no tags, a < b > c", "I think </ that is it", "a [thin] line", "Q1: 12", ""])
def test_plain_text_holds_no_tag(text: str) -> None:
    assert not has_thinking_tag(text)
