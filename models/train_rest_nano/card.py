"""Write the model card of rest-nano: `python -m models.train_rest_nano.card RUN > models/rest-nano/README.md`.

RUN is the folder of `rest-bench eval --model rest-nano --levels 1,2,3,4,5,6,8,10 --temperature 0`.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template

from models.train_rest_nano.lessons import PLAIN_SHARE
from models.train_rest_nano.train import EASY_LEVELS, EASY_SHARE, LEVEL_WEIGHTS
from rest_bench.schema import LevelSummary
from rest_bench.store import Run

FOLDER = Path(__file__).parents[1] / "rest-nano"


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table, numbers to the right."""
    lines = [head, ["---:"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def percent(share: float | None) -> str:
    """Return a share as a percentage with one decimal."""
    return "–" if share is None else f"{100 * share:.1f}"


def level_row(name: str, level: LevelSummary, outcomes: list[str]) -> list[str]:
    """Return one line of the table of levels."""
    low, high = level.accuracy.ci or (None, None)
    shares = [percent(level.outcomes[outcome]) for outcome in outcomes]
    tokens = f"{level.completion_tokens:.0f}" if level.completion_tokens is not None else "–"
    return [name, percent(level.accuracy.value), f"{percent(low)} to {percent(high)}", *shares, tokens]


def level_table(levels: dict[str, LevelSummary]) -> str:
    """Return accuracy and outcomes by level; outcomes that never occur are left out."""
    first = next(iter(levels.values()))
    seen = [name for name in first.outcomes if name != "correct" and any(x.outcomes[name] for x in levels.values())]
    head = ["level", "accuracy", "95 % interval", *seen, "tokens"]
    return table(head, [level_row(name, level, seen) for name, level in levels.items()])


def position_table(levels: dict[str, LevelSummary]) -> str:
    """Return accuracy by level and position."""
    longest = max(len(level.position_accuracy) for level in levels.values())
    rows = [
        [name, *(f"{100 * share:.0f}" for share in level.position_accuracy), *[""] * (longest - level_positions)]
        for name, level in levels.items()
        for level_positions in [len(level.position_accuracy)]
    ]
    return table(["level", *map(str, range(1, longest + 1))], rows)


def loss_table(log: list[dict[str, float]]) -> str:
    """Return the loss and the digits right at about eight steps of the training."""
    every = max(1, len(log) // 8)
    chosen = log[every - 1 :: every]
    return table(
        ["step", "loss", "digits right in %"],
        [[f"{line['step']:,}", f"{line['loss']:.3f}", f"{100 * line['digits']:.2f}"] for line in chosen],
    )


def card(run: Run, training: dict[str, Any]) -> str:
    """Return the model card.

    Args:
        run: of the task arithmetic at many levels, greedy.
        training: what training.json holds.
    """
    levels = dict(run.summary.tasks["arithmetic"].levels)
    template = Path(__file__).with_name("card.md.j2").read_text(encoding="utf-8")
    rendered = Template(template, undefined=StrictUndefined, keep_trailing_newline=True).render(
        training=training,
        n_questions=levels["1"].n_questions,
        design=run.summary.config.design,
        levels=level_table(levels),
        positions=position_table(levels),
        losses=loss_table(training["log"]),
        level_weights=LEVEL_WEIGHTS,
        easy_levels=EASY_LEVELS,
        easy_percent=round(100 * EASY_SHARE),
        plain_percent=round(100 * PLAIN_SHARE),
    )
    return str(rendered)


def main() -> None:
    """Read the run and print the card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="the run folder of `rest-bench eval --model rest-nano`")
    training = json.loads((FOLDER / "training.json").read_text(encoding="utf-8"))
    print(card(Run(parser.parse_args().run), training), end="")


if __name__ == "__main__":
    main()
