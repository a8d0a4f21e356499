"""Two runs that differ in one field of RunConfig alone, for every field there is.

What must come of it is what the table says of the field: refused in one folder and named by `compare` (identity),
recorded and named (condition), made up for (amount), or the same samples, replies and scores (harmless).
"""

import shutil
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest

from rest_bench import engines
from rest_bench.comparing import compare_runs, open_scored
from rest_bench.config import RunConfig
from rest_bench.engines import ENGINES, LongestPrompts
from rest_bench.errors import StoreError
from rest_bench.pipeline import evaluate
from rest_bench.schema import Comparison, Role
from rest_bench.settings import SETTINGS, Setting, manifest_differences
from rest_bench.settings.reading import OF_CALL
from rest_bench.store import Run
from tests.engines import vllm_stand_in
from tests.engines.conftest import tiny
from tests.engines.lm_eval_stand_in import LM, lm_eval
from tests.models import make_tiny_model, write_adapter
from tests.scripted import ScriptedEngine

__all__ = ["lm_eval", "tiny"]

SAME_SAID = "The runs differ in nothing that changes replies"


class StatingEngine(ScriptedEngine):
    """Says of itself where and in what precision it works, as an engine that loads a model does."""

    def __init__(self, config: RunConfig, longest_prompts: LongestPrompts = tuple) -> None:
        super().__init__(config, longest_prompts)
        self.info = self.info.model_copy(update={"device": config.device, "dtype": config.dtype})


class Flip(NamedTuple):
    """A field's other value, and what both runs share beside the common settings."""

    value: object
    bed: str = "stating"
    shared: Mapping[str, object] = MappingProxyType({})


BEDS: dict[str, dict[str, object]] = {
    "stating": {"engine": "stating"},
    "plug-in": {"engine": "forgetful"},
    "simulator": {"engine": "simulator"},
    "replay": {"engine": "replay", "responses": "one.jsonl"},
    "lm-eval": {"engine": "lm-eval", "lm_eval_model": "hf", "lm_eval_args": {"max_length": 99_999}, "device": "cpu"},
    "vllm": {"engine": "vllm", "model": "tiny"},
    "adapter": {"engine": "vllm", "model": "adapter", "base_model": "tiny"},
}
COMMON: dict[str, object] = {"model": "right-to-2", "levels": (1, 2), "limit": 2, "profile": "none", "max_tokens": 999}

FLIPS: dict[str, Flip] = {
    "model": Flip("right-to-1"),
    "tasks": Flip(("there/toy.yaml",), shared={"tasks": ("here/toy.yaml",)}),
    "levels": Flip((1,), shared={"levels": (1, 2)}),
    "repeats": Flip(2),
    "engine": Flip("simulator"),
    "design": Flip("reversed"),
    "seed": Flip(1),
    "limit": Flip(3),
    "data_dir": Flip("there", shared={"tasks": ("here/toy.yaml",), "data_dir": "here"}),
    "out": Flip("elsewhere"),
    "resume": Flip(False),
    "shard": Flip("2/2", shared={"shard": "1/2"}),
    "dry_run": Flip(True),
    "tracker": Flip("jsonl"),
    "tracker_project": Flip("numbers.jsonl"),
    "tokens_per_s": Flip(5.0),
    "profile": Flip("qwen-thinking"),
    "thinking": Flip("off", shared={"profile": "nemotron-nano-2", "thinking": "on"}),
    "reasoning_effort": Flip("high", shared={"profile": "gpt-oss", "reasoning_effort": "low"}),
    "system_prompt": Flip("Be brief."),
    "chat_template_kwargs": Flip({"enable_thinking": False}),
    "max_tokens": Flip(1000),
    "temperature": Flip(0.0),
    "top_p": Flip(0.9),
    "top_k": Flip(20),
    "min_p": Flip(0.1),
    "repetition_penalty": Flip(1.1),
    "engine_args": Flip({"words": "other"}, "plug-in"),
    "lm_eval_model": Flip("vllm", "lm-eval"),
    "lm_eval_args": Flip({"max_length": 88_888}, "lm-eval"),
    "lm_eval_slice_size": Flip(3, "lm-eval"),
    "responses": Flip("two.jsonl", "replay"),
    "simulator_parameters": Flip({"position_effect": 2}, "simulator"),
    "base_url": Flip(("http://localhost:9/v1",)),
    "trust_endpoint": Flip(True),
    "base_model": Flip("other", "adapter"),
    "concurrency": Flip(3),
    "timeout_s": Flip(9.0),
    "max_retries": Flip(1),
    "api_key_env": Flip("MY_KEY"),
    "extra_body": Flip({"a": 1}),
    "tensor_parallel_size": Flip(2, "vllm"),
    "pipeline_parallel_size": Flip(2, "vllm"),
    "data_parallel_size": Flip(2, "vllm"),
    "enable_expert_parallel": Flip(True, "vllm"),
    "max_model_len": Flip(3000, "vllm"),
    "max_num_seqs": Flip(3, "vllm"),
    "quantization": Flip("fp8", "vllm"),
    "kv_cache_dtype": Flip("fp8", "vllm"),
    "deterministic": Flip(True, "vllm"),
    "gpu_memory_utilization": Flip(0.5, "vllm"),
    "enforce_eager": Flip(True, "vllm"),
    "revision": Flip("other"),
    "device": Flip("cuda:1"),
    "dtype": Flip("bfloat16", "vllm"),
    "batch_size": Flip(3),
    "trust_remote_code": Flip(True, "vllm"),
}
"""Every field; one that is missing fails the first test below."""


