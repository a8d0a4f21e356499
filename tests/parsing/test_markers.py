import pytest

from rest_bench.parsing.markers import find_markers, find_switches


@pytest.mark.parametrize(
    ("text", "n_markers"),
    [
        ("Wait, that is wrong.", 1),
        ("wait. Wait! WAIT", 3),
        ("It is 5. But is it?\nHowever, no. Hmm, hmmm.", 4),
        ("Actually, hold on. On second thought, no.", 3),
        ("Let me check. Let me double-check. Let me verify. Let's check.", 4),
        ("Wait, let me check", 2),
        ("I think, but I am not sure", 1),
        ("Verify: 5 + 3", 1),
        ("等等，不对。但是", 2),
        ("I had to wait for him, waiting long.", 0),
        ("Ohio. Butter, hmmph. Waiter!", 0),
        ("nothing but the truth", 0),
        ("Let me think.", 0),
        ("", 0),
    ],
)
def test_words_of_doubt_count_at_clause_starts(text: str, n_markers: int) -> None:
    assert len(list(find_markers(text))) == n_markers


@pytest.mark.parametrize(
    ("text", "n_switches"),
    [
        ("Alternatively, use symmetry.\n\nAnother approach: count.\nLet me try 5.", 3),
        ("So, alternatively, nothing. Let me try.", 0),
        ("换一种方法。", 1),
        ("Alternativelyness", 0),
    ],
)
def test_turns_to_another_approach_count_at_paragraph_starts(text: str, n_switches: int) -> None:
    assert len(list(find_switches(text))) == n_switches


def test_a_marker_is_where_its_word_is() -> None:
    assert list(find_markers("No.  **Wait**")) == [7]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["wait", "wait ", ". ", "\n", "let me ", "-", "> ", ", but", "hm", "等"])
def test_no_repeated_text_hangs(unit: str) -> None:
    text = unit * (500_000 // len(unit))
    assert len(list(find_markers(text))) + len(list(find_switches(text))) >= 0
