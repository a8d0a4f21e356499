import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas
import pyarrow.parquet
import pytest

from rest_bench.comparing import Opened, changed_questions, compare_runs, open_scored
from rest_bench.config import RunConfig
from rest_bench.engines import ENGINES
from rest_bench.errors import StoreError
from rest_bench.pipeline import evaluate, score
from rest_bench.schema import Comparison, ManifestDifference
from rest_bench.settings import manifest_differences
from tests import scripted


@pytest.fixture(autouse=True)
def _scripted_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, scripted.NAME, scripted.TARGET)


def run(out: Path, **changes: object) -> Path:
    settings = {"model": "right-to-2", "engine": "scripted", "levels": (1, 3), "limit": 8, "out": out}
    return evaluate(RunConfig.model_validate({**settings, **changes})).path


@pytest.fixture(scope="module")
def _base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ENGINES, scripted.NAME, scripted.TARGET)
        return run(tmp_path_factory.mktemp("base") / "base")


@pytest.fixture
def base(_base: Path, tmp_path: Path) -> Path:
    """A run, to do with as one likes."""
    return shutil.copytree(_base, tmp_path / "base")


def edited(path: Path, name: str, edit: Callable[[dict], None]) -> Path:
    content = json.loads((path / name).read_text())
    edit(content)
    (path / name).write_text(json.dumps(content))
    return path


def copied(path: Path, edit: Callable[[dict], None] | None = None) -> Path:
    copy = shutil.copytree(path, path.with_name("copy"))
    return copy if edit is None else edited(copy, "manifest.json", edit)


def differences(a: Path, b: Path) -> dict[str, ManifestDifference]:
    return {each.field: each for each in manifest_differences(open_scored(a), open_scored(b), ["arithmetic"])}


# --- two runs ---------------------------------------------------------------------------------------------------------


def test_a_worse_model_is_worse(base: Path, tmp_path: Path) -> None:
    comparison = compare_runs(base, run(tmp_path / "other", model="right-to-1"))
    metrics = comparison.tasks["arithmetic"].metrics
    assert {name: metric.verdict for name, metric in metrics.items()} == {
        "drop": "worse",
        "retention": "worse",
        "single": "no evidence",
        "stress": "worse",
    }
    assert metrics["drop"].difference.value == pytest.approx(1 / 3)
    assert [each.field for each in comparison.differences] == ["model"]
    assert comparison.left_out == ()
    assert Comparison.model_validate_json(comparison.model_dump_json()) == comparison


def test_a_run_against_itself_is_said(base: Path) -> None:
    comparison = compare_runs(base, base)
    assert comparison.same_folder
    assert comparison.cautions[0] == "RUN_A and RUN_B are the same folder: every difference is 0."
    levels = comparison.tasks["arithmetic"].levels.values()
    metrics = [metric for level in levels for metric in level.metrics.values() if metric.verdict is not None]
    assert {(metric.difference.value, metric.verdict) for metric in metrics} == {(0, "no evidence")}


def test_the_same_replies_in_two_folders_are_noise(base: Path) -> None:
    comparison = compare_runs(base, copied(base))
    assert not comparison.same_folder
    assert comparison.differences == ()
    assert "The runs differ in nothing that changes replies: a difference is noise." in comparison.cautions


# --- what differs -----------------------------------------------------------------------------------------------------


def test_one_setting_is_what_is_compared_and_more_confound(base: Path) -> None:
    def shorter(manifest: dict) -> None:
        manifest["sampling"]["max_tokens"] = 300

    other = copied(base, shorter)
    assert {name: (each.a, each.b, each.role) for name, each in differences(base, other).items()} == {
        "max_tokens": ("32768", "300", "compared")
    }
    edited(other, "manifest.json", lambda manifest: manifest["dressing"].update(reasoning_effort="high"))
    assert {name: (each.a, each.role) for name, each in differences(base, other).items()} == {
        "max_tokens": ("32768", "confounds"),
        "reasoning_effort": (None, "confounds"),
    }
    assert (
        "Not only one thing differs: a difference may come from max_tokens and reasoning_effort."
        in compare_runs(base, other).cautions
    )


def test_beside_another_model_a_setting_confounds(base: Path) -> None:
    def changed(manifest: dict) -> None:
        manifest["engine"]["model"] = "other"
        manifest["tasks"][0]["template_sha256"] = "f" * 64

    other = copied(base, changed)
    found = differences(base, other)
    assert {name: each.role for name, each in found.items()} == {
        "model": "compared",
        "template of arithmetic": "confounds",
    }
    assert found["template of arithmetic"].b == f"rest_math {'f' * 12}"
    assert "beside model: a difference may come from template of arithmetic" in compare_runs(base, other).cautions[0]


