"""Do the metrics recover what is known to be true? Named reasoners of the simulator, many seeds each (metrics.md 10).

`python benchmarks/validation.py` prints for each scenario the truth, the mean estimate, the bias, and how often an
interval holds the truth. Most runs are made as tables; a few are read from whole texts, too, and set beside what is
true of them slot by slot. `--seeds 50 --texts 5 --out docs/validation.md` writes the page of the docs.
"""

import argparse
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from statistics import fmean, stdev
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple

import numpy

from rest_bench.metrics import summarize
from rest_bench.packing import iter_packs
from rest_bench.parsing import parse_response
from rest_bench.planning import load_task
from rest_bench.schema import (
    EngineInfo,
    Estimate,
    LevelSummary,
    Manifest,
    Pack,
    PlannedLevel,
    Response,
    Sampling,
    Score,
    Task,
    TaskRecord,
)
from rest_bench.scoring import Golds, Judge, ReadSample, score_many
from rest_bench.simulation import Simulated, Slot, count_words_by_line, simulate, write_text
from rest_bench.simulation.problems import SimulatedTask, write_task
from rest_bench.simulation.scenarios import SCENARIOS, Scenario
from rest_bench.simulation.table import to_frame, true_answers, true_scores

LEVEL = 5
N_NODES = 24
"""Points at which the response effect is averaged over."""


class Size(NamedTuple):
    """Of a run."""

    n_problems: int
    repeats: int


FULL, OF_TEXTS = Size(200, 8), Size(60, 2)
"""Runs that are read from texts are judged slot by slot, and need be no larger."""


Way = Literal["true", "judged", "text"]
"""What the metrics are given: scores made of the truth, true answers as they are judged, or texts read and judged."""
JUDGED = ("null", "swap", "omission")
"""Scenarios whose metrics depend on what the judge says of wrong answers; it takes most of the time."""


class Trial(NamedTuple):
    """One simulated run at level 1 and at a higher one."""

    scenario: Scenario
    alone: list[tuple[Pack, Simulated]]
    stressed: list[tuple[Pack, Simulated]]
    scores: list[tuple[Score, ...]]
    """Of both, in this order."""
    single: LevelSummary
    level: LevelSummary

    @property
    def copied(self) -> float:
        """Share of right results that are copied rightly."""
        return 1 - self.scenario.parameters.summary_error_rate

    def slots(self) -> Iterator[Slot]:
        """Yield the slots under stress."""
        return (slot for _, simulated in self.stressed for slot in simulated.slots)


Truth = Callable[[Trial], float | None]


class Check(NamedTuple):
    """A metric and its truth."""

    metric: str
    """A field of LevelSummary; after a dot the key or the position (from 1) in it."""
    truth: Truth
    """From what was drawn; the mean over trials is the truth of the population."""


class Row(NamedTuple):
    """What became of one check over all trials."""

    scenario: str
    metric: str
    truth: float
    estimate: float
    bias: float
    """Mean of estimate - truth, trial by trial."""
    bias_se: float
    coverage: float | None
    """Share of the 95 % intervals that hold the truth of the population; null where the metric has no interval."""


# --- what is true -----------------------------------------------------------------------------------------------------


def chance_of(slot: Slot) -> float:
    """Return the chance that a slot's result is right and is what is reported, copied as it is."""
    latents = slot.latents
    if slot.answer is None or latents.swapped_from is not None:
        return 0.0
    return latents.probability


def mean_chance(samples: Iterable[tuple[Pack, Simulated]], position: int | None = None) -> float:
    return fmean(
        chance_of(slot) for _, simulated in samples for slot in simulated.slots if position in (None, slot.position)
    )


def by_question(samples: Iterable[tuple[Pack, Simulated]]) -> dict[str, float]:
    chances: dict[str, list[float]] = {}
    for _, simulated in samples:
        for slot in simulated.slots:
            chances.setdefault(slot.problem_id, []).append(chance_of(slot))
    return {name: fmean(values) for name, values in chances.items()}


def accuracy(trial: Trial) -> float:
    return trial.copied * mean_chance(trial.stressed)


def accuracy_at(position: int) -> Truth:
    return lambda trial: trial.copied * mean_chance(trial.stressed, position)


def drop(trial: Trial) -> float:
    return trial.copied * (mean_chance(trial.alone) - mean_chance(trial.stressed))


