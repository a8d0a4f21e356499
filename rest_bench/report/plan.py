"""What a run would cost, as a table for a terminal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from rest_bench.forecast import Forecast, LevelForecast


def forecast_table(forecast: "Forecast") -> "list[RenderableType]":
    """Return what `eval --dry-run` prints: a row for each task and level, the sum, and what to know about them."""
    from rich.text import Text

    timed = forecast.tokens_per_s is not None
    table = _table(timed)
    for level in forecast.levels:
        table.add_row(level.task, str(level.level), *_cells(level, timed))
    if len(forecast.levels) > 1:
        table.add_section()
        table.add_row("in all", "", *_sums(forecast, timed))
    return [table, *map(Text, _notes(forecast))]


def _table(timed: bool) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("\ntask")
    tokens = ("prompt\nmean", "prompt\nmax", "\nfits", "output\nexpected", "output\nat most")
    times = ("time\nexpected", "time\nat most") if timed else ()
    for name in ("\nlevel", "\nsamples", "\ndone", *tokens, *times):
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _cells(level: "LevelForecast", timed: bool) -> list[str]:
    times = [_duration(level.expected_s), _duration(level.max_s)] if timed else []
    return [
        f"{level.n_samples:,}",
        f"{level.n_done:,}",
        f"{level.prompt_tokens:,.0f}",
        f"{level.max_prompt_tokens:,}",
        {True: "yes", False: "no", None: "–"}[level.fits],
        *map(_tokens, (level.expected_completion_tokens, level.max_completion_tokens)),
        *times,
    ]


def _sums(forecast: "Forecast", timed: bool) -> list[str]:
    levels = forecast.levels
    names = ("expected_s", "max_s") if timed else ()
    return [
        f"{sum(level.n_samples for level in levels):,}",
        f"{sum(level.n_done for level in levels):,}",
        "",
        "",
        "",
        _tokens(_total([level.expected_completion_tokens for level in levels])),
        _tokens(_total([level.max_completion_tokens for level in levels])),
        *(_duration(_total([getattr(level, name) for level in levels])) for name in names),
    ]


def _notes(forecast: "Forecast") -> Iterator[str]:
    yield f"Lengths are in tokens. {_budget(forecast)}."
    if not forecast.prompt_tokens_exact:
        yield "Prompt tokens are estimated, 4 characters each: the model's tokenizer is not at hand."
    if any(level.fits is False for level in forecast.levels):
        yield "Where prompt and reply do not fit together, the reply gets what the prompt leaves, or an error."
    if any(level.expected_completion_tokens is None for level in forecast.levels):
        yield "Expected tokens are unknown before the first replies: run the same command with --limit 20 first."


def _budget(forecast: "Forecast") -> str:
    """Say what a reply may have: where the context leaves less than the setting even to the shortest prompts, that."""
    context, asked = forecast.max_context_tokens, f"{forecast.max_tokens:,} (--max-tokens)"
    if context is None:
        return f"A reply has at most {asked}; how many the model holds is unknown"
    budgets = [level.max_budget_tokens for level in forecast.levels if level.max_budget_tokens is not None]
    if budgets and max(budgets) < forecast.max_tokens:
        return f"A reply has at most {max(budgets):,}, what the model's context of {context:,} leaves of {asked}"
    return f"A reply has at most {asked}; the model holds {context:,} with the prompt"


def _total(values: "list[float | None]") -> float | None:
    return None if any(value is None for value in values) else sum(value for value in values if value is not None)


def _tokens(count: float | None) -> str:
    """Write a large count of tokens in a few characters."""
    if count is None:
        return "–"
    for least, unit, letter in ((1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e5, 1e3, "k")):
        if count >= least:
            return f"{count / unit:.1f}{letter}"
    return f"{count:,.0f}"


def _duration(seconds: float | None) -> str:
    """Write a time in its two largest units."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours:2} h"
    if hours:
        return f"{hours} h {minutes:2} min"
    return f"{minutes} min {rest:2} s" if minutes else f"{rest} s"
