import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rest_bench.config import RunConfig
from rest_bench.engines import ENGINES
from rest_bench.errors import StoreError
from rest_bench.merging import Coverage, LevelCoverage, interleave, refuse_gaps
from rest_bench.pipeline import evaluate, make_manifest, merge
from rest_bench.planning import make_plan
from rest_bench.schema import EngineInfo, Response
from rest_bench.store import Run, RunWriter
from tests import scripted

REPOSITORY = Path(__file__).parents[1]
SCORED = ("scores.parquet", "summary.json")


@pytest.fixture(autouse=True)
def _scripted_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, scripted.NAME, scripted.TARGET)


def config(out: Path, **changes: object) -> RunConfig:
    settings = {"model": "right-to-2", "engine": "scripted", "levels": (1, 3), "limit": 7, "out": out}
    return RunConfig.model_validate({**settings, **changes})


@pytest.fixture(scope="module")
def _two_shards(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ENGINES, scripted.NAME, scripted.TARGET)
        return run_shards(tmp_path_factory.mktemp("shards"), 2)


@pytest.fixture
def pair(_two_shards: list[Path], tmp_path: Path) -> list[Path]:
    """Both shards of a run, to do with as one likes."""
    return [shutil.copytree(path, tmp_path / path.name) for path in _two_shards]


def plan_run(path: Path, **changes: object) -> Path:
    """Write a run folder without any response."""
    settings = config(path, **changes)
    plan = make_plan(settings)
    info = EngineInfo(engine=scripted.NAME, engine_version="1", model=settings.model)
    with RunWriter(path) as writer:
        writer.begin(make_manifest(settings, plan, info), plan.samples())
    return path


def run_shards(folder: Path, count: int, **changes: object) -> list[Path]:
    return [
        evaluate(config(folder / f"shard-{index}", shard=f"{index}/{count}", **changes)).path
        for index in range(1, count + 1)
    ]


def contents(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in path.iterdir()}


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


def edit_manifest(path: Path, edit: Callable[[dict], None]) -> None:
    manifest = json.loads((path / "manifest.json").read_text())
    edit(manifest)
    (path / "manifest.json").write_text(json.dumps(manifest))


def write_toy(folder: Path, n_problems: int = 4) -> str:
    rows = [{"question": f"What is {number} + 1?", "answer": str(number + 1)} for number in range(n_problems)]
    (folder / "toy.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "toy.yaml").write_text(
        "name: toy\ntitle: Toy\nanswer_type: integer\nlevels: [1, 2]\nrepeats: 2\ntemplate: rest_math\n"
        "source:\n  local: {path: toy.jsonl, format: jsonl, question: question, answer: answer}\n"
    )
    return str(folder / "toy.yaml")


# --- the same as one run ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "changes"),
    [
        (1, {}),
        (2, {}),
        (3, {"repeats": 2}),
        (4, {"repeats": 3, "design": "shuffled", "levels": (1, 2, 4)}),
        (2, {"design": "disjoint", "repeats": 2, "levels": (2,)}),
        (9, {}),
    ],
)
def test_merged_shards_equal_a_run_of_one_machine(tmp_path: Path, count: int, changes: dict[str, object]) -> None:
    paths = run_shards(tmp_path, count, **changes)
    random.Random(0).shuffle(paths)
    merged = merge(paths, tmp_path / "merged").run
    whole = evaluate(config(tmp_path / "whole", **changes))
    assert sorted(lines(merged.path / "responses.jsonl")) == sorted(lines(whole.path / "responses.jsonl"))
    for name in (*SCORED, "packs.jsonl", "problems.jsonl"):
        assert (merged.path / name).read_bytes() == (whole.path / name).read_bytes()
    assert merged.manifest.model_copy(update={"invocations": ()}) == whole.manifest.model_copy(
        update={"invocations": ()}
    )


