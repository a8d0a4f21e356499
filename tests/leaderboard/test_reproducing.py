import shutil
from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.leaderboard.answers_file import REPRODUCED_ANSWERS, REPRODUCTION
from rest_bench.leaderboard.publishing import make_submitter
from rest_bench.leaderboard.reproducing import is_reproduced, is_same_run, reproduce
from rest_bench.leaderboard.verifying import verify
from rest_bench.schema import Reproduction, Submission
from rest_bench.scoring import Judge
from rest_bench.store import Run
from tests.leaderboard.build import LATER, read_record

BY = make_submitter("Another lab", None, "third_party")
ON = "2026-02-28"


def changed(again: Run, path: Path, **changes: object) -> Run:
    """Return a copy of a run whose manifest says something else."""
    copy = Run(shutil.copytree(again.path, path))
    (path / "manifest.json").write_text(copy.manifest.model_copy(update=changes).model_dump_json())
    return copy


def submission_of(folder: Path) -> Submission:
    return Submission.model_validate(read_record(folder))


def test_the_same_replies_are_a_reproduction(submission: Path, again: Run, judge: Judge) -> None:
    reproduction = reproduce(submission, again, BY, ON)
    assert [level.difference.value for level in reproduction.levels] == [0.0, 0.0]
    assert [level.difference.ci for level in reproduction.levels] == [None, None]  # no noise to tell
    verified = verify(submission, judge)
    assert (verified.tier, verified.faults) == ("reproduced", ())
    assert verified.reproduction == reproduction


def test_nobody_reproduces_his_own(submission: Path, again: Run) -> None:
    reproduction = reproduce(submission, again, BY, ON)
    assert is_reproduced(submission_of(submission), reproduction)
    cyrillic, full_width, accent = "\u0410 l\u0430b", "\uff21 lab", "\u00c1 lab"
    for name in ("a LAB", "A lab ", " A  lab", "A-lab", "A lab.", cyrillic, full_width, accent):
        own = reproduction.model_copy(update={"by": make_submitter(name, None, "third_party")})
        assert not is_reproduced(submission_of(submission), own), name


def test_one_run_is_no_second_one(submission: Path, run: Run, judge: Judge) -> None:
    reproduce(submission, run, BY, ON)
    verified = verify(submission, judge)
    assert (verified.tier, verified.faults) == ("re-scored", ())


def test_sampled_texts_do_not_come_twice(submission: Path, run: Run, tmp_path: Path, judge: Judge) -> None:
    later = tuple(each.model_copy(update=LATER) for each in run.manifest.invocations)
    whole = changed(run, tmp_path / "whole", invocations=later)
    reproduce(submission, whole, BY, ON)
    assert verify(submission, judge).tier == "re-scored"
    part = changed(whole, tmp_path / "part")
    lines = (part.path / "responses.jsonl").read_text().splitlines(keepends=True)
    (part.path / "responses.jsonl").write_text("".join(lines[:-1]))
    reproduction = reproduce(submission, Run(part.path), BY, ON)
    assert not is_same_run(submission_of(submission), reproduction)
    assert verify(submission, judge).tier == "re-scored"


def test_another_outcome_is_none(submission: Path, again: Run, tmp_path: Path, judge: Judge) -> None:
    """The same settings, and replies that are mostly wrong."""
    worse = Run(shutil.copytree(again.path, tmp_path / "worse"))
    text = (worse.path / "responses.jsonl").read_text()
    (worse.path / "responses.jsonl").write_text(text.replace("\\\\boxed{", "\\\\boxed{9"))
    reproduction = reproduce(submission, worse, BY, ON)
    assert all(level.difference.value is not None and level.difference.value < -0.3 for level in reproduction.levels)
    verified = verify(submission, judge)
    assert (verified.tier, verified.faults) == ("re-scored", ())


def test_a_forged_difference_is_found(submission: Path, again: Run, judge: Judge) -> None:
    reproduction = reproduce(submission, again, BY, ON)
    forged = reproduction.model_copy(
        update={"levels": tuple(level.model_copy(update={"n_packs": 7}) for level in reproduction.levels)}
    )
    (submission / REPRODUCTION).write_text(forged.model_dump_json(indent=1) + "\n")
    faults = list(map(str, verify(submission, judge).faults))
    assert any("reproduction.json: levels.0.n_packs: expected 32, found 7" in fault for fault in faults)


