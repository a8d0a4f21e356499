import pytest

from rest_bench.report.budget import budget_words


@pytest.mark.parametrize(
    ("context", "shortest", "words"),
    [
        (None, {1: 61}, "at most 32,768 tokens"),
        (40_960, {1: 61, 9: 900}, "at most 32,768 tokens"),
        (40_960, {}, "at most 32,768 tokens"),
        (1024, {1: 61}, "at most 963 tokens, what the context of 1,024 leaves of 32,768"),
        (1024, {1: 61, 3: 61}, "at most 963 tokens, what the context of 1,024 leaves of 32,768"),
        (
            1024,
            {9: 613, 1: 61, 3: 200},
            "at most 963 tokens at level 1 and 411 at level 9, what the context of 1,024 leaves of 32,768",
        ),
        (
            33_000,
            {1: 61, 9: 900},
            "at most 32,768 tokens at level 1 and 32,100 at level 9, what the context of 33,000 leaves of 32,768",
        ),
        (100, {1: 200}, "at most 0 tokens, what the context of 100 leaves of 32,768"),
        (1024, None, "at most 32,768 tokens or what the context of 1,024 leaves"),
    ],
)
def test_what_held_is_said(context: int | None, shortest: dict[int, int] | None, words: str) -> None:
    assert budget_words(32_768, context, shortest) == words