def test_merged_shards_of_several_tasks_equal_a_run_of_one_machine(tmp_path: Path) -> None:
    tasks = (write_toy(tmp_path), "arithmetic")
    paths = run_shards(tmp_path, 3, tasks=tasks, levels=(), limit=9)
    merged = merge(paths, tmp_path / "merged").run
    whole = evaluate(config(tmp_path / "whole", tasks=tasks, levels=(), limit=9))
    for name in (*SCORED, "packs.jsonl", "problems.jsonl"):
        assert (merged.path / name).read_bytes() == (whole.path / name).read_bytes()


def test_errors_are_merged_as_a_run_of_one_machine_has_them(tmp_path: Path) -> None:
    """The same responses, failed ones among them: those of the whole run, dealt out to the shards."""
    whole = evaluate(config(tmp_path / "whole", model="right-to-2,fails-third"))
    paths = run_shards(tmp_path, 2, model="right-to-2,fails-third")
    responses = [Response.model_validate_json(line) for line in lines(whole.path / "responses.jsonl")]
    for path in paths:
        own = {record.pack_id for record in Run(path).pack_records()}
        mine = [response.model_dump_json() + "\n" for response in responses if response.pack_id in own]
        (path / "responses.jsonl").write_text("".join(mine))
    merged, coverage = merge(paths, tmp_path / "merged", partial=True)
    for name in SCORED:
        assert (merged.path / name).read_bytes() == (whole.path / name).read_bytes()
    assert coverage.levels[1] == LevelCoverage("arithmetic", 3, n_planned=7, n_answered=6, n_failed=1)


def test_shards_whose_levels_came_one_after_the_other_merge_in_the_order_of_the_manifest(tmp_path: Path) -> None:
    for levels in ((3,), (1,)):
        paths = run_shards(tmp_path, 2, levels=levels)
    merged = merge(paths, tmp_path / "merged").run
    assert [record.level for record in merged.pack_records()] == [1] * 7 + [3] * 7
    assert len(merged.manifest.invocations) == 4
    began = [invocation.started_at for invocation in merged.manifest.invocations]
    assert began == sorted(began)


def test_interleaving_takes_the_first_of_each_then_the_second() -> None:
    assert list(interleave(["adg", "be", "cf"])) == list("abcdefg")
    assert list(interleave([])) == []


def test_merging_changes_nothing_of_the_shards(pair: list[Path], tmp_path: Path) -> None:
    before = [contents(path) for path in pair]
    merge(pair, tmp_path / "merged")
    assert [contents(path) for path in pair] == before
    assert {path.name for path in tmp_path.iterdir()} == {"shard-1", "shard-2", "merged"}


def test_shards_that_may_only_be_read_are_merged(pair: list[Path], tmp_path: Path) -> None:
    for path in pair:
        for each in path.iterdir():
            each.chmod(0o444)
        path.chmod(0o555)
    try:
        assert merge(pair, tmp_path / "merged").coverage.is_complete
    finally:
        for path in pair:
            path.chmod(0o755)


# --- going on ---------------------------------------------------------------------------------------------------------


def test_a_merged_run_is_gone_on_with(tmp_path: Path) -> None:
    paths = run_shards(tmp_path, 3)
    merged, coverage = merge([paths[0], paths[2]], tmp_path / "merged", partial=True)
    assert coverage.missing_shards == (2,)
    assert [(level.n_planned, level.n_answered) for level in coverage.levels] == [(7, 5), (7, 5)]
    assert merged.summary.config.partial
    assert {level: part.n_packs for level, part in merged.summary.tasks["arithmetic"].levels.items()} == {
        "1": 5,
        "3": 5,
    }
    before = lines(merged.path / "responses.jsonl")
    run = evaluate(config(merged.path))
    after = lines(run.path / "responses.jsonl")
    assert after[: len(before)] == before
    assert len(after) == 14
    whole = evaluate(config(tmp_path / "whole"))
    for name in (*SCORED, "packs.jsonl"):
        assert (run.path / name).read_bytes() == (whole.path / name).read_bytes()