def test_an_adapter_is_named_as_what_differs(base: Path) -> None:
    laid = {"base_model": "org/base", "base_revision": "a" * 40, "sha256": "b" * 64}
    other = copied(base, lambda manifest: manifest["engine"].update(adapter=laid))
    (found,) = differences(base, other).values()
    assert (found.field, found.role, found.a, found.b) == ("adapter", "compared", None, f"{'b' * 16} on {'a' * 16}")


def test_another_judge_means_to_score_again(base: Path) -> None:
    other = edited(
        copied(base),
        "summary.json",
        lambda summary: summary["config"].update(scorer_version="1"),
    )
    assert differences(base, other)["scorer version"].role == "score again"
    assert any("run `rest-bench score` on both folders" in each for each in compare_runs(base, other).cautions)
    score(other)
    assert differences(base, other) == {}


@pytest.mark.parametrize(
    ("changes", "field", "shown"),
    [
        ({"quantization": "fp8"}, "quantization", (None, "fp8")),
        ({"kv_cache_dtype": "fp8_e5m2"}, "cache precision", (None, "fp8_e5m2")),
        ({"weights_format": "gptq 4-bit"}, "weights format", (None, "gptq 4-bit")),
        ({"arguments": '{"load_in_4bit": true}'}, "engine arguments", (None, '{"load_in_4bit": true}')),
        ({"max_model_len": 4096}, "context limit", (None, "4096")),
    ],
)
def test_what_an_engine_did_to_a_model_is_compared(
    base: Path, changes: dict[str, object], field: str, shown: tuple[str | None, str]
) -> None:
    other = copied(base, lambda manifest: manifest["engine"].update(changes))
    found = differences(base, other)
    assert {name: (each.a, each.b, each.role) for name, each in found.items()} == {field: (*shown, "compared")}
    assert not any("differ in nothing" in each for each in compare_runs(base, other).cautions)


def test_how_replies_came_about_is_said_and_is_not_nothing(base: Path) -> None:
    def on_four(manifest: dict) -> None:
        manifest["invocations"][0].update(engine_version="2", settings={"tensor_parallel_size": 4})

    other = copied(base, on_four)
    assert {name: (each.a, each.b, each.role) for name, each in differences(base, other).items()} == {
        "engine version": ("1", "2", "condition"),
        "tensor_parallel_size": (None, "4", "condition"),
    }
    said = "The same model was asked the same; only engine version and tensor_parallel_size differ: "
    assert f"{said}single replies may, too." in compare_runs(base, other).cautions


def test_another_seed_is_not_nothing(base: Path) -> None:
    other = copied(base, lambda manifest: manifest.update(seed=1))
    cautions = compare_runs(base, other).cautions
    assert "The same model was asked the same; only seed differs: single replies may, too." in cautions


def test_every_call_of_a_run_is_looked_at(base: Path) -> None:
    def resumed(manifest: dict) -> None:
        (call,) = manifest["invocations"]
        manifest["invocations"] = [call, {**call, "engine_version": "2"}]

    assert differences(base, copied(base, resumed))["engine version"].b == "1, then 2"


def test_versions_and_machines_are_harmless(base: Path) -> None:
    other = copied(base, lambda manifest: manifest["invocations"][0].update(hardware="a GPU", python="3.13.0"))
    assert {name: each.role for name, each in differences(base, other).items()} == {
        "python": "harmless",
        "hardware": "harmless",
    }


# --- what is left out -------------------------------------------------------------------------------------------------


def test_only_what_both_have_is_compared(base: Path, tmp_path: Path) -> None:
    other = run(tmp_path / "other", levels=(1, 2, 3), limit=6, repeats=2, model="right-to-1")
    comparison = compare_runs(base, other)
    assert comparison.left_out == (
        "arithmetic: level 2 only in B.",
        "arithmetic: packs of A without a partner: 2 at level 1 and 4 at level 3.",
        "arithmetic: packs of B without a partner: 6 at level 1 and 8 at level 3.",
        "arithmetic: questions of A without a partner: 2 at level 1 and 2 at level 3.",
        "arithmetic: 1 repeats in A and 2 in B at level 1.",
        "arithmetic: 1 repeats in A and 2 in B at level 3.",
    )
    assert [level.n_packs for level in comparison.tasks["arithmetic"].levels.values()] == [(6, 6), (4, 4)]
    assert {each.role for each in comparison.differences} == {"compared", "restricted"}
    assert sum(each.startswith("PARTIAL") for each in comparison.cautions) == 2


def test_other_packs_are_paired_by_question(base: Path, tmp_path: Path) -> None:
    comparison = compare_runs(base, run(tmp_path / "other", design="reversed"))
    levels = comparison.tasks["arithmetic"].levels
    assert (levels["1"].paired_by, levels["3"].paired_by) == ("pack", "question")
    assert comparison.left_out == (
        "arithmetic: packs differ at level 3; questions are paired, each in the packs of its own run.",
    )
    assert comparison.tasks["arithmetic"].metrics["drop"].difference.value == pytest.approx(0)


