"""How tokens fall on lines, and what a response carries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.engines.tokens import count_line_tokens, refuse, respond
from tests.engines.prompts import make_prompt

LINES = {
    "one line": (["a", "b"], (2,)),
    "nothing": ([], (0,)),
    "a line feed belongs to the line it ends": (["a", "\n", "b"], (2, 1)),
    "a token belongs to the line it starts on": (["a", "b\nc", "d"], (2, 1)),
    "two line feeds in one token leave an empty line": (["a", "\n\n", "b"], (2, 0, 1)),
    "a last line feed opens an empty line": (["a", "\n"], (2, 0)),
    "an end-of-sequence token counts on the last line": (["a", "\n", ""], (2, 1)),
}


@pytest.mark.parametrize(("tokens", "expected"), LINES.values(), ids=LINES.keys())
def test_tokens_fall_on_lines(tokens: list[str], expected: tuple[int, ...]) -> None:
    counted = count_line_tokens(range(len(tokens)), lambda index: tokens[index].count("\n"), "".join(tokens))
    assert counted == expected


@given(st.lists(st.text(alphabet="ab \n", max_size=4)))
def test_every_line_has_a_count_and_every_token_counts_once(tokens: list[str]) -> None:
    text = "".join(tokens)
    counted = count_line_tokens(range(len(tokens)), lambda index: tokens[index].count("\n"), text)
    assert counted is not None
    assert sum(counted) == len(tokens)
    assert len(counted) == len(text.split("\n"))


def test_tokens_that_do_not_make_up_the_text_are_not_counted() -> None:
    assert count_line_tokens([0, 0], lambda _: 1, "one\nline feed only") is None


def test_a_response_carries_the_ids_of_its_prompt() -> None:
    prompt = make_prompt(7, repeat=3)
    response = respond(prompt, "text", "stop", completion_tokens=1)
    assert (response.sample_id, response.pack_id, response.repeat, response.seed) == (
        prompt.sample_id,
        prompt.pack_id,
        3,
        prompt.seed,
    )
    assert (response.task, response.level, response.completion_tokens) == ("toy", 2, 1)


def test_a_refusal_is_an_error_with_its_sentence() -> None:
    response = refuse(make_prompt(1), "it does not fit", prompt_tokens=9)
    assert (response.finish_reason, response.error, response.text) == ("error", "it does not fit", "")
    assert response.prompt_tokens == 9


def test_a_prompt_without_a_sample_id_is_a_bug() -> None:
    with pytest.raises(ValueError, match="without a sample_id"):
        respond(make_prompt(1).model_copy(update={"sample_id": None}), "text", "stop")
