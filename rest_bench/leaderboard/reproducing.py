"""A second run of a submission's packs, by somebody else: does it come to the same accuracies?"""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from rest_bench.errors import StoreError
from rest_bench.leaderboard.answers_file import REPRODUCED_ANSWERS, REPRODUCTION, SUBMISSION, write_answers
from rest_bench.leaderboard.deriving import derive, judged
from rest_bench.leaderboard.equal_replies import LEAST_SHARE, equal_share, make_replies
from rest_bench.leaderboard.faults import Examination, StoppedError
from rest_bench.leaderboard.names import person_key
from rest_bench.leaderboard.opening import (
    Opened,
    check_day,
    check_files,
    check_head,
    check_sizes,
    match_plan,
    open_record,
    open_submitted_answers,
    open_tasks,
    read_samples,
)
from rest_bench.leaderboard.publishing import publishable_manifest, record_text, refuse_keys, samples_of_run
from rest_bench.leaderboard.replanning import load_tasks
from rest_bench.metrics import holm, paired_difference
from rest_bench.schema import (
    Estimate,
    Manifest,
    Pack,
    ReproducedLevel,
    Reproduction,
    Submission,
    SubmittedSample,
    Submitter,
)
from rest_bench.scoring import Judge
from rest_bench.settings import SETTINGS, value_of
from rest_bench.store import Run, write_text

FEWEST_QUESTIONS = 30
"""At each level: of fewer, nearly any two runs agree. A task with fewer needs all of them."""
SIGNIFICANT = 0.05
"""Adjusted for the number of levels by Holm's rule."""


class _Judged(NamedTuple):
    """A pack with what was right in it."""

    pack: Pack
    correct: tuple[bool, ...]


def reproduce(folder: Path, run: Run, by: Submitter, reproduced_on: str, data_dir: Path | None = None) -> Reproduction:
    """Add to a submission a second run of some of its packs.

    Args:
        folder: of the submission.
        run: of the same model under the same settings; what it holds of other packs is left out.
        by: who made it.
        reproduced_on: YYYY-MM-DD.
        data_dir: where the data files of tasks lie.

    Raises:
        StoreError: the submission is faulty or has no answers, or the run is no second run of it.
        TaskError: a task's data are not at hand.
    """
    exam = Examination(folder)
    try:
        check_files(exam)
        submission = open_record(exam, SUBMISSION, Submission)
        check_head(exam, submission)
        if submission.answers is None:
            raise StoreError(f"{folder}: has numbers alone, which no second run can be compared with pack by pack")
        opened = open_submitted_answers(exam, submission, submission.answers, data_dir)
        manifest = publishable_manifest(run.manifest, submission.model)
        _check_conditions(exam, submission.manifest, manifest)
        exam.stop_at_faults()
    except StoppedError as error:
        raise StoreError(f"{exam.faults[0]}; a second run needs a sound submission and its very settings") from error
    tasks = load_tasks(manifest, data_dir)
    known = {sample.pack_id for sample in opened.samples}
    samples = [sample for sample in samples_of_run(run, manifest, tasks) if sample.pack_id in known]
    if not samples:
        raise StoreError(f"{run.path}: holds no pack of {folder}; run the same tasks and levels with the same seed")
    refuse_keys(run.path, manifest, samples)
    again = Opened(manifest, tasks, samples)
    with Judge() as judge:
        derived = derive(again.submitted(), manifest, tasks, judge)
    samples = list(judged(samples, derived))
    reproduction = Reproduction(
        submission_id=submission.submission_id,
        by=by,
        reproduced_on=reproduced_on,
        manifest=manifest,
        answers=write_answers(folder / REPRODUCED_ANSWERS, samples),
        levels=reproduced_levels(opened, again._replace(samples=samples)),
    )
    write_text(folder / REPRODUCTION, record_text(reproduction))
    return reproduction


def check_reproduction(
    exam: Examination, submitted: Opened, reproduction: Reproduction, judge: Judge, data_dir: Path | None
) -> list[SubmittedSample]:
    """Make sure that a second run is one, that its differences follow from both runs' answers, and return its samples.

    Raises:
        StoppedError: it cannot be compared.
        TaskError: a task's data are not at hand.
    """
    manifest = reproduction.manifest
    check_sizes(exam, REPRODUCTION, manifest)
    _check_conditions(exam, submitted.manifest, manifest)
    check_day(exam, REPRODUCTION, "reproduced_on", reproduction.reproduced_on)
    exam.stop_at_faults()
    samples = read_samples(exam, REPRODUCED_ANSWERS, reproduction.answers)
    again = Opened(manifest, open_tasks(exam, REPRODUCTION, manifest, data_dir), samples)
    match_plan(exam, REPRODUCED_ANSWERS, again, all_wanted=False)
    exam.stop_at_faults()
    derived = derive(again.submitted(), manifest, again.tasks, judge)
    for number, (sample, correct) in enumerate(zip(samples, derived.correct, strict=True), start=1):
        exam.compare(REPRODUCED_ANSWERS, correct, sample.correct, "correct", number)
    exam.compare(REPRODUCTION, reproduced_levels(submitted, again), reproduction.levels, "levels")
    return samples