def test_forged_answers_of_the_second_run_are_found(submission: Path, again: Run, judge: Judge) -> None:
    reproduce(submission, again, BY, ON)
    (submission / REPRODUCED_ANSWERS).write_bytes(b"other")
    (fault,) = verify(submission, judge).faults
    assert "reproduction.jsonl.zst: sha256" in str(fault)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [("seed", 9, "manifest.seed: expected 0, found 9"), ("design", "reversed", "manifest.design: expected 'cyclic'")],
)
def test_other_settings_are_no_second_run(
    submission: Path, again: Run, tmp_path: Path, field: str, value: object, sentence: str
) -> None:
    other = changed(again, tmp_path / "other", **{field: value})
    with pytest.raises(StoreError, match="its very settings") as caught:
        reproduce(submission, other, BY, ON)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantization", "fp8"),
        ("kv_cache_dtype", "fp8"),
        ("max_model_len", 4096),
        ("weights_format", "gptq 4-bit"),
        ("arguments", '{"load_in_4bit": true}'),
        ("revision", "other"),
        ("chat_template_sha256", "f" * 64),
    ],
)
def test_another_model_is_no_second_run(
    submission: Path, again: Run, tmp_path: Path, field: str, value: object, judge: Judge
) -> None:
    engine = again.manifest.engine.model_copy(update={field: value})
    with pytest.raises(StoreError, match=rf"manifest\.engine\.{field}: expected .*, found {value!r}"):
        reproduce(submission, changed(again, tmp_path / "other", engine=engine), BY, ON)
    reproduction = reproduce(submission, again, BY, ON)
    manifest = reproduction.manifest.model_copy(update={"engine": engine})
    forged = reproduction.model_copy(update={"manifest": manifest})
    (submission / REPRODUCTION).write_text(forged.model_dump_json(indent=1) + "\n")
    assert any(f"manifest.engine.{field}" in str(fault) for fault in verify(submission, judge).faults)


def test_another_dressing_is_no_second_run(submission: Path, again: Run, tmp_path: Path) -> None:
    dressing = again.manifest.dressing.model_copy(update={"reasoning_effort": "low"})
    with pytest.raises(StoreError, match=r"manifest\.dressing\.reasoning_effort: expected None, found 'low'"):
        reproduce(submission, changed(again, tmp_path / "other", dressing=dressing), BY, ON)


def test_a_run_of_other_packs_is_no_second_run(submission: Path, tmp_path: Path, again: Run) -> None:
    (task,) = again.manifest.tasks
    other = changed(again, tmp_path / "other", tasks=(task.model_copy(update={"levels": task.levels[:0]}),))
    with pytest.raises(StoreError, match="holds no pack of"):
        reproduce(submission, other, BY, ON)


def test_too_few_questions_say_nothing(submission: Path, again: Run) -> None:
    reproduction = reproduce(submission, again, BY, ON)
    record = submission_of(submission)
    assert is_reproduced(record, reproduction)
    few = tuple(level.model_copy(update={"n_questions": 29}) for level in reproduction.levels)
    assert not is_reproduced(record, reproduction.model_copy(update={"levels": few}))
    assert not is_reproduced(record, reproduction.model_copy(update={"levels": reproduction.levels[:1]}))


def test_the_same_shift_of_every_question_is_no_chance(submission: Path, again: Run) -> None:
    reproduction = reproduce(submission, again, BY, ON)
    levels = tuple(
        level.model_copy(update={"difference": level.difference.model_copy(update={"value": 0.2})})
        for level in reproduction.levels
    )
    assert not is_reproduced(submission_of(submission), reproduction.model_copy(update={"levels": levels}))


def test_a_faulty_submission_cannot_be_reproduced(submission: Path, again: Run) -> None:
    (submission / "more").write_text("")
    with pytest.raises(StoreError, match="files: expected only"):
        reproduce(submission, again, BY, ON)


def test_a_second_run_may_be_of_another_engine(submission: Path, again: Run, tmp_path: Path, judge: Judge) -> None:
    engine = again.manifest.engine.model_copy(update={"engine": "vllm", "dtype": "bfloat16", "device": "cuda"})
    reproduction: Reproduction = reproduce(submission, changed(again, tmp_path / "other", engine=engine), BY, ON)
    assert reproduction.manifest.engine.engine == "vllm"
    assert verify(submission, judge).tier == "reproduced"


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("9999-99-99", "reproduced_on: expected Value error"),
        ("9999-12-31", "reproduced_on: expected a day up to 2"),
    ],
)
def test_a_second_run_was_made_on_a_day_that_was(
    submission: Path, run: Run, judge: Judge, day: str, sentence: str
) -> None:
    reproduce(submission, run, BY, ON)
    record = submission / REPRODUCTION
    record.write_text(record.read_text().replace(f'"reproduced_on": "{ON}"', f'"reproduced_on": "{day}"'))
    (fault,) = verify(submission, judge).faults
    assert sentence in str(fault)