def load_effect(trial: Trial) -> float:
    return trial.copied * (mean_chance(trial.alone) - mean_chance(trial.stressed, 1))


def slope(trial: Trial) -> float:
    by_position = [mean_chance(trial.stressed, position) for position in range(1, LEVEL + 1)]
    middle = (LEVEL - 1) / 2
    spread = sum((place - middle) ** 2 for place in range(LEVEL))
    return sum((place - middle) * value for place, value in enumerate(by_position)) / spread


def loss(trial: Trial) -> float:
    alone, stressed = by_question(trial.alone), by_question(trial.stressed)
    return fmean(alone[name] * (1 - stressed[name]) for name in alone)


def loss_by_chance(trial: Trial) -> float:
    return fmean(chance * (1 - chance) for chance in by_question(trial.alone).values())


def outcome(name: str) -> Truth:
    return lambda trial: fmean(slot.outcome == name for slot in trial.slots())


def truncation_rate(trial: Trial) -> float:
    return fmean(simulated.layout.finish_reason == "length" for _, simulated in trial.stressed)


def swapped_share(trial: Trial) -> float | None:
    wrong = [slot for slot in trial.slots() if slot.answer is not None and not slot.correct]
    return fmean(slot.latents.swapped_from is not None for slot in wrong) if wrong else None


def accuracy_paper(trial: Trial) -> float:
    return fmean(slot.correct_paper for slot in trial.slots())


def first_share_ratio(trial: Trial) -> float:
    return fmean(
        LEVEL * simulated.slots[0].tokens / sum(slot.tokens for slot in simulated.slots)
        for _, simulated in trial.stressed
    )


def nothing(_trial: Trial) -> float:
    return 0.0


def position_logit(trial: Trial) -> float:
    """Return the position effect in log odds; parameters are harms, estimates have the opposite sign."""
    return -trial.scenario.parameters.position_effect


def all_right(trial: Trial) -> float:
    return fmean(math.prod(chance_of(slot) for slot in simulated.slots) for _, simulated in trial.stressed)


def excess(trial: Trial, n_together: int) -> float:
    """Return how much likelier so many slots of a response are right together than one by one."""
    sd = trial.scenario.parameters.response_sd
    nodes, weights = numpy.polynomial.hermite_e.hermegauss(N_NODES)
    weights = weights / weights.sum()
    found = []
    for pack, simulated in trial.stressed:
        if pack.repeat:
            continue  # the questions are those of repeat 0
        log_odds = numpy.array(
            [to_log_odds(chance_of(slot)) - slot.latents.response_effect for slot in simulated.slots]
        )
        chances = 1 / (1 + numpy.exp(-(log_odds[:, None] + sd * nodes)))
        for places in combinations(range(LEVEL), n_together):
            together = chances[list(places)]
            found.append(float(together.prod(axis=0) @ weights - (together @ weights).prod()))
    return fmean(found)


def predecessor_effect(trial: Trial) -> float:
    """Return gamma for a unit of the difficulty that the metric knows, 1 - the accuracy alone, instead of one of b."""
    alone = by_question(trial.alone)
    known, true = [], []
    for pack, simulated in trial.stressed:
        for slot in simulated.slots[1:]:
            before = pack.problems[: slot.position - 1]
            known.append(1 - fmean(alone[problem.id] for problem in before))
            true.append(slot.latents.predecessor_difficulty)
    return -trial.scenario.parameters.predecessor_effect * float(numpy.polyfit(known, true, 1)[0])


def loop_rate(trial: Trial) -> float:
    return fmean(any(slot.looped for slot in simulated.slots) for _, simulated in trial.stressed)


def post_solution_share(trial: Trial) -> float:
    return fmean(
        1 - slot.first_correct_tokens / slot.tokens for slot in trial.slots() if slot.first_correct_tokens is not None
    )


def outcome_efficiency(trial: Trial) -> float:
    return fmean(
        slot.first_correct_tokens / slot.tokens if slot.first_correct_tokens is not None else 0.0
        for slot in trial.slots()
        if slot.tokens
    )


def accuracy_trace(trial: Trial) -> float:
    return fmean(
        slot.correct if slot.answer is not None else slot.first_correct_tokens is not None for slot in trial.slots()
    )


def forfeiture(trial: Trial) -> float:
    return accuracy_trace(trial) - fmean(slot.correct for slot in trial.slots())


def to_log_odds(chance: float) -> float:
    return math.log(chance / (1 - chance))