def test_every_field_is_flipped() -> None:
    assert set(FLIPS) == set(RunConfig.model_fields)


# --- two runs ---------------------------------------------------------------------------------------------------------


Settings = dict[str, object]
Made = tuple[Path, dict[str, Path], dict[str, Path]]


class Bench(NamedTuple):
    """Makes runs: those that several fields share once, and a copy of them for each field."""

    files: Path
    models: dict[str, Path]
    """By the name that the settings have for them."""
    made: dict[str, Path]
    folder: Path
    """Of this test."""

    def run(self, out: Path, settings: Settings) -> Run:
        paths: Settings = {
            name: str(self.models.get(str(value), self.files / str(value)))
            for name, value in settings.items()
            if name in ("responses", "data_dir") or str(value) in self.models
        }
        tasks = settings.get("tasks")
        if isinstance(tasks, tuple):
            paths["tasks"] = tuple(str(self.files / task) for task in tasks)
        return evaluate(RunConfig.model_validate({**settings, **paths, "out": out}))

    def first(self, settings: Settings) -> Run:
        name = str(sorted(settings.items()))
        if name not in self.made:
            self.made[name] = self.run(self.files / f"run-{len(self.made)}", settings).path
        return Run(shutil.copytree(self.made[name], self.folder / "first"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> Made:
    """Return a folder with files of two users, the runs made so far, and the models."""
    files = tmp_path_factory.mktemp("files")
    for folder, gold in (("here", 2), ("there", 3)):
        (files / folder).mkdir()
        lines = "\n".join(f'{{"q": "What is 1 + {number}?", "a": {gold}}}' for number in range(4))
        (files / folder / "toy.jsonl").write_text(f"{lines}\n")
        (files / folder / "toy.yaml").write_text(
            "name: toy\ntitle: Toy\nanswer_type: integer\nlevels: [1]\nrepeats: 1\ntemplate: rest_math\n"
            "source:\n  local: {path: toy.jsonl, format: jsonl, question: q, answer: a}\n"
        )
    other = make_tiny_model(files / "other", context_tokens=600)
    return files, {}, {"tiny": tiny, "other": other, "adapter": write_adapter(files / "adapter", tiny)}


@pytest.fixture
def bench(
    made: Made,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lm_eval: list[LM],
) -> Bench:
    monkeypatch.setitem(ENGINES, "stating", f"{__name__}:StatingEngine")
    point = EntryPoint("forgetful", "tests.scripted:ScriptedEngine", "rest_bench.engines")
    monkeypatch.setattr(engines, "plugins", lambda _kind: {"forgetful": point})
    stand_in = vllm_stand_in.install(monkeypatch)
    stand_in.max_model_len = 4096
    monkeypatch.setattr(sys.modules["vllm.platforms"].current_platform, "is_cpu", lambda: False)
    files, runs, models = made
    return Bench(files, models, runs, tmp_path)


def prepared(bench: Bench, field: str) -> tuple[Settings, Settings]:
    """Return the settings of both runs."""
    flip = FLIPS[field]
    one = {**COMMON, **BEDS[flip.bed], **flip.shared}
    if flip.bed == "replay":
        lines = (bench.run(bench.folder / "asked", {**COMMON, **BEDS["stating"]}).path / "responses.jsonl").read_text()
        (bench.files / "one.jsonl").write_text(lines)
        (bench.files / "two.jsonl").write_text(lines.replace("Hmm.", "Well."))
    return one, {**one, field: flip.value}


def ids(run: Run) -> set[str]:
    return {sample.response.sample_id for sample in run.samples()}


def lines_of(run: Run) -> bytes:
    return (run.path / "responses.jsonl").read_bytes()


def roles(found: Comparison) -> dict[str, Role]:
    """Return what `compare` names, by the name of its row."""
    return {each.field.partition(" of ")[0]: each.role for each in found.differences}


def says_the_same(found: Comparison) -> bool:
    return any(each.startswith(SAME_SAID) for each in found.cautions)


# --- what must come of it ---------------------------------------------------------------------------------------------


class Pair(NamedTuple):
    """Two runs that differ in one field."""

    rows: list[Setting]
    """That speak of the field."""
    first: Run
    second: Run
    resume: Callable[[], Run]
    """Go on with the first under the settings of the second."""


def check_identity(pair: Pair) -> None:
    rows = [row for row in pair.rows if row.role == "identity"]
    lines = lines_of(pair.first)
    with pytest.raises(StoreError) as refused:
        pair.resume()
    assert "use another --out" in str(refused.value)
    assert any(f"holds a run with another {row.name}" in str(refused.value) for row in rows), str(refused.value)
    assert lines_of(pair.first) == lines
    if "data" in {row.name for row in rows}:  # there is nothing to compare
        with pytest.raises(StoreError, match="hold other data"):
            compare_runs(pair.first.path, pair.second.path)
        return
    if "shard" in {row.name for row in rows}:  # so is there between two shards
        first, second = (open_scored(run.path) for run in (pair.first, pair.second))
        assert [each.field for each in manifest_differences(first, second)] == ["shard"]
        return
    compared = compare_runs(pair.first.path, pair.second.path)
    named = {name: role for name, role in roles(compared).items() if name in {row.name for row in rows}}
    assert named
    assert set(named.values()) <= {"compared", "confounds", "restricted"}
    assert not says_the_same(compared)
    if any(row.in_id != "folder" for row in rows if row.name in named):
        assert not ids(pair.first) & ids(pair.second)


def check_condition(pair: Pair) -> None:
    (row,) = pair.rows
    assert ids(pair.first) == ids(pair.second)
    compared = compare_runs(pair.first.path, pair.second.path)
    assert {name: role for name, role in roles(compared).items() if role != "harmless"} == {row.name: "condition"}
    assert not says_the_same(compared)
    lines = lines_of(pair.first)
    resumed = pair.resume()
    assert lines_of(resumed) == lines
    if row.recorded.startswith(OF_CALL):
        before, now = resumed.manifest.invocations
        assert (before.settings, now.settings) == ({}, pair.second.manifest.invocations[0].settings)
        assert list(now.settings) == [*row.fields]


def check_amount(pair: Pair) -> None:
    compared = compare_runs(pair.first.path, pair.second.path)
    assert compared.left_out or set(roles(compared).values()) == {"restricted"}
    kept = ids(pair.first)
    assert kept & ids(pair.resume())


def check_harmless(pair: Pair) -> None:
    assert ids(pair.first) == ids(pair.second)
    scores, replies = (
        [read(run) for run in (pair.first, pair.second)]
        for read in (
            lambda run: (run.path / "scores.parquet").read_bytes(),
            lambda run: [sample.response.text for sample in run.samples()],
        )
    )
    assert scores[0] == scores[1]
    assert replies[0] == replies[1]
    compared = compare_runs(pair.first.path, pair.second.path)
    assert set(roles(compared).values()) <= {"harmless"}
    assert says_the_same(compared)
    if "resume" not in pair.rows[0].fields:
        lines = lines_of(pair.first)
        assert lines_of(pair.resume()) == lines


CHECKS: dict[str, Callable[[Pair], None]] = {
    "identity": check_identity,
    "condition": check_condition,
    "amount": check_amount,
    "harmless": check_harmless,
}
"""By role, the gravest first: the first one counts where several rows speak of a field."""


@pytest.mark.parametrize("field", FLIPS)
def test_what_a_field_does_is_what_the_table_says(field: str, bench: Bench) -> None:
    rows = [row for row in SETTINGS if field in row.fields]
    role = next(role for role in CHECKS if role in {row.role for row in rows})
    one, other = prepared(bench, field)
    first, second = bench.first(one), bench.run(bench.folder / "second", other)
    CHECKS[role](Pair(rows, first, second, lambda: bench.run(first.path, other)))