def test_the_orders_of_one_run_are_compared(base: Path, tmp_path: Path) -> None:
    def sorted_by(design: str) -> Callable[[dict], None]:
        return lambda manifest: manifest.update(design=design)

    other = copied(base, sorted_by("hard-first"))
    edited(base, "manifest.json", sorted_by("easy-first"))
    level = compare_runs(base, other).tasks["arithmetic"].levels["3"]
    assert level.order_effect is not None
    assert (level.order_effect.order_effect.value, level.order_effect.order_effect_prompts) == (0, 8)
    edited(other, "manifest.json", lambda manifest: manifest["sampling"].update(temperature=0.1))
    assert compare_runs(base, other).tasks["arithmetic"].levels["3"].order_effect is None


def test_without_level_1_it_is_said(base: Path, tmp_path: Path) -> None:
    comparison = compare_runs(base, run(tmp_path / "other", levels=(3,)))
    assert "arithmetic: level 1 only in A." in comparison.left_out
    assert "arithmetic: level 1 is missing, and with it every drop." in comparison.left_out


def test_ungraded_and_lost_slots_are_counted(base: Path) -> None:
    other = copied(base)
    scores = pandas.read_parquet(other / "scores.parquet")
    scores.loc[:1, ["outcome", "correct"]] = ["ungraded", False]
    scores.loc[2, ["outcome", "correct"]] = ["error", False]
    schema = pyarrow.parquet.read_schema(base / "scores.parquet").remove_metadata()
    pyarrow.parquet.write_table(
        pyarrow.Table.from_pandas(scores, schema=schema, preserve_index=False), other / "scores.parquet"
    )
    cautions = compare_runs(base, other).cautions
    assert "Slots ungraded, as the judge failed: 0 of A and 2 of B; they count as not correct." in cautions
    assert "Slots lost to engine errors: 0 of A and 1 of B; they count as not correct." in cautions


# --- what is refused --------------------------------------------------------------------------------------------------


def test_what_cannot_be_compared_is_refused_in_a_sentence(base: Path, tmp_path: Path) -> None:
    def refused(edit: Callable[[dict], None]) -> str:
        other = copied(base, edit)
        with pytest.raises(StoreError) as error:
            compare_runs(base, other)
        shutil.rmtree(other)
        return str(error.value)

    assert "share no task (arithmetic and other)" in refused(lambda run: run["tasks"][0].update(name="other"))
    assert "hold other data under the name arithmetic" in refused(lambda run: run["tasks"][0].update(data_sha256="1"))

    def other_levels(manifest: dict) -> None:
        manifest["tasks"][0]["levels"] = [{**manifest["tasks"][0]["levels"][0], "level": 7}]

    assert "share no level of arithmetic (1, 3 and 7)" in refused(other_levels)


def test_runs_that_answered_nothing_are_refused(base: Path) -> None:
    other = copied(base)
    (other / "responses.jsonl").write_text("")
    score(other)
    with pytest.raises(StoreError, match="share no question that both answered"):
        compare_runs(base, other)


def test_a_run_that_was_not_scored_is_refused_with_the_remedy(base: Path) -> None:
    for name in ("scores.parquet", "summary.json"):
        other = copied(base)
        (other / name).unlink()
        with pytest.raises(StoreError, match="run `rest-bench score"):
            compare_runs(base, other)
        shutil.rmtree(other)


def test_scores_of_an_older_version_are_refused_with_the_remedy(base: Path) -> None:
    other = copied(base)
    table = pyarrow.parquet.read_table(other / "scores.parquet").drop_columns(["segmentation_sure"])
    pyarrow.parquet.write_table(table, other / "scores.parquet")
    with pytest.raises(StoreError, match="lacks segmentation_sure, as it was scored by an older version; run"):
        compare_runs(base, other)


def test_opened_runs_know_their_tasks(base: Path) -> None:
    opened = open_scored(base)
    assert isinstance(opened, Opened)
    assert list(opened.tasks) == ["arithmetic"]


# --- questions --------------------------------------------------------------------------------------------------------


def test_questions_stand_by_how_much_they_changed(base: Path, tmp_path: Path) -> None:
    """Right to position 2 against right to position 1: each question loses one of its four slots."""
    found = list(changed_questions(base, run(tmp_path / "other", model="right-to-1")))
    assert len(found) == 8
    assert {(each.right_a, each.right_b, each.n_slots) for each in found} == {(0.75, 0.5, 4)}
    assert [each.problem_id for each in found] == sorted(each.problem_id for each in found)


def test_a_run_against_itself_changes_no_question(base: Path) -> None:
    assert list(changed_questions(base, base)) == []


def test_runs_of_other_packs_are_compared_by_their_questions(base: Path, tmp_path: Path) -> None:
    other = run(tmp_path / "other", model="right-to-1", design="reversed")
    assert {each.right_b for each in changed_questions(base, other)} == {0.5}