def is_reproduced(submission: Submission, reproduction: Reproduction) -> bool:
    """Return whether somebody else's run covers every level of a submission and differs by no more than chance.

    At each level it must hold 30 questions, or all that the submission has; no difference may be significant at 5 %
    after Holm's adjustment for the number of levels.
    """
    if person_key(reproduction.by.name) == person_key(submission.submitter.name) or is_same_run(
        submission, reproduction
    ):
        return False
    found = {(level.task, str(level.level)): level for level in reproduction.levels}
    for task, levels in submission.questions.items():
        for level, counts in levels.items():
            asked = sum(slots > 0 for slots in counts.slots)
            again = found.get((task, level))
            if again is None or again.n_questions < min(asked, FEWEST_QUESTIONS):
                return False
            if again.p_value is None and again.difference.value:
                return False  # every question differs by the same amount: no chance in that
    adjusted = holm([level.p_value for level in reproduction.levels])
    return all(p_value is None or p_value >= SIGNIFICANT for p_value in adjusted)


def is_same_run(submission: Submission, reproduction: Reproduction) -> bool:
    """Return whether a second run shares a call of `eval` with the first, or all answers though they were sampled."""
    calls = {each.started_at for each in submission.manifest.invocations}
    if any(each.started_at in calls for each in reproduction.manifest.invocations):
        return True
    answers = submission.answers
    sampled = submission.manifest.sampling.temperature > 0
    return sampled and answers is not None and answers.sha256 == reproduction.answers.sha256


def is_copied(submission: Submission, first: Iterable[SubmittedSample], second: Iterable[SubmittedSample]) -> bool:
    """Return whether a second run holds the texts of the first: chance repeats no long ones that were sampled."""
    if submission.manifest.sampling.temperature == 0:
        return False
    return equal_share(make_replies(submission, first), make_replies(submission, second)) >= LEAST_SHARE


def reproduced_levels(submitted: Opened, again: Opened) -> tuple[ReproducedLevel, ...]:
    """Return the second run against the first, over the packs that both hold, paired by question."""
    first = _by_level(submitted)
    found = []
    for (task, level), packs in _by_level(again).items():
        shared = [pack_id for pack_id in packs if pack_id in first.get((task, level), {})]
        if not shared:
            continue
        second_means, first_means = (
            _question_means([judged[pack_id] for pack_id in shared]) for judged in (packs, first[task, level])
        )
        names = sorted(second_means)
        paired = paired_difference([second_means[name] for name in names], [first_means[name] for name in names])
        # Where all questions differ by the same amount there is no noise to tell, and no interval.
        is_told = bool(paired.estimate.se)
        found.append(
            ReproducedLevel(
                task=task,
                level=level,
                n_packs=len(shared),
                n_questions=paired.n_questions,
                difference=paired.estimate if is_told else Estimate(value=paired.estimate.value, se=None, ci=None),
                p_value=paired.p_value if is_told else None,
            )
        )
    return tuple(found)


def _check_conditions(exam: Examination, first: Manifest, second: Manifest) -> None:
    """Make sure of the same model, asked in the same way; engine, dtype and hardware may be others."""
    same_engine = first.engine.engine == second.engine.engine
    for row in SETTINGS:
        if row.reproduced == "same" or (row.reproduced == "same on one engine" and same_engine):
            exam.compare(REPRODUCTION, value_of(row, first), value_of(row, second), f"manifest.{row.recorded}")


def _by_level(opened: Opened) -> dict[tuple[str, int], dict[str, _Judged]]:
    found: dict[tuple[str, int], dict[str, _Judged]] = defaultdict(dict)
    for pack, sample in opened.submitted():
        found[pack.task, pack.level][pack.pack_id] = _Judged(pack, sample.correct)
    return found


def _question_means(judged: Iterable[_Judged]) -> dict[str, float]:
    slots: dict[str, list[bool]] = defaultdict(list)
    for pack, correct in judged:
        for problem, is_right in zip(pack.problems, correct, strict=True):
            slots[problem.id].append(is_right)
    return {name: fmean(values) for name, values in slots.items()}