def test_a_complete_merged_run_asks_nothing_again(pair: list[Path], tmp_path: Path) -> None:
    merged = merge(pair, tmp_path / "merged").run
    before = lines(merged.path / "responses.jsonl")
    assert lines(evaluate(config(merged.path)).path / "responses.jsonl") == before


def test_failed_samples_of_shards_are_asked_again(tmp_path: Path) -> None:
    paths = run_shards(tmp_path, 2, model="right-to-2,fails-third")
    merged = merge(paths, tmp_path / "merged", partial=True).run
    run = evaluate(config(merged.path, model="right-to-2,fails-third"))
    assert run.summary.tasks["arithmetic"].levels["3"].outcomes["error"] == 0
    assert run.answered().done == frozenset(
        Response.model_validate_json(line).sample_id for line in lines(run.path / "responses.jsonl")
    )


# --- what is missing --------------------------------------------------------------------------------------------------


def test_a_missing_shard_is_refused_with_what_is_there(tmp_path: Path) -> None:
    paths = run_shards(tmp_path, 3)
    with pytest.raises(StoreError) as refused:
        merge(paths[:2], tmp_path / "merged")
    assert str(refused.value) == (
        f"{tmp_path / 'merged'}: not merged, as samples are missing: shard 3/3 is missing; 5 of 7 samples of "
        "arithmetic at level 1; 5 of 7 samples of arithmetic at level 3; run the `eval` commands of the "
        "shards again, or merge what is there with --partial"
    )
    assert not (tmp_path / "merged").exists()


def test_a_failed_sample_is_a_missing_one(tmp_path: Path) -> None:
    paths = run_shards(tmp_path, 2, model="right-to-2,fails-third")
    with pytest.raises(StoreError, match="5 of 7 samples of arithmetic at level 3, 2 failed; run"):
        merge(paths, tmp_path / "merged")


def test_a_line_that_is_damaged_or_cut_short_is_a_missing_sample(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    paths = run_shards(tmp_path, 2, levels=(1,))
    first, *others = (paths[0] / "responses.jsonl").read_bytes().splitlines(keepends=True)
    (paths[0] / "responses.jsonl").write_bytes(b"\xff{" + first[5:] + b"".join(others)[:-9])
    coverage = merge(paths, tmp_path / "merged", partial=True).coverage
    assert coverage.levels == (LevelCoverage("arithmetic", 1, n_planned=7, n_answered=5, n_failed=0),)
    assert f"{paths[0] / 'responses.jsonl'}: 1 lines are no response" in caplog.text


def test_responses_that_are_gone_are_missing_samples(pair: list[Path], tmp_path: Path) -> None:
    (pair[1] / "responses.jsonl").unlink()
    with pytest.raises(StoreError, match="4 of 7 samples of arithmetic at level 1"):
        merge(pair, tmp_path / "merged")


def test_a_long_list_of_gaps_is_cut(tmp_path: Path) -> None:
    levels = tuple(LevelCoverage("t", level, 9, 8, 0) for level in range(1, 10))
    with pytest.raises(StoreError, match=r"shards 1/3, 2/3 are missing; .* at level 6; and so on at 3 more levels;"):
        refuse_gaps(Coverage(3, (1, 2), levels), tmp_path)


# --- what does not belong together ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"temperature": 0.0}, r"another temperature \(0\.6 there, 0\.0 here\)"),
        ({"model": "right-to-1"}, "another model"),
        ({"seed": 1}, "another seed"),
        ({"design": "reversed"}, "another design"),
        ({"system_prompt": "Think."}, "another system_prompt"),
        ({"levels": (1, 2)}, r"another set of levels of arithmetic \(1, 3 there, 1, 2 here\)"),
        ({"repeats": 2}, r"another repeats of arithmetic at level 1 \(1 there, 2 here\)"),
        ({"limit": 8}, r"another limit of arithmetic at level 1 \(7 there, 8 here\)"),
        ({"extra_body": {"a": 1}}, "another extra_body"),
        ({"shard": "2/3"}, "shard 1/2 there, 2/3 here"),
        ({"shard": "1/2"}, "are both shard 1/2"),
    ],
)
def test_folders_that_are_not_shards_of_one_run_are_refused(
    tmp_path: Path, changes: dict[str, object], field: str
) -> None:
    one = plan_run(tmp_path / "one", shard="1/2")
    other = plan_run(tmp_path / "other", **{"shard": "2/2", **changes})
    with pytest.raises(StoreError, match=field) as refused:
        merge([one, other], tmp_path / "merged", partial=True)
    assert f"{one} and {other}" in str(refused.value)


