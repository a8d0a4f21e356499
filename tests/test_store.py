import json
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.schema import Manifest, Pack, Response, Score
from rest_bench.store import Run, RunWriter, log_to, read_answered
from tests.records import make_manifest, make_pack, make_response, plan

PACKS = tuple(make_pack(number) for number in range(4))


def begin(path: Path, manifest: Manifest | None = None, packs: tuple[Pack, ...] = PACKS) -> RunWriter:
    writer = RunWriter(path)
    try:
        writer.begin(manifest or make_manifest(), plan(packs))
    except BaseException:
        writer.__exit__(None, None, None)
        raise
    return writer


def responses(path: Path) -> list[Response]:
    return [sample.response for sample in Run(path).samples()]


def test_what_is_appended_is_read_back_with_its_pack(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        for pack in reversed(PACKS):
            writer.append(make_response(pack, f"Q1: {pack.pack_id}"))
    samples = list(Run(tmp_path).samples())
    assert [sample.pack for sample in samples] == list(PACKS)
    assert [sample.response.text for sample in samples] == [f"Q1: {pack.pack_id}" for pack in PACKS]


def test_a_response_is_on_disk_before_the_writer_is_closed(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0]))
        assert responses(tmp_path) == [make_response(PACKS[0])]


def test_a_folder_remembers_what_is_done(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0]))
    with RunWriter(tmp_path) as writer:
        index = writer.begin(make_manifest(), plan(PACKS))
    assert index.done == {make_response(PACKS[0]).sample_id}


def test_a_torn_last_line_is_dropped_and_written_over(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0]))
        writer.append(make_response(PACKS[1]))
    path = tmp_path / "responses.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    with begin(tmp_path) as writer:
        assert responses(tmp_path) == [make_response(PACKS[0])]
        writer.append(make_response(PACKS[1], "again"))
    assert [response.text for response in responses(tmp_path)] == ["\\boxed{1}", "again"]
    assert path.read_bytes().count(b"\n") == 2


@pytest.mark.parametrize("damage", [b"\xff\xfe\n", b"{}\n", b"not json\n", b"\n", b"\x00" * 5000 + b"\n"])
def test_a_damaged_line_costs_one_sample_and_not_the_run(tmp_path: Path, damage: bytes) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0]))
    with (tmp_path / "responses.jsonl").open("ab") as file:
        file.write(damage)
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[1]))
    assert read_answered(tmp_path / "responses.jsonl").n_unreadable == 1
    assert responses(tmp_path) == [make_response(PACKS[0]), make_response(PACKS[1])]


def test_a_sample_asked_again_after_an_error_counts_once(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0], "", "error"))
        assert read_answered(tmp_path / "responses.jsonl").done == frozenset()
        writer.append(make_response(PACKS[0], "answered"))
        writer.append(make_response(PACKS[0], "", "error"))
    assert [response.text for response in responses(tmp_path)] == ["answered"]


def test_an_error_counts_where_nothing_better_came(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0], "", "error"))
    assert [response.finish_reason for response in responses(tmp_path)] == ["error"]


def test_of_duplicate_lines_the_first_counts(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0], "first"))
        writer.append(make_response(PACKS[0], "second"))
    assert [response.text for response in responses(tmp_path)] == ["first"]


def test_a_response_to_no_pack_of_the_run_is_left_out(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(make_pack(99)))
        writer.append(make_response(PACKS[0]))
    assert responses(tmp_path) == [make_response(PACKS[0])]


def test_text_of_every_kind_survives(tmp_path: Path) -> None:
    text = "line\nline\r\n\u2028\u0000\u202e</script> 汉字 \U0001f600 \\boxed{\\frac12}"
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0], text))
    assert responses(tmp_path)[0].text == text


# --- refusing to mix --------------------------------------------------------------------------------------------------


def with_engine(**changes: str) -> Manifest:
    manifest = make_manifest()
    return manifest.model_copy(update={"engine": manifest.engine.model_copy(update=changes)})


def with_task(**changes: str) -> Manifest:
    manifest = make_manifest()
    return manifest.model_copy(update={"tasks": (manifest.tasks[0].model_copy(update=changes),)})


def with_sampling(**changes: float) -> Manifest:
    manifest = make_manifest()
    return manifest.model_copy(update={"sampling": manifest.sampling.model_copy(update=changes)})


