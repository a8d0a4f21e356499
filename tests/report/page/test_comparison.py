from pathlib import Path

import pytest

from rest_bench.comparing import changed_questions, compare_runs
from rest_bench.pipeline import compare_page, evaluate
from rest_bench.report.page import render_comparison
from rest_bench.schema import ChangedQuestion, Comparison
from rest_bench.simulating import make_settings, prepare
from tests.pages import ATTACK, MODEL


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("runs")
    common = {"tasks": ("arithmetic",), "levels": (1, 3, 5), "repeats": 1, "log_tokens": 5.0}
    paths = (folder / "first", folder / "second")
    for path, effect in zip(paths, (0.0, 4.0), strict=True):
        config = prepare(make_settings({**common, "position_effect": effect, "out": path}))
        evaluate(config.model_copy(update={"limit": 30}))
    return paths


@pytest.fixture(scope="module")
def comparison(runs: tuple[Path, Path]) -> Comparison:
    return compare_runs(*runs)


@pytest.fixture(scope="module")
def page(runs: tuple[Path, Path], comparison: Comparison) -> str:
    changed = list(changed_questions(*runs))
    return render_comparison(comparison, changed[:3], len(changed), "9.9")


def test_the_verdict_and_the_numbers_are_there(page: str, comparison: Comparison) -> None:
    assert "second" in page
    assert "against" in page
    assert "B breaks more under stress than A" in page
    drop = comparison.tasks["arithmetic"].metrics["drop"]
    assert f"{100 * (drop.a or 0):.1f}" in page
    for words in ("Whole task", "By level: accuracy in %", "Questions that changed most", "How to read this"):
        assert words in page


def test_what_was_left_out_is_counted(page: str, runs: tuple[Path, Path]) -> None:
    n_changed = len(list(changed_questions(*runs)))
    assert n_changed > 3
    assert f"{n_changed - 3:,} more questions changed, by less." in page


def test_no_path_of_a_disk_is_on_it(page: str, runs: tuple[Path, Path]) -> None:
    assert "PARTIAL: A (first) used a limit" in page
    assert str(runs[0].parent) not in page


def test_texts_of_others_stay_texts(comparison: Comparison) -> None:
    task = comparison.tasks["arithmetic"]
    hostile = comparison.model_copy(
        update={
            "a": comparison.a.model_copy(update={"model": MODEL, "path": ATTACK}),
            "tasks": {ATTACK: task},
            "cautions": (ATTACK,),
        }
    )
    changed = [ChangedQuestion(task=ATTACK, problem_id=ATTACK, n_slots=1, right_a=0.0, right_b=1.0)]
    page = render_comparison(hostile, changed, 1, "9.9")
    assert "<script>window.attacked" not in page
    assert "<img src=x" not in page


def test_the_same_runs_give_the_same_bytes(runs: tuple[Path, Path], tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        compare_page(*runs, tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_a_run_against_itself_changes_nothing(runs: tuple[Path, Path], tmp_path: Path) -> None:
    compare_page(runs[0], runs[0], tmp_path / "same.html")
    assert "Questions that changed most" not in (tmp_path / "same.html").read_text()