def test_another_set_of_tasks_is_refused(tmp_path: Path) -> None:
    one = plan_run(tmp_path / "one", shard="1/2")
    tasks = ("arithmetic", write_toy(tmp_path))
    other = plan_run(tmp_path / "other", shard="2/2", tasks=tasks)
    with pytest.raises(StoreError, match=r"another set of tasks \(arithmetic there, arithmetic, toy here\)"):
        merge([one, other], tmp_path / "merged")


def test_other_data_under_the_name_of_a_task_is_refused(tmp_path: Path) -> None:
    tasks = (write_toy(tmp_path),)
    one = plan_run(tmp_path / "one", shard="1/2", tasks=tasks)
    write_toy(tmp_path, n_problems=9)
    other = plan_run(tmp_path / "other", shard="2/2", tasks=tasks)
    with pytest.raises(StoreError, match="another data of task toy"):
        merge([one, other], tmp_path / "merged")


def test_a_whole_run_is_no_shard(tmp_path: Path) -> None:
    shard = plan_run(tmp_path / "shard", shard="1/2")
    whole = plan_run(tmp_path / "whole")
    with pytest.raises(StoreError, match=f"{whole}: is a whole run and no shard"):
        merge([shard, whole], tmp_path / "merged")


def test_a_shard_named_twice_is_refused(pair: list[Path], tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="are both shard 1/2; name each shard once"):
        merge([pair[0], pair[1], pair[0]], tmp_path / "merged")


def test_a_copy_of_a_shard_under_another_number_is_refused(tmp_path: Path) -> None:
    paths = [plan_run(tmp_path / name, shard="1/2", limit=8) for name in ("one", "two")]
    edit_manifest(paths[1], lambda manifest: manifest["shard"].update(index=2))
    with pytest.raises(StoreError, match=f"{paths[0]} and {paths[1]}: both hold pack [0-9a-f]{{16}}"):
        merge(paths, tmp_path / "merged", partial=True)


# --- damage -----------------------------------------------------------------------------------------------------------


def _lose_packs(path: Path) -> None:
    (path / "packs.jsonl").write_text("".join(line + "\n" for line in lines(path / "packs.jsonl")[:-1]))


def _repeat_pack(path: Path) -> None:
    (path / "packs.jsonl").write_text("".join(line + "\n" for line in lines(path / "packs.jsonl")[:1] * 2))


def _break_packs(path: Path) -> None:
    (path / "packs.jsonl").write_text("{\n")


def _remove_packs(path: Path) -> None:
    (path / "packs.jsonl").unlink()


def _make_packs_a_folder(path: Path) -> None:
    (path / "packs.jsonl").unlink()
    (path / "packs.jsonl").mkdir()


def _remove_problems(path: Path) -> None:
    (path / "problems.jsonl").unlink()


def _lose_problems(path: Path) -> None:
    (path / "problems.jsonl").write_text("")


def _edit_problems(path: Path) -> None:
    text = (path / "problems.jsonl").read_text()
    (path / "problems.jsonl").write_text(text.replace('"gold":"', '"gold":"1'))


def _remove_manifest(path: Path) -> None:
    (path / "manifest.json").unlink()


def _break_manifest(path: Path) -> None:
    (path / "manifest.json").write_text("[")


