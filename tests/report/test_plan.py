from io import StringIO

import pytest
from rich.console import Console

from rest_bench.forecast import Forecast, LevelForecast
from rest_bench.report.plan import _duration, _tokens, forecast_table

LEVEL = LevelForecast(
    task="gsm8k",
    level=3,
    n_samples=1319,
    n_done=20,
    prompt_tokens=301.4,
    max_prompt_tokens=512,
    fits=True,
    expected_completion_tokens=2_600_000,
    max_completion_tokens=42_565_632,
    expected_s=2600,
    max_s=42_566,
)


def shown(
    *levels: LevelForecast, speed: float | None = 1000.0, context: int | None = 40_960, exact: bool = True
) -> str:
    console = Console(file=StringIO(), width=120)
    for part in forecast_table(Forecast(levels, 32_768, context, exact, speed)):
        console.print(part)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.strip()]


def test_a_row_for_each_level_and_their_sum() -> None:
    text = shown(LEVEL, LEVEL._replace(level=6))
    assert [
        "gsm8k",
        "3",
        "1,319",
        "20",
        "301",
        "512",
        "yes",
        "2.6M",
        "42.6M",
        "43",
        "min",
        "20",
        "s",
        *["11", "h", "49", "min"],
    ] in rows(text)
    assert ["in", "all", "2,638", "40", "5.2M", "85.1M", "1", "h", "26", "min", "23", "h", "38", "min"] in rows(text)
    assert "A reply has at most 32,768 (--max-tokens); the model holds 40,960 with the prompt." in text
    assert len(text.splitlines()) == 10


def test_times_are_shown_with_a_speed_only() -> None:
    text = shown(LEVEL._replace(expected_s=None, max_s=None), speed=None)
    assert "time" not in text
    assert "in all" not in text
    assert ["gsm8k", "3", "1,319", "20", "301", "512", "yes", "2.6M", "42.6M"] in rows(text)


def test_what_is_unknown_is_a_dash_with_a_note() -> None:
    level = LEVEL._replace(fits=None, expected_completion_tokens=None, expected_s=None)
    text = shown(level, level, context=None, exact=False)
    assert ["gsm8k", "3", "1,319", "20", "301", "512", "–", "–", "42.6M", "–", "11", "h", "49", "min"] in rows(text)
    assert "how many the model holds is unknown" in text
    assert "Prompt tokens are estimated, 4 characters each" in text
    assert "run the same command with --limit 20 first" in text


def test_what_does_not_fit_is_said() -> None:
    assert "Where prompt and reply do not fit together" in shown(LEVEL._replace(fits=False))
    assert "do not fit" not in shown(LEVEL)


@pytest.mark.parametrize(
    ("count", "text"),
    [(None, "–"), (0, "0"), (99_999, "99,999"), (123_456, "123.5k"), (1_500_000, "1.5M"), (2.5e9, "2.5G")],
)
def test_counts_are_short(count: float | None, text: str) -> None:
    assert _tokens(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "–"), (0, "0 s"), (59.6, "1 min  0 s"), (3_700, "1 h  1 min"), (200_000, "2 d  7 h")],
)
def test_times_have_two_units(seconds: float | None, text: str) -> None:
    assert _duration(seconds) == text


def test_a_context_that_leaves_less_than_the_setting_is_what_holds() -> None:
    text = shown(LEVEL._replace(max_budget_tokens=963), LEVEL._replace(max_budget_tokens=411), context=1024)
    assert "A reply has at most 963, what the model's context of 1,024 leaves of 32,768 (--max-tokens)." in text
    text = shown(LEVEL._replace(max_budget_tokens=32_768), LEVEL._replace(max_budget_tokens=411), context=40_960)
    assert "A reply has at most 32,768 (--max-tokens); the model holds 40,960 with the prompt." in text
