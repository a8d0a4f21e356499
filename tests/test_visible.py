import json

import pytest

from rest_bench.visible import visible, visible_values, without_commands
from tests.terminal_strings import TERMINAL_STRINGS, is_foreign


@pytest.mark.parametrize("text", TERMINAL_STRINGS)
def test_what_would_be_obeyed_is_shown(text: str) -> None:
    shown = visible(text)
    assert is_foreign(text)
    assert not is_foreign(shown)
    assert visible(shown) == shown


@pytest.mark.parametrize(
    "text",
    ["", "plain", "two\nlines\tand a tab", "千 é ñ Ω \U0001f600", "\u05e9\u05dc\u05d5\u05dd", "\\x1b"],
)
def test_what_people_write_stays(text: str) -> None:
    assert visible(text) == text
    assert without_commands(text) == text


@pytest.mark.parametrize("text", TERMINAL_STRINGS)
def test_json_keeps_its_meaning(text: str) -> None:
    value = {text: [text, 1]}
    for escapes in (True, False):
        assert json.loads(visible(json.dumps(value, ensure_ascii=escapes, indent=1))) == value


def test_values_are_cleaned_wherever_they_stand() -> None:
    cleaned = visible_values({"\x9b": ["\x1b[2J", ("\u202e", 1, None, True, 0.5)]})
    assert cleaned == {"\\u009b": ["\\u001b[2J", ["\\u202e", 1, None, True, 0.5]]}


@pytest.mark.parametrize("text", ["\r 50%|##   |", "\x1b[A\x1b[2K", "\x1b[31mred\x1b[0m", "12\x08", "\x1b[?25l"])
def test_bars_of_progress_may_move_the_cursor(text: str) -> None:
    assert without_commands(text) == text


@pytest.mark.parametrize("text", ["\x1b]52;c;ZXZpbA==\x07", "\x1b]8;;a\x1b\\", "\x9b2J", "\u202e", "\x1bc", "\x1bP"])
def test_libraries_may_do_no_more(text: str) -> None:
    assert not is_foreign(without_commands(text))
