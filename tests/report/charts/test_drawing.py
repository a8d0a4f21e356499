import json
from xml.etree import ElementTree

import altair
import pandas
import pytest

from rest_bench.errors import ConfigError
from rest_bench.report.charts import COLUMNS, THEMES, draw, figures
from rest_bench.report.charts.drawing import MAKERS
from rest_bench.schema import Score
from tests.metrics.conftest import table
from tests.report.charts.cases import NAMES, case, case_of, make_case, rows

SVG = "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_drawn_or_left_out_with_a_reason(name: str) -> None:
    run = case(name)
    assert {*run.figures, *run.left_out} == {*MAKERS}
    assert len(run.figures) + len(run.left_out) == len(MAKERS)
    for why in run.left_out.values():
        assert why
        assert not why.endswith(".")
    for figure in run.figures.values():
        assert figure.caption.endswith(".")
        assert not figure.data.empty


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("theme", THEMES)
def test_every_specification_is_valid_json_of_bounded_size(name: str, theme: str) -> None:
    for figure in case(name).figures.values():
        spec = figure.spec(theme)  # type: ignore[arg-type]
        altair.Chart.from_dict(spec, validate=True)
        text = json.dumps(spec, allow_nan=False)
        assert len(text) < 150_000
        assert "http" not in text.replace(spec["$schema"], "")


@pytest.mark.parametrize("name", ["thinking", "one level", "all lost", "30 positions"])
def test_every_picture_is_well_formed(name: str) -> None:
    for figure in case(name).figures.values():
        picture = ElementTree.fromstring(figure.svg())
        assert picture.tag == SVG
        assert picture.get("aria-label") == figure.title
        assert float(picture.get("width", "0")) < 700, f"{figure.kind} fits a page"
        assert "NaN" not in figure.svg()


def test_thinking_makes_all_figures() -> None:
    assert case("thinking").left_out == {}


def test_what_a_run_has_no_numbers_for_is_named() -> None:
    assert case("only level 1").left_out["budget"] == "there is no level above 1"
    assert case("no level 1").left_out["drop"] == "level 1 is missing"
    assert case("toy").left_out["thinking"] == "no thinking could be divided surely by question"
    assert "no wrong answer equals the gold" in case("all right").left_out["swap-lags"]


def test_without_scores_the_summary_alone_is_drawn() -> None:
    run = case_of(case("thinking").summary, None)
    assert {*run.figures} == {"stress", "positions", "outcomes", "drop", "budget", "swap-lags"}
    assert {*run.left_out.values()} == {"the scores are not at hand"}


def test_the_columns_are_columns_of_the_scores_and_enough() -> None:
    assert set(COLUMNS) <= set(Score.model_fields)
    run = case("thinking")
    few = case_of(run.summary, run.scores[list(COLUMNS)])
    for kind, figure in run.figures.items():
        pandas.testing.assert_frame_equal(figure.data, few.figures[kind].data)


def test_names_of_files_are_plain_and_of_each_task_another() -> None:
    summary = case("one level").summary
    (task,) = summary.tasks.values()
    names = ("A/../b", "a b", "日本", "x" * 300)
    drawn = figures(summary.model_copy(update={"tasks": dict.fromkeys(names, task)}))
    assert [figure.name for figure in drawn if figure.kind == "stress"] == [
        "a-b-stress",
        "a-b-2-stress",
        "task-stress",
        f"{'x' * 40}-stress",
    ]
    assert [figure.task for figure in drawn if figure.kind == "stress"] == list(names)


HOSTILE = "</script><svg onload=alert(1)>\"'&\x00\x1b\u202e\ud800 {{7*7}} ${1} datum.x"


def test_names_break_out_of_nothing() -> None:
    run = make_case(table(rows("thinking")), task=HOSTILE, model=HOSTILE)
    for figure in run.figures.values():
        assert figure.task == HOSTILE
        picture = ElementTree.fromstring(figure.svg())
        text = "".join(picture.itertext())
        assert "</script><svg onload=alert(1)>\"'& {{7*7}} ${1} datum.x" in text
        assert {element.tag.rpartition("}")[2] for element in picture.iter()} <= {
            "svg",
            "g",
            "path",
            "text",
            "line",
            "rect",
            "defs",
            "clipPath",
            "linearGradient",
            "stop",
        }
        assert not any(key.startswith("on") or "href" in key for element in picture.iter() for key in element.attrib)
        assert not {*figure.title} & {*"\x00\x1b\u202e"}
        json.dumps(figure.spec()).encode("utf-8")
        figure.csv().encode("utf-8")


def test_without_altair_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "altair", None)
    with pytest.raises(ConfigError, match="pip install 'altair>=6,<7'"):
        draw(case("toy").summary)