def pair_excess(trial: Trial) -> float:
    return excess(trial, 2)


def joint_excess(trial: Trial) -> float:
    return excess(trial, LEVEL)


ALWAYS = (Check("accuracy", accuracy), Check("drop", drop))
CHECKS: Mapping[str, tuple[Check, ...]] = {
    "null": (
        *ALWAYS,
        Check("position_slope", nothing),
        Check("load_effect", nothing),
        Check("loss", loss_by_chance),
        Check("loss_by_chance", loss_by_chance),
        Check("swap_excess", nothing),
        Check("index_shift_gain", nothing),
        Check("position_logit", nothing),
        Check("error_propagation", nothing),
        Check("budget_drop", nothing),
        Check("residual_drop", nothing),
        Check("selection_drop", nothing),
        Check("all_correct", all_right),
        Check("pair_excess", nothing),
        Check("joint_excess", nothing),
        Check("response_correlation", nothing),
    ),
    "position": (
        *ALWAYS,
        Check("position_logit", position_logit),
        Check("position_slope", slope),
        Check("position_accuracy.1", accuracy_at(1)),
        Check("position_accuracy.5", accuracy_at(5)),
        Check("load_effect", nothing),
        Check("loss", loss),
    ),
    "budget": (
        *ALWAYS,
        Check("outcomes.truncated", outcome("truncated")),
        Check("position_accuracy.5", accuracy_at(5)),
        Check("truncation_rate", truncation_rate),
        Check("budget_drop", drop),
        Check("residual_drop", nothing),
        Check("budget_position_accuracy.5", accuracy_at(5)),
    ),
    "interference": (*ALWAYS, Check("predecessor_effect", predecessor_effect)),
    "load": (
        *ALWAYS,
        Check("load_effect", load_effect),
        Check("position_slope", nothing),
        Check("position_logit", nothing),
        Check("residual_drop", drop),
    ),
    "swap": (
        *ALWAYS,
        Check("swap_excess", swapped_share),
        Check("outcomes.swapped", outcome("swapped")),
        Check("outcomes.shifted", outcome("shifted")),
    ),
    "omission": (
        *ALWAYS,
        Check("outcomes.omitted", outcome("omitted")),
        Check("accuracy_paper", accuracy_paper),
        Check("index_shift_gain", nothing),
    ),
    "truncation": (
        *ALWAYS,
        Check("outcomes.truncated", outcome("truncated")),
        Check("truncation_rate", truncation_rate),
        Check("budget_drop_at_end", drop),
        Check("residual_drop_at_end", nothing),
        Check("accuracy_trace", accuracy_trace),
        Check("forfeiture", forfeiture),
    ),
    "loop": (
        *ALWAYS,
        Check("outcomes.repetition", outcome("repetition")),
        Check("outcomes.truncated", outcome("truncated")),
        Check("loop_rate", loop_rate),
    ),
    "overthinking": (
        *ALWAYS,
        Check("first_share_ratio", first_share_ratio),
        Check("post_solution_share", post_solution_share),
        Check("outcome_efficiency", outcome_efficiency),
    ),
    "unnamed": ALWAYS,
    "returns": ALWAYS,
    "correlation": (
        *ALWAYS,
        Check("all_correct", all_right),
        Check("pair_excess", pair_excess),
        Check("joint_excess", joint_excess),
    ),
    "easy-first": ALWAYS,
    "hard-first": ALWAYS,
    "default": (
        *ALWAYS,
        Check("outcomes.omitted", outcome("omitted")),
        Check("outcomes.truncated", outcome("truncated")),
        Check("outcomes.repetition", outcome("repetition")),
    ),
}
"""By scenario; a metric more is a line."""


# --- trials -----------------------------------------------------------------------------------------------------------


def make_task(n_problems: int, seed: int, difficulty_sd: float) -> Task:
    with TemporaryDirectory() as folder:
        return load_task(write_task(Path(folder), SimulatedTask(n_problems, seed=seed, difficulty_sd=difficulty_sd)))


def simulate_level(task: Task, scenario: Scenario, level: int, repeats: int, seed: int) -> list[tuple[Pack, Simulated]]:
    return [
        (pack, simulate(pack, scenario.parameters, scenario.max_tokens))
        for repeat in range(repeats)
        for pack in iter_packs(task, level, design=scenario.design, seed=seed, repeat=repeat)
    ]


