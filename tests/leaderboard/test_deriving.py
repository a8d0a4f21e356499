import pytest

from rest_bench.leaderboard.deriving import Derived, Submitted, content_id, derive, read_submitted
from rest_bench.leaderboard.publishing import publishable_manifest, submitted_sample
from rest_bench.leaderboard.replanning import load_tasks, replan
from rest_bench.parsing import parse_response
from rest_bench.planning import PlannedSample
from rest_bench.schema import Prompt, SubmittedSample
from rest_bench.scoring import Judge
from rest_bench.store import Run
from rest_bench.templates import render
from tests.parsing.test_corpus import CASES, as_response


@pytest.fixture(scope="module")
def derived(run: Run, judge: Judge) -> Derived:
    manifest = publishable_manifest(run.manifest, "org/model")
    tasks = load_tasks(manifest, None)
    planned = {each.pack.pack_id: each for each in replan(manifest, tasks)}
    submitted = [
        Submitted(sample.pack, submitted_sample(planned[sample.pack.pack_id], sample.response))
        for sample in run.samples()
    ]
    return derive(submitted, manifest, tasks, judge)


def test_a_final_text_and_claims_are_read_as_the_whole_reply(run: Run) -> None:
    (task,) = load_tasks(run.manifest, None).values()
    for pack, response, _ in run.samples():
        sample = submitted_sample(PlannedSample(pack, render(pack, task)), response)
        assert read_submitted(Submitted(pack, sample)).answers == parse_response(response, pack)


@pytest.mark.parametrize("part", range(8))
def test_every_reply_of_the_corpora_is_read_from_what_is_published_of_it(part: int) -> None:
    """Tags of all families, split reasoning, unfinished thinking, choices and programs."""
    for case in CASES[part::8]:
        response, pack = as_response(case)
        prompt = Prompt(
            pack_id=pack.pack_id,
            task=pack.task,
            level=pack.level,
            repeat=pack.repeat,
            answer_type="math",
            messages=(),
            sha256="0" * 64,
        )
        sample = submitted_sample(PlannedSample(pack, prompt), response)
        again = SubmittedSample.model_validate_json(sample.model_dump_json())
        assert read_submitted(Submitted(pack, again)).answers == parse_response(response, pack), case["id"]


def test_the_summary_is_that_of_the_run(run: Run, derived: Derived) -> None:
    assert derived.results.tasks == run.summary.tasks
    assert derived.is_partial
    assert derived.n_ungraded == 0


def test_the_counts_of_questions_add_up_to_the_accuracy(run: Run, derived: Derived) -> None:
    scores = run.scores(["level", "problem_id", "correct"])
    for level, counts in derived.questions["arithmetic"].items():
        of_level = scores[scores["level"] == int(level)]
        assert sum(counts.right) == of_level["correct"].sum()
        assert sum(counts.slots) == len(of_level)
        assert len(counts.slots) == 300  # of all problems of the task: those that were not asked have none
        assert counts.slots[0] == (of_level["problem_id"] == of_level["problem_id"].iloc[0]).sum()


def test_verdicts_stand_in_the_order_of_the_samples(run: Run, derived: Derived) -> None:
    scores = run.scores(["correct"])
    assert [right for sample in derived.correct for right in sample] == scores["correct"].to_list()


def test_tokens_are_summed(run: Run, derived: Derived) -> None:
    counts = [sample.response.completion_tokens or 0 for sample in run.samples()]
    assert derived.tokens.completion_tokens == sum(counts)


def test_the_id_is_of_what_was_asked_and_answered(run: Run) -> None:
    manifest = run.manifest
    (task,) = load_tasks(manifest, None).values()
    sample = next(iter(run.samples()))
    line = submitted_sample(PlannedSample(sample.pack, render(sample.pack, task)), sample.response)
    own = content_id(manifest, [line])
    assert own == content_id(manifest.model_copy(update={"scorer_version": "x", "invocations": ()}), [line])
    assert own == content_id(manifest, [line.model_copy(update={"correct": (True,)})])
    others = [
        content_id(manifest.model_copy(update={"seed": 7}), [line]),
        content_id(manifest, [line.model_copy(update={"text": "other"})]),
        content_id(manifest, []),
    ]
    assert len({own, *others}) == 4
