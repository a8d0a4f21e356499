import io
from itertools import takewhile
from typing import get_args

import pandas
import pytest
from rich.console import Console

from rest_bench.metrics import summarize
from rest_bench.report.terminal import brief_tables, summary_tables
from rest_bench.schema import Dressing, Manifest, Outcome
from tests.metrics.conftest import manifest, slot, table, toy

__all__ = ["manifest", "toy"]

OUTCOMES = ("correct", "wrong", "omitted", "truncated", "repetition")


def printed(scores: pandas.DataFrame, run: Manifest, width: int = 110) -> str:
    console = Console(file=io.StringIO(), width=width)
    for part in summary_tables(summarize(scores, run)):
        console.print(part)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def test_the_table_shows_the_worked_example(toy: pandas.DataFrame, manifest: Manifest) -> None:
    text = printed(toy, manifest)
    assert "toy-model on replay" in text
    row = next(line for line in text.splitlines() if line.split()[:2] == ["3", "3"])
    assert row.split()[2] == "55.6"
    assert "single 66.7 · stress 55.6 (mean of levels 3) · drop 11.1" in text
    assert "66.7   66.7   33.3" in text
    assert "omitted" in text
    assert "repetition  " not in text, "outcomes that never occur take no column"
    assert "PARTIAL" not in text


def test_the_readings_stand_side_by_side_with_the_slots_that_differ(toy: pandas.DataFrame, manifest: Manifest) -> None:
    at_three = toy.index[toy["level"] == 3]
    toy.loc[at_three[0], "correct_paper"] = False
    lines = printed(toy, manifest, 80).splitlines()
    start = lines.index("accuracy in % by how the replies are read")
    assert [line.split() for line in lines[start + 2 : start + 6] if "─" not in line] == [
        ["level", "by", "label", "strict", "paper", "slots", "that", "differ"],
        ["1", "66.7", "66.7", "66.7", "0.0"],
        ["3", "55.6", "55.6", "44.4", "11.1"],
    ]
    assert "extractor" not in "".join(lines)


def test_the_list_of_a_second_model_has_a_column_and_a_name(toy: pandas.DataFrame, manifest: Manifest) -> None:
    toy["correct_extractor"] = toy["correct"]
    console = Console(file=io.StringIO(), width=80)
    for part in summary_tables(summarize(toy, manifest, "org/lister")):
        console.print(part)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "extractor: as org/lister lists the answers; no other number here uses its list." in text
    assert ["3", "55.6", "55.6", "55.6", "55.6", "0.0"] in [line.split() for line in text.splitlines()]


def test_a_partial_run_says_so(toy: pandas.DataFrame, manifest: Manifest) -> None:
    assert "PARTIAL" in printed(toy[toy["pack_id"] != "f"], manifest)


def test_an_empty_run_can_be_shown(toy: pandas.DataFrame, manifest: Manifest) -> None:
    assert "PARTIAL" in printed(toy[:0], manifest)


def test_without_thinking_there_is_no_table_of_it(toy: pandas.DataFrame, manifest: Manifest) -> None:
    text = printed(toy, manifest)
    assert "thinking tokens" not in text
    assert "use of the thinking" not in text


def thoughtful(levels: tuple[int, ...], tokens: int = 12_345, unsure: int = 0) -> pandas.DataFrame:
    """Return scores of 20 packs at each level, some right, with this much thinking about the first position."""
    rows = [
        slot(level, f"{level}-{pack}", position, str((pack + position) % 20), OUTCOMES[(pack * position) % 5])
        for level in levels
        for pack in range(20)
        for position in range(1, level + 1)
    ]
    return table(
        [
            row.model_copy(
                update={
                    "completion_tokens": 32_768,
                    "segment_tokens": tokens // row.position,
                    "segmentation_sure": row.level == 1 or int(row.pack_id.split("-")[1]) >= unsure,
                }
            )
            for row in rows
        ]
    )


def test_thinking_is_shown_by_position(manifest: Manifest) -> None:
    lines = printed(thoughtful((1, 3)), manifest, 80).splitlines()
    start = lines.index("thinking tokens by position (median)")
    assert [line.split() for line in lines[start + 2 : start + 6 : 1] if "─" not in line] == [
        ["level", "1", "2", "3"],
        ["1", "12.3k"],
        ["3", "12.3k", "6,172", "4,115"],
    ]
    assert "Surely divided" not in "".join(lines)


def test_it_says_how_much_thinking_could_be_divided(manifest: Manifest) -> None:
    text = printed(thoughtful((1, 3), unsure=5), manifest, 110)
    assert "Surely divided by question, in % of slots: 75.0 at level 3. The others are left out." in text


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0"), (9_999, "9,999"), (10_000, "10.0k"), (99_949, "99.9k"), (99_950, "100k"), (999_000, "999k")],
)
def test_a_count_of_tokens_fits_five_characters(manifest: Manifest, count: int, shown: str) -> None:
    lines = printed(thoughtful((1,), tokens=count), manifest, 80).splitlines()
    start = lines.index("thinking tokens by position (median)")
    assert lines[start + 4].split() == ["1", shown]