def respond(pack: Pack, simulated: Simulated, text: str) -> Response:
    return Response(
        sample_id=pack.pack_id,
        pack_id=pack.pack_id,
        task=pack.task,
        level=pack.level,
        repeat=pack.repeat,
        text=text,
        finish_reason=simulated.layout.finish_reason,
        completion_tokens=simulated.layout.n_tokens,
        line_tokens=count_words_by_line(text) if text else None,
    )


def read(pack: Pack, simulated: Simulated, scenario: Scenario, way: Way) -> ReadSample:
    if way == "judged":
        return ReadSample(pack, respond(pack, simulated, ""), true_answers(pack, simulated))
    response = respond(pack, simulated, write_text(pack, scenario.parameters, simulated))
    return ReadSample(pack, response, parse_response(response, pack))


def run_trial(scenario: Scenario, seed: int, judge: Judge, size: Size, way: Way) -> Trial:
    """Simulate a run, and measure it."""
    task = make_task(size.n_problems, seed, scenario.parameters.difficulty_sd)
    alone, stressed = (simulate_level(task, scenario, level, size.repeats, seed) for level in (1, LEVEL))
    if way == "true":
        scores = [true_scores(*sample) for sample in (*alone, *stressed)]
    else:
        problems = {(task.name, problem.id): problem for problem in task.problems}
        samples = (read(*sample, scenario, way) for sample in (*alone, *stressed))
        scores = list(score_many(samples, judge, Golds(lambda: problems)))
    summary = summarize(to_frame(scores), make_manifest(task, scenario, seed, size.repeats)).tasks[task.name]
    return Trial(scenario, alone, stressed, scores, summary.levels["1"], summary.levels[str(LEVEL)])


def make_manifest(task: Task, scenario: Scenario, seed: int, repeats: int) -> Manifest:
    planned = tuple(
        PlannedLevel(level=level, repeats=repeats, limit=None, n_packs=repeats * len(task.problems))
        for level in (1, LEVEL)
    )
    record = TaskRecord(
        name=task.name,
        answer_type=task.answer_type,
        n_problems=len(task.problems),
        levels=planned,
        source=task.source,
        file_sha256=task.file_sha256,
        data_sha256=task.data_sha256,
        template=task.template,
        template_sha256="",
        option_order=None,
        difficulty_source=task.difficulty_source,
    )
    return Manifest(
        engine=EngineInfo(engine="simulator", engine_version="", model="simulator"),
        sampling=Sampling(max_tokens=scenario.max_tokens),
        design=scenario.design,
        seed=seed,
        tasks=(record,),
        scorer_version="",
        invocations=(),
    )


def find(level: LevelSummary, metric: str) -> Estimate | float | None:
    """Return a metric by its name, and the key or position behind a dot."""
    name, _, key = metric.partition(".")
    value = getattr(level, name)
    if key:
        value = value[int(key) - 1] if key.isdigit() else value[key]
    return value  # type: ignore[no-any-return]


def assess(name: str, check: Check, trials: list[Trial]) -> Row | None:
    """Return what became of a check; null where the metric is undefined in every trial."""
    pairs = [
        (estimate, truth)
        for trial in trials
        if (estimate := find(trial.level, check.metric)) is not None and (truth := check.truth(trial)) is not None
    ]
    valued = [
        (estimate.value if isinstance(estimate, Estimate) else estimate, truth, estimate) for estimate, truth in pairs
    ]
    known = [(value, truth, estimate) for value, truth, estimate in valued if value is not None]
    if not known:
        return None
    true = fmean(truth for _, truth, _ in known)
    errors = [value - truth for value, truth, _ in known]
    intervals = [each.ci for _, _, each in known if isinstance(each, Estimate) and each.ci is not None]
    return Row(
        name,
        check.metric,
        true,
        fmean(value for value, _, _ in known),
        fmean(errors),
        stdev(errors) / math.sqrt(len(errors)) if len(errors) > 1 else 0.0,
        fmean(low <= true <= high for low, high in intervals) if intervals else None,
    )


# --- whole texts ------------------------------------------------------------------------------------------------------


class Reading(NamedTuple):
    """How the reading of texts compares with what is true, over slots under stress."""

    scenario: str
    n_slots: int
    answers: float
    """Share of slots whose answer is read as it stands."""
    outcomes: float
    """Share of slots whose outcome is the true one."""
    tokens: float
    """Share of the thinking tokens that are given to their question."""
    sure: float
    """Share of slots whose response could be divided surely."""
    confusions: str


