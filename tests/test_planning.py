import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from rest_bench.config import RunConfig
from rest_bench.errors import ConfigError, TaskError
from rest_bench.packing import make_packs
from rest_bench.planning import (
    Identity,
    Plan,
    PlannedSample,
    expected_tokens,
    load_task,
    make_plan,
    parse_shard,
    sample_seed,
)
from rest_bench.schema import AdapterInfo, EngineInfo, Observed
from tests.records import make_pack

INFO = EngineInfo(engine="scripted", engine_version="1", model="a-model")


def plan(**changes: object) -> Plan:
    return make_plan(config(**changes))


def config(**changes: object) -> RunConfig:
    return RunConfig.model_validate({"model": "a-model", "levels": (1, 3), "limit": 6, **changes})


def keys(samples: Iterable[PlannedSample]) -> list[tuple[int, int, str]]:
    """Level, repeat, and the problem that gives the pack its number (cyclic puts it last)."""
    return [(sample.pack.level, sample.pack.repeat, sample.pack.problems[-1].id) for sample in samples]


# --- what is asked ----------------------------------------------------------------------------------------------------


def test_the_plan_says_what_would_be_asked() -> None:
    (part,) = plan(repeats=2).tasks
    assert [(level.level, level.repeats, level.n_packs) for level in part.levels] == [(1, 2, 12), (3, 2, 12)]
    assert plan(repeats=2).n_samples() == len(list(plan(repeats=2).samples())) == 24


def test_samples_go_by_level_repeat_and_pack() -> None:
    ids = [problem.id for problem in plan().tasks[0].task.problems]
    expected = [(level, repeat, problem) for level in (1, 3) for repeat in (0, 1) for problem in ids]
    assert keys(plan(repeats=2).samples()) == expected


@pytest.mark.parametrize("design", ["cyclic", "shuffled", "disjoint", "reversed"])
def test_a_plan_has_the_packs_of_its_design(design: str) -> None:
    made = plan(design=design, repeats=2)
    (part,) = made.tasks
    expected = [
        pack
        for level in (1, 3)
        for repeat in (0, 1)
        for pack in make_packs(part.task, level, design=design, repeat=repeat)  # type: ignore[arg-type]
    ]
    assert [sample.pack for sample in made.samples()] == expected
    assert made.n_samples() == len(expected)


def test_the_same_samples_are_submitted_whatever_the_order() -> None:
    made = plan(repeats=3, design="shuffled")
    assert sorted(keys(made.submission_order())) == sorted(keys(made.samples()))


def test_high_levels_go_first_and_the_repeats_of_a_pack_together() -> None:
    ids = [problem.id for problem in plan().tasks[0].task.problems]
    expected = [(level, repeat, problem) for level in (3, 1) for problem in ids for repeat in (0, 1)]
    assert keys(plan(repeats=2).submission_order()) == expected


def test_levels_with_the_longest_replies_so_far_go_first() -> None:
    observed = {
        ("arithmetic", 1): Observed(n_responses=2, completion_tokens=2000),
        ("arithmetic", 3): Observed(n_responses=4, completion_tokens=400),
    }
    assert [level for level, _, _ in keys(plan().submission_order(observed))] == [1] * 6 + [3] * 6


OBSERVED = {
    ("a", 1): Observed(n_responses=2, completion_tokens=200),
    ("a", 4): Observed(n_responses=1, completion_tokens=800),
    ("b", 2): Observed(n_responses=5, completion_tokens=100),
}


@pytest.mark.parametrize(
    ("task", "level", "expected"),
    [
        ("a", 1, 100),
        ("a", 4, 800),
        ("a", 3, 3 * 1000 / 6),  # 1,000 tokens for 1 + 1 + 4 problems
        ("b", 1, 10),
        ("c", 2, 2 * 1100 / 16),
    ],
)
def test_what_is_not_observed_is_expected_from_what_is(task: str, level: int, expected: float) -> None:
    assert expected_tokens(OBSERVED, task, level) == pytest.approx(expected)


def test_without_any_reply_the_level_is_all_that_is_known() -> None:
    assert [expected_tokens({}, "a", level) for level in (1, 8)] == [1, 8]


def test_the_longest_prompts_are_of_the_largest_level() -> None:
    prompts = plan().longest_prompts()
    assert {prompt.level for prompt in prompts} == {3}
    lengths = [len(sample.prompt.messages[0].content) for sample in plan().samples()]
    assert len(prompts[0].messages[0].content) == max(lengths)


def test_a_system_prompt_stands_before_every_prompt() -> None:
    (first, *_) = plan(system_prompt="Think twice.").samples()
    assert [message.role for message in first.prompt.messages] == ["system", "user"]
    assert first.prompt.messages[0].content == "Think twice."


# --- shards -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 4, 7])
def test_shards_share_every_level_and_have_nothing_in_common(count: int) -> None:
    shards = [plan(shard=f"{index}/{count}", repeats=2) for index in range(1, count + 1)]
    parts = [keys(shard.samples()) for shard in shards]
    assert sorted(key for part in parts for key in part) == sorted(keys(plan(repeats=2).samples()))
    for level in (1, 3):
        sizes = [sum(key[0] == level for key in part) for part in parts]
        assert max(sizes) - min(sizes) <= 2  # one pack in two repeats
    assert [shard.n_samples() for shard in shards] == [len(part) for part in parts]