def _mislabel_responses(path: Path) -> None:
    text = (path / "responses.jsonl").read_text()
    (path / "responses.jsonl").write_text(text.replace('"repeat":0', '"repeat":5'))


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (_lose_packs, "holds 2 packs of arithmetic at level 3, repeat 0, and its manifest plans 3; run the same"),
        (_repeat_pack, r"packs\.jsonl: pack [0-9a-f]{16} stands twice"),
        (_break_packs, r"packs\.jsonl line 1: cannot be read"),
        (_remove_packs, r"packs\.jsonl: missing"),
        (_make_packs_a_folder, r"packs\.jsonl: missing"),
        (_remove_problems, r"problems\.jsonl: missing"),
        (_lose_problems, r"problems\.jsonl: lacks problem"),
        (_edit_problems, "have different problems under the name"),
        (_remove_manifest, "shard-2: not a run folder"),
        (_break_manifest, r"manifest\.json: cannot be read"),
        (_mislabel_responses, "names another task, level or repeat than"),
    ],
)
def test_a_damaged_shard_is_named_and_nothing_is_left(
    pair: list[Path], tmp_path: Path, damage: Callable[[Path], None], sentence: str
) -> None:
    damage(pair[1])
    with pytest.raises(StoreError, match=sentence):
        merge(pair, tmp_path / "merged", partial=True)
    assert {path.name for path in tmp_path.iterdir()} == {"shard-1", "shard-2"}


def test_a_shard_that_is_being_written_is_refused_or_warned_of(
    pair: list[Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with RunWriter(pair[1]):
        with pytest.raises(StoreError, match=f"{pair[1]}: a process is writing to it; wait for it"):
            merge(pair, tmp_path / "merged")
        merge(pair, tmp_path / "merged", partial=True)
    assert f"{pair[1]}: a process is writing to it; only what is there now is merged" in caplog.text
    merge(pair, tmp_path / "again")


# --- the new folder ---------------------------------------------------------------------------------------------------


def test_a_folder_that_is_taken_is_refused(pair: list[Path], tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "today.txt").write_text("")
    (tmp_path / "file").write_text("")
    whole = plan_run(tmp_path / "whole")
    refusals = {
        whole: "holds a run already",
        pair[0]: "lies in .*shard-1, which is to be merged",
        pair[0] / "merged": "lies in .*shard-1, which is to be merged",
        tmp_path / "notes": "is there already",
        tmp_path / "file": "is there already",
        tmp_path / "file" / "below": "cannot be written",
    }
    for out, sentence in refusals.items():
        with pytest.raises(StoreError, match=sentence):
            merge(pair, out)
    (tmp_path / "empty").mkdir()
    assert merge(pair, tmp_path / "empty").run.summary
    assert merge(pair, tmp_path / "new" / "deep").run.summary


def test_a_merge_killed_at_any_moment_leaves_no_folder_that_looks_like_a_run(tmp_path: Path) -> None:
    paths = run_shards(tmp_path, 2, limit=60)
    command = [sys.executable, "-m", "rest_bench", "merge", *map(str, paths), "--out", str(tmp_path / "merged")]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while time.monotonic() < until and not list(tmp_path.glob(".merged.*.part/manifest.json")):
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert process.returncode == -signal.SIGKILL, "it was killed before it was done"
    assert not (tmp_path / "merged").exists()
    assert merge(paths, tmp_path / "merged").coverage.is_complete


def test_shards_of_another_quantization_are_not_of_one_run(tmp_path: Path) -> None:
    one, other = (plan_run(tmp_path / name, shard=shard) for name, shard in (("one", "1/2"), ("other", "2/2")))
    manifest = Run(other).manifest
    engine = manifest.engine.model_copy(update={"quantization": "fp8"})
    (other / "manifest.json").write_text(manifest.model_copy(update={"engine": engine}).model_dump_json())
    with pytest.raises(StoreError, match=r"another quantization \(none there, fp8 here\)"):
        merge([one, other], tmp_path / "merged", partial=True)