def assess_reading(name: str, trials: list[Trial]) -> Reading:
    pairs = [
        (slot, score)
        for trial in trials
        for (_, simulated), scores in zip((*trial.alone, *trial.stressed), trial.scores, strict=True)
        if len(simulated.slots) > 1
        for slot, score in zip(simulated.slots, scores, strict=True)
    ]
    confused = Counter((slot.outcome, score.outcome) for slot, score in pairs if slot.outcome != score.outcome)
    misplaced = sum(abs(slot.tokens - (score.segment_tokens or 0)) for slot, score in pairs) / 2
    return Reading(
        name,
        len(pairs),
        fmean(slot.answer == score.answer for slot, score in pairs),
        fmean(slot.outcome == score.outcome for slot, score in pairs),
        1 - misplaced / max(1, sum(slot.tokens for slot, _ in pairs)),
        fmean(score.segmentation_sure is True for _, score in pairs),
        ", ".join(f"{true} as {told} {n}" for (true, told), n in confused.most_common(3)) or "none",
    )


# --- the page ---------------------------------------------------------------------------------------------------------


def page(rows: list[Row], readings: list[Reading], n_seeds: int) -> Iterator[str]:
    yield "# What the metrics recover\n"
    yield (
        "Simulated reasoners with known parameters ([metrics.md](metrics.md), section 10), measured as any run is.\n"
        "Made by `python benchmarks/validation.py`.\n"
    )
    yield f"## {n_seeds} runs of each scenario\n"
    yield (
        f"{FULL.n_problems} problems, level {LEVEL}, {FULL.repeats} repeats, other problems in each run. *bias* is\n"
        "the mean of estimate - truth with its standard error, *held* the share of the 95 % intervals that hold the\n"
        "truth of all such problems.\n"
    )
    yield from table(
        ("scenario", "metric", "truth", "estimate", "bias", "held"),
        (
            (
                row.scenario,
                row.metric,
                f"{row.truth:.4f}",
                f"{row.estimate:.4f}",
                f"{row.bias:+.4f} ± {row.bias_se:.4f}",
                "" if row.coverage is None else f"{row.coverage:.0%}",
            )
            for row in rows
        ),
    )
    yield "\n## Whole texts, read slot by slot\n"
    yield (
        f"{OF_TEXTS.n_problems} problems, level {LEVEL}, {OF_TEXTS.repeats} repeats. *answers* and *outcomes* are the\n"
        "shares of slots read as they are, *tokens* that of the thinking given to its question, *sure* that of the\n"
        "slots whose thinking was said to be surely divided.\n"
    )
    yield from table(
        ("scenario", "slots", "answers", "outcomes", "tokens", "sure", "true outcome as told"),
        (
            (
                each.scenario,
                str(each.n_slots),
                f"{each.answers:.2%}",
                f"{each.outcomes:.2%}",
                f"{each.tokens:.2%}",
                f"{each.sure:.1%}",
                each.confusions,
            )
            for each in readings
        ),
    )


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="runs of each scenario")
    parser.add_argument("--texts", type=int, default=1, help="runs of each scenario that are read from texts")
    parser.add_argument("--scenarios", nargs="*", default=list(CHECKS), choices=list(CHECKS))
    parser.add_argument("--out", type=Path, help="write the page here instead of printing it")
    options = parser.parse_args(arguments)
    rows: list[Row] = []
    readings: list[Reading] = []
    with Judge() as judge:
        for name in options.scenarios:
            way: Way = "judged" if name in JUDGED else "true"
            trials = [run_trial(SCENARIOS[name], seed, judge, FULL, way) for seed in range(options.seeds)]
            rows += [row for check in CHECKS[name] if (row := assess(name, check, trials)) is not None]
            texts = [run_trial(SCENARIOS[name], seed, judge, OF_TEXTS, "text") for seed in range(options.texts)]
            readings += [assess_reading(name, texts)] if texts else []
            print(f"{name}: done", file=sys.stderr)
            if options.out is not None:  # written anew each time: it takes long, and may be stopped
                options.out.write_text("\n".join(page(rows, readings, options.seeds)) + "\n", encoding="utf-8")
    if options.out is None:
        print("\n".join(page(rows, readings, options.seeds)))


if __name__ == "__main__":
    main(sys.argv[1:])
