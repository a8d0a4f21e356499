import json
from pathlib import Path

import pytest

from rest_bench.config import make_config
from rest_bench.errors import PackingError, TaskError
from rest_bench.integrations.asked import AskedLevel, metrics_of, score_reply, what_is_asked
from rest_bench.planning import make_plan
from rest_bench.schema import Response


def asked(**fields: object) -> AskedLevel:
    return AskedLevel.model_validate({"task": "arithmetic", "level": 3, "limit": 10, **fields})


def test_the_prompts_are_those_of_a_run() -> None:
    found = what_is_asked(asked(seed=2))
    plan = make_plan(make_config({"model": "m", "levels": (3,), "limit": 10, "seed": 2}))
    assert [sample.prompt.sha256 for sample in found.samples] == [sample.prompt.sha256 for sample in plan.samples()]
    assert (found.task.name, found.repeats) == ("arithmetic", 1)


def test_repeats_of_the_same_prompts_are_asked_as_repeats() -> None:
    found = what_is_asked(asked(repeats=4))
    assert (len(found.samples), found.repeats) == (10, 4)
    assert {sample.pack.repeat for sample in found.samples} == {0}


@pytest.mark.parametrize("design", ["shuffled", "disjoint"])
def test_repeats_with_other_prompts_are_samples_of_their_own(design: str) -> None:
    found = what_is_asked(asked(design=design, repeats=4))
    assert found.repeats == 1
    assert {sample.pack.repeat for sample in found.samples} == {0, 1, 2, 3}
    assert len({sample.pack.pack_id for sample in found.samples}) == len(found.samples)


def test_a_system_prompt_comes_first() -> None:
    found = what_is_asked(asked(), system_prompt="Be brief.")
    assert [message.role for message in found.samples[0].prompt.messages] == ["system", "user"]


def test_local_data_may_be_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gsm8k").mkdir()
    rows = [{"question": f"1 + {number}?", "answer": f"#### {number + 1}"} for number in range(4)]
    (tmp_path / "gsm8k" / "test.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.setenv("REST_BENCH_DATA", str(tmp_path))
    assert len(what_is_asked(asked(task="gsm8k")).samples) == 4
    monkeypatch.setenv("REST_BENCH_DATA", str(tmp_path / "elsewhere"))
    assert len(what_is_asked(asked(task="gsm8k"), tmp_path).samples) == 4


def test_programs_and_levels_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PackingError, match="level 30 is not possible"):
        what_is_asked(asked(level=30))
    (tmp_path / "code.jsonl").write_text('{"q": "a", "t": "[{\\"input\\": \\"\\", \\"output\\": \\"1\\"}]"}\n')
    (tmp_path / "code.yaml").write_text(
        "name: code\ntitle: Code\nanswer_type: code\nlevels: [1]\nrepeats: 1\ntemplate: rest_code\n"
        "source:\n  local: {path: code.jsonl, format: jsonl, question: q, tests: t}\n"
    )
    with pytest.raises(TaskError, match="wants programs"):
        what_is_asked(asked(task=str(tmp_path / "code.yaml"), level=1))


def test_a_reply_is_read_and_judged_as_in_a_run() -> None:
    pack = what_is_asked(asked()).samples[0].pack
    golds = [problem.gold for problem in pack.problems]
    text = f"Q3: \\boxed{{{golds[2]}}}\nQ1: \\boxed{{{golds[0]}}}"  # the second is left out, the order turned round
    response = Response(
        sample_id="",
        pack_id=pack.pack_id,
        task=pack.task,
        level=3,
        repeat=0,
        text=text,
        finish_reason=None,
    )
    found = metrics_of(score_reply(pack, response))
    assert [found[f"acc_pos{position}"] for position in (1, 2, 3)] == [1.0, 0.0, 1.0]
    assert found["paper"] == 0.0
    assert found["answered"] == pytest.approx(2 / 3)