@pytest.mark.parametrize(
    ("manifest", "field"),
    [
        (with_engine(model="other"), "another model"),
        (with_engine(revision="def"), "another revision"),
        (with_engine(engine="transformers"), "another engine"),
        (with_engine(chat_template_sha256="ff"), "another chat template"),
        (with_engine(dtype="bfloat16"), "another dtype"),
        (with_sampling(temperature=0.0), "another temperature"),
        (with_sampling(max_tokens=5), "another max_tokens"),
        (make_manifest().model_copy(update={"seed": 1}), "another seed"),
        (make_manifest().model_copy(update={"design": "shuffled"}), "another design"),
        (with_task(data_sha256="ff"), "another data of task toy"),
        (with_task(template_sha256="ff"), "another template of task toy"),
        (make_manifest(limit=2), "a larger limit"),
    ],
)
def test_a_run_that_differs_is_refused_with_the_fields_name(tmp_path: Path, manifest: Manifest, field: str) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0]))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != ".lock"}
    with pytest.raises(StoreError, match=field):
        begin(tmp_path, manifest)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != ".lock"} == before


def test_fewer_repeats_are_refused(tmp_path: Path) -> None:
    with begin(tmp_path, make_manifest(repeats=2)):
        pass
    with pytest.raises(StoreError, match="a larger repeats"):
        begin(tmp_path, make_manifest(repeats=1))


def test_levels_tasks_and_limit_may_grow(tmp_path: Path) -> None:
    with begin(tmp_path, make_manifest(limit=2), PACKS[:2]) as writer:
        writer.append(make_response(PACKS[0]))
    others = tuple(make_pack(number, level=3) for number in range(4))
    with begin(tmp_path, make_manifest(levels=(3,)), others) as writer:
        writer.append(make_response(others[0]))
    with begin(tmp_path, make_manifest(levels=(2,)), PACKS):
        pass
    run = Run(tmp_path)
    assert [record.pack_id for record in run.pack_records()] == [pack.pack_id for pack in (*others, *PACKS)]
    assert [(level.level, level.limit) for level in run.manifest.tasks[0].levels] == [(2, None), (3, None)]
    assert len(run.manifest.invocations) == 3
    assert {response.pack_id for response in responses(tmp_path)} == {PACKS[0].pack_id, others[0].pack_id}


def test_two_writers_of_one_folder_are_refused(tmp_path: Path) -> None:
    with begin(tmp_path):
        program = (
            f"from pathlib import Path; from rest_bench.store import RunWriter; RunWriter(Path({str(tmp_path)!r}))"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert "another process is writing to this run" in done.stderr
    with begin(tmp_path):
        pass


# --- disks ------------------------------------------------------------------------------------------------------------

FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from rest_bench.errors import StoreError
from tests.test_store import PACKS, begin, make_response

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with begin(Path(sys.argv[1])) as writer:
    writer.append(make_response(PACKS[0]))
    size = (Path(sys.argv[1]) / "responses.jsonl").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, size + 100))
    try:
        writer.append(make_response(PACKS[1], "x" * 1000))
    except StoreError as error:
        print(error)
