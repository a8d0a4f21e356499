import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.schema import Score
from rest_bench.store import Run
from tests.records import make_pack, make_response
from tests.store.build import PACKS, begin, make_score, responses


def test_what_is_appended_is_read_back_with_its_pack(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        for pack in reversed(PACKS):
            writer.append(make_response(pack, f"Q1: {pack.pack_id}"))
    samples = list(Run(tmp_path).samples())
    assert [sample.pack for sample in samples] == list(PACKS)
    assert [sample.response.text for sample in samples] == [f"Q1: {pack.pack_id}" for pack in PACKS]


def test_only_the_samples_that_are_wanted_are_read(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        for pack in PACKS:
            writer.append(make_response(pack))
    wanted = {PACKS[2].pack_id, PACKS[0].pack_id}
    assert [sample.pack for sample in Run(tmp_path).samples(wanted)] == [PACKS[0], PACKS[2]]
    assert list(Run(tmp_path).samples(())) == []


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


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not a run folder"):
        Run(tmp_path)


def test_a_run_without_scores_says_what_to_do(tmp_path: Path) -> None:
    with begin(tmp_path):
        pass
    with pytest.raises(StoreError, match=f"run `rest-bench score {tmp_path}`"):
        Run(tmp_path).scores()
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


def test_the_shortest_prompt_of_each_level_is_known_where_it_was_counted(tmp_path: Path) -> None:
    with begin(tmp_path):
        pass
    lengths = {1: (70, 61, None), 3: (None, None), 9: (600,)}
    counted = [
        make_score(1, "2").model_copy(update={"level": level, "prompt_tokens": tokens})
        for level, group in lengths.items()
        for tokens in group
    ]
    Run(tmp_path).write_scores((score,) for score in counted)
    assert Run(tmp_path).shortest_prompts() == {1: 61, 9: 600}


EDITS: dict[str, tuple[dict[str, object], str]] = {
    "a problem less": ({"problem_ids": []}, "it was edited"),
    "another level": ({"level": 7}, "problems at level 7; it was edited"),
    "a level that no number is": ({"level": 2**63}, "it was edited"),
    "an unknown problem": ({"problem_ids": ["none"]}, "lacks problem"),
    "another task": ({"task": "other"}, "lacks problem"),
    "a repeat below 0": ({"repeat": -1}, "packs.jsonl"),
}


@pytest.mark.parametrize(("edit", "sentence"), EDITS.values(), ids=EDITS)
def test_packs_that_were_edited_are_said(tmp_path: Path, edit: dict[str, object], sentence: str) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0]))
    path = tmp_path / "packs.jsonl"
    first, *others = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(json.dumps({**json.loads(first), **edit}) + "\n" + "".join(others), encoding="utf-8")
    with pytest.raises(StoreError, match=sentence):
        list(Run(tmp_path).samples())


def test_a_pack_that_stands_twice_is_not_counted_twice(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0]))
    path = tmp_path / "packs.jsonl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.splitlines(keepends=True)[0], encoding="utf-8")
    with pytest.raises(StoreError, match="stands twice"):
        list(Run(tmp_path).samples())


@pytest.mark.parametrize("content", [b"", b"PAR1", b"x" * 500, b"PAR1" * 100])
def test_a_damaged_table_is_said(tmp_path: Path, content: bytes) -> None:
    with begin(tmp_path):
        (tmp_path / "scores.parquet").write_bytes(content)
    with pytest.raises(StoreError, match="is damaged"):
        Run(tmp_path).scores()
    with pytest.raises(StoreError, match="is damaged"):
        Run(tmp_path).level_scores("toy", 1, ["outcome"])