def test_a_shard_plans_for_the_whole_run() -> None:
    assert plan(shard="2/3").tasks[0].levels == plan().tasks[0].levels


def test_a_shard_that_does_not_exist_is_refused() -> None:
    assert parse_shard(None) is None
    with pytest.raises(ConfigError, match="--shard 4/3: there are only 3 shards"):
        plan(shard="4/3")


# --- identity ---------------------------------------------------------------------------------------------------------


def ids(info: EngineInfo = INFO, **changes: object) -> list[str]:
    identity = Identity(config(**changes), info)
    return [identity.sample_id(sample) for sample in plan(**changes).samples()]


def test_every_sample_has_an_id_of_its_own() -> None:
    made = ids(repeats=2)
    assert len(set(made)) == len(made) == 24
    assert all(len(each) == 32 for each in made)


@pytest.mark.parametrize(
    "changes",
    [
        {"temperature": 0.0},
        {"max_tokens": 5},
        {"seed": 1},
        {"system_prompt": "Be brief."},
        {"chat_template_kwargs": {"enable_thinking": False}},
        {"reasoning_effort": "high"},
        {"extra_body": {"a": 1}},
    ],
    ids=str,
)
def test_whatever_changes_a_sample_changes_every_id(changes: dict[str, object]) -> None:
    assert not set(ids()) & set(ids(INFO, **changes))


def test_another_model_gives_other_ids() -> None:
    assert not set(ids()) & set(ids(INFO.model_copy(update={"revision": "b"})))
    assert not set(ids()) & set(ids(INFO.model_copy(update={"refused_parameters": ("seed",)})))


@pytest.mark.parametrize(
    "changes",
    [{"quantization": "fp8"}, {"kv_cache_dtype": "fp8"}, {"max_model_len": 4096}, {"arguments": "{}"}],
    ids=str,
)
def test_what_an_engine_did_to_a_model_gives_other_ids(changes: dict[str, object]) -> None:
    assert not set(ids()) & set(ids(INFO.model_copy(update=changes)))


def test_ids_are_those_of_every_version_before() -> None:
    known = INFO.model_copy(
        update={"revision": "r", "chat_template_sha256": "c", "refused_parameters": ("seed",), "arguments": '{"a": 1}'}
    )
    settings = {"limit": 2, "levels": (1,), "reasoning_effort": "high", "extra_body": {"x": 1}}
    assert ids(INFO, limit=2, levels=(1,))[0] == "f08eacfed8612e5f6ee37b35970f64e6"
    assert ids(known, **settings)[0] == "328e44db661ade4aabf1f286aa32d866"


def test_an_adapter_or_another_base_below_it_gives_other_ids() -> None:
    def laid(**changes: str) -> list[str]:
        fields = {"base_model": "org/base", "base_revision": "a" * 40, "sha256": "b" * 64, **changes}
        return ids(INFO.model_copy(update={"adapter": AdapterInfo.model_validate(fields)}))

    assert not set(ids()) & set(laid())
    assert not set(laid()) & set(laid(base_revision="c" * 40))
    assert not set(laid()) & set(laid(sha256="c" * 64))
    assert laid() == laid(base_model="/models/base")  # the same files somewhere else


def test_what_does_not_change_a_sample_changes_no_id() -> None:
    assert ids() == ids(INFO.model_copy(update={"device": "cuda"}), batch_size=3, concurrency=2)


def test_prompts_that_are_done_are_left_out() -> None:
    identity = Identity(config(), INFO)
    done = frozenset(ids()[:5])
    prompts = [sample.prompt for sample in identity.to_ask(plan().samples(), done)]
    assert [prompt.sample_id for prompt in prompts] == ids()[5:]
    assert all(prompt.seed is not None for prompt in prompts)


def test_each_sample_has_its_own_seed() -> None:
    assert sample_seed(make_pack(0), 0) != sample_seed(make_pack(0), 1)
    assert sample_seed(make_pack(0), 0) != sample_seed(make_pack(1), 0)
    assert 0 <= sample_seed(make_pack(0), 0) < 2**63


# --- bad input --------------------------------------------------------------------------------------------------------


def write_toy(folder: Path, *golds: str) -> Path:
    lines = [json.dumps({"q": f"Question {number}?", "a": gold}) for number, gold in enumerate(golds)]
    (folder / "toy.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "toy.yaml").write_text(
        "name: toy\ntitle: Toy\nanswer_type: integer\nlevels: [1]\nrepeats: 1\ntemplate: rest_math\n"
        "source:\n  local: {path: toy.jsonl, format: jsonl, question: q, answer: a}\n"
    )
    return folder / "toy.yaml"


def test_a_gold_that_its_scorer_cannot_read_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match=r"task toy, problem 2: the gold 'four' cannot be judged as integer"):
        load_task(write_toy(tmp_path, "2", "four"))


def test_two_task_files_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    tasks = tuple(str(write_toy(tmp_path / name, "2")) for name in "ab")
    with pytest.raises(TaskError, match="two task files have the same name"):
        plan(tasks=tasks, levels=(1,))