"""


def test_a_full_disk_is_said_and_nothing_finished_is_lost(tmp_path: Path) -> None:
    """A limit on the size of files stands in for the full disk: the kernel takes a part of the line, then no more."""
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=True, cwd=Path(__file__).parents[1]
    )
    assert "responses.jsonl: cannot be written (File too large)" in done.stdout
    assert "is safe: make room and run the same command again" in done.stdout
    assert (tmp_path / "responses.jsonl").read_bytes().endswith(b"}\n")
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[1]))
    assert responses(tmp_path) == [make_response(PACKS[0]), make_response(PACKS[1])]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"file: cannot be written \(File exists\)"):
        RunWriter(tmp_path / "file")


# --- reading ----------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not a run folder"):
        Run(tmp_path)


def test_a_run_without_scores_says_what_to_do(tmp_path: Path) -> None:
    with begin(tmp_path):
        pass
    with pytest.raises(StoreError, match=f"run `rest-bench score {tmp_path}`"):
        Run(tmp_path).scores()
    with pytest.raises(StoreError, match="run `rest-bench score"):
        Run(tmp_path).level_scores("toy", 2, ["correct"])
    with pytest.raises(StoreError, match=f"run `rest-bench score {tmp_path}`"):
        _ = Run(tmp_path).summary


def _drop_problems(path: Path) -> None:
    (path / "problems.jsonl").write_text("")


def _damage_packs(path: Path) -> None:
    (path / "packs.jsonl").write_text('{"pack_id": 1}\n')


def _remove_packs(path: Path) -> None:
    (path / "packs.jsonl").unlink()


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (_drop_problems, "lacks problem"),
        (_damage_packs, r"packs\.jsonl line 1: cannot be read"),
        (_remove_packs, r"packs\.jsonl: missing"),
    ],
)
def test_a_damaged_run_is_named(tmp_path: Path, damage: Callable[[Path], None], sentence: str) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0]))
    damage(tmp_path)
    with pytest.raises(StoreError, match=sentence):
        list(Run(tmp_path).samples())


def test_a_damaged_manifest_is_named_with_its_field(tmp_path: Path) -> None:
    with begin(tmp_path):
        pass
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["sampling"]["temperature"] = "warm"
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(StoreError, match=r"manifest\.json: cannot be read at sampling\.temperature"):
        _ = Run(tmp_path).manifest


def make_score(position: int, answer: str | None) -> Score:
    return Score(
        task="toy",
        level=2,
        design="cyclic",
        pack_id="p",
        repeat=0,
        position=position,
        problem_id="1",
        gold="2",
        answer=answer,
        found_by="label",
        outcome="correct",
        correct=True,
        correct_strict=True,
        correct_paper=None,
        answer_paper="\\boxed{2}",
        finish_reason="stop",
        prompt_tokens=None,
        completion_tokens=5,
        thinking_tokens=None,
        tokens_estimated=False,
        seed=2**62,
    )


def test_scores_come_back_as_a_table_with_their_types(tmp_path: Path) -> None:
    with begin(tmp_path):
        pass
    run = Run(tmp_path)
    run.write_scores([(make_score(1, "2"), make_score(2, None))])
    scores = run.scores()
    assert list(scores.columns) == list(Score.model_fields)
    assert scores["correct"].tolist() == [True, True]
    assert scores["answer"].isna().tolist() == [False, True]
    assert scores["seed"].tolist() == [2**62, 2**62]
    assert scores["correct_paper"].isna().all()


def write_mixed_scores(path: Path) -> Run:
    """Write the scores of two tasks at three levels, in row groups that end anywhere."""
    import pyarrow.parquet

    with begin(path):
        pass
    run = Run(path)
    run.write_scores(
        tuple(
            make_score(position, None if number % 3 else f"{number}").model_copy(
                update={"task": task, "level": level, "pack_id": f"{9 - number}", "problem_id": f"{number % 4}"}
            )
            for position in range(1, level + 1)
        )
        for task in ("toy", "other")
        for level in (1, 2, 3)
        for number in range(7)
    )
    table = pyarrow.parquet.read_table(path / "scores.parquet")
    pyarrow.parquet.write_table(table, path / "scores.parquet", row_group_size=5)
    return run


@pytest.mark.parametrize(("task", "level"), [("toy", 1), ("toy", 3), ("other", 2)])
def test_the_scores_of_one_level_are_those_rows_of_the_table_in_order(tmp_path: Path, task: str, level: int) -> None:
    run = write_mixed_scores(tmp_path)
    columns = ["pack_id", "position", "answer", "outcome", "prompt_tokens", "correct"]
    part, whole = run.level_scores(task, level, columns), run.scores()
    assert list(part.columns) == columns
    assert len(part) == 7 * level
    expected = whole.loc[(whole["task"] == task) & (whole["level"] == level), columns].reset_index(drop=True)
    assert part.astype(object).equals(expected.astype(object))


def test_words_of_one_level_are_categories_in_the_order_of_the_alphabet(tmp_path: Path) -> None:
    """So that what is grouped by them comes in the same order as with plain text."""
    part = write_mixed_scores(tmp_path).level_scores("toy", 2, ["pack_id", "position"])
    assert part["pack_id"].dtype == "category"
    assert list(part["pack_id"].cat.categories) == list("3456789")
    assert list(part.groupby("pack_id")["position"].sum().index) == list("3456789")


def test_a_level_without_scores_is_an_empty_table(tmp_path: Path) -> None:
    run = write_mixed_scores(tmp_path)
    for task, level in (("toy", 4), ("nothing", 1)):
        part = run.level_scores(task, level, ["correct", "outcome"])
        assert (len(part), list(part.columns)) == (0, ["correct", "outcome"])


def test_a_failed_write_leaves_the_old_scores(tmp_path: Path) -> None:
    with begin(tmp_path):
        pass
    run = Run(tmp_path)
    run.write_scores([(make_score(1, "2"),)])

    def failing() -> object:
        yield (make_score(1, "3"),)
        raise ValueError("the judge broke")

    with pytest.raises(ValueError, match="the judge broke"):
        run.write_scores(failing())  # type: ignore[arg-type]
    assert run.scores()["answer"].tolist() == ["2"]
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_what_is_logged_stands_in_log_jsonl(tmp_path: Path) -> None:
    logger = logging.getLogger("rest_bench.anything")
    with log_to(tmp_path / "log.jsonl"):
        logger.warning("%s was cut", "prompt")
    logger.warning("not any more")
    (line,) = (tmp_path / "log.jsonl").read_text().splitlines()
    assert json.loads(line)["message"] == "prompt was cut"