@pytest.mark.parametrize("levels", [(1,), (1, 3, 5, 7, 9), (1, 3, 6, 9, 12), (1, 30)], ids=str)
@pytest.mark.parametrize("width", [80, 110])
def test_nothing_is_cut_off_or_broken(manifest: Manifest, levels: tuple[int, ...], width: int) -> None:
    lines = printed(thoughtful(levels, tokens=99_000), manifest, width).splitlines()
    assert "…" not in "".join(lines)
    for rule in (number for number, line in enumerate(lines) if "─" in line):
        head = takewhile(str.strip, reversed(lines[:rule]))
        assert len(list(head)) == 1, "the names of the columns take one line"
        rows = [line.split()[0] for line in takewhile(str.strip, lines[rule + 1 :])]
        assert rows == [str(level) for level in levels][-len(rows) :], "and so does each row"


def test_more_positions_than_fit_a_line_go_on_below(manifest: Manifest) -> None:
    lines = printed(thoughtful((1, 30)), manifest, 80).splitlines()
    tables = [line for number, line in enumerate(lines[:-1]) if "─" in lines[number + 1]]
    heads = [
        line.split()[1:] for line in tables if line.split()[:2] in (["level", "1"], ["level", "13"], ["level", "25"])
    ]
    positions = [str(position) for position in range(1, 31)]
    assert heads == [positions[:12], positions[12:24], positions[24:]] * 2


def test_all_outcomes_can_be_shown_in_80_columns(manifest: Manifest) -> None:
    rows = [slot(1, f"1-{k}", 1, str(k), name) for k, name in enumerate(get_args(Outcome))]
    lines = printed(table(rows), manifest, 80).splitlines()
    shown = " ".join(lines)
    assert all(name in shown for name in get_args(Outcome))
    assert "…" not in shown


def test_what_was_added_to_every_request_is_shown(toy: pandas.DataFrame, manifest: Manifest) -> None:
    assert "chat template" not in printed(toy, manifest)
    added = Dressing(
        profile="qwen3", chat_template_kwargs='{"enable_thinking": false}', system_prompt="Be brief. " * 20
    )
    text = printed(toy, manifest.model_copy(update={"dressing": added}))
    assert 'chat template: {"enable_thinking": false}' in text
    assert "system prompt: Be brief. Be brief." in text
    assert text.count("Be brief.") < 8
    assert "extra body" not in text


def test_the_drop_is_shown_by_what_it_is_made_of(toy: pandas.DataFrame, manifest: Manifest) -> None:
    lines = printed(toy, manifest, 80).splitlines()
    start = lines.index("what the drop is made of, in points of accuracy")
    assert lines[start + 2].split() == ["level", "drop", "truncated", "swapped", "gained"]
    assert lines[start + 4].split() == ["3", "11.1", "11.1", "11.1", "-11.1"]


def test_the_token_limit_stands_against_the_rest(manifest: Manifest) -> None:
    lines = printed(thoughtful((1, 3)), manifest, 80).splitlines()
    start = lines.index("token limit against interference, in points of accuracy")
    assert lines[start + 4].split()[0] == "3"
    assert any(line.startswith("limit: ") for line in lines[start:])


def test_what_is_not_defined_is_said_with_its_reason(toy: pandas.DataFrame, manifest: Manifest) -> None:
    lines = printed(toy, manifest, 200).splitlines()
    start = lines.index("not defined")
    assert any(line.startswith("no prompt was answered twice: independent_success") for line in lines[start:])
    without = printed(toy[toy["level"] == 3], manifest, 200)
    assert "level 1 is missing: single, drop, " in without


def test_what_the_numbers_allow_to_say_comes_last(toy: pandas.DataFrame, manifest: Manifest) -> None:
    text = printed(toy, manifest, 200)
    said = text[text.index("what this says") :]
    assert "which neighbours disturb a question is not supported: in the design cyclic" in said


def test_the_brief_tables_name_the_command_for_the_rest(toy: pandas.DataFrame, manifest: Manifest) -> None:
    console = Console(file=io.StringIO(), width=80)
    for part in brief_tables(summarize(toy, manifest), "runs/mine"):
        console.print(part)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    for shown in ("accuracy in % by level", "accuracy in % by position", "what this says", "report runs/mine"):
        assert shown in text
    assert "outcomes in %" not in text


def test_a_quantized_model_does_not_look_like_the_full_one(toy: pandas.DataFrame, manifest: Manifest) -> None:
    assert "toy-model on" in printed(toy, manifest)
    engine = manifest.engine.model_copy(update={"quantization": "fp8", "kv_cache_dtype": "fp8"})
    text = printed(toy, manifest.model_copy(update={"engine": engine}))
    assert "toy-model (fp8 weights, fp8 cache) on" in " ".join(text.split())
