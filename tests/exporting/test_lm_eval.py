import hashlib
import json
from typing import Any

import pytest

from rest_bench.exporting.lm_eval import lm_eval_files
from rest_bench.exporting.source import Source
from rest_bench.planning import load_task
from tests.exporting.texts import read


@pytest.fixture
def files(source: Source) -> dict[str, str]:
    return read(lm_eval_files(source, {"arithmetic": load_task("arithmetic", None)}))


def samples(files: dict[str, str], level: int) -> list[dict[str, Any]]:
    (text,) = (text for path, text in files.items() if f"/samples_rest_arithmetic_s{level}_" in path)
    return [json.loads(line) for line in text.splitlines()]


def results(files: dict[str, str]) -> dict[str, Any]:
    (text,) = (text for path, text in files.items() if "/results_" in path)
    found: dict[str, Any] = json.loads(text)
    return found


def test_files_are_named_as_its_tools_look_for_them(files: dict[str, str], source: Source) -> None:
    date = source.ended_at.replace(tzinfo=None).isoformat().replace(":", "-")
    assert set(files) == {
        f"org__model/results_{date}.json",
        f"org__model/samples_rest_arithmetic_s1_{date}.jsonl",
        f"org__model/samples_rest_arithmetic_s3_{date}.jsonl",
    }


def test_metrics_are_means_over_samples(files: dict[str, str], source: Source) -> None:
    """As its own aggregation would make them: lm-eval means over documents, and each pack is one."""
    found = results(files)["results"]["rest_arithmetic_s3"]
    rows = samples(files, 3)
    assert len(rows) == results(files)["n-samples"]["rest_arithmetic_s3"]["effective"] == 10
    names = ("acc", "strict", "paper", "acc_pos1", "acc_pos3", "all_correct", "answered", "truncated")
    for name in (f"rest_{name}" for name in names):
        assert found[f"{name},none"] == pytest.approx(sum(row[name] for row in rows) / len(rows)), name
        assert name in rows[0]["metrics"]
    assert found["rest_acc_stderr,none"] == source.summary.tasks["arithmetic"].levels["3"].accuracy.se
    assert found["rest_all_correct_stderr,none"] == "N/A"


def test_a_sample_holds_what_an_import_needs(files: dict[str, str], source: Source) -> None:
    for sample, row in zip(
        [each for each in source.run.samples() if each.pack.level == 3], samples(files, 3), strict=True
    ):
        assert row["doc"]["pack_id"] == sample.pack.pack_id
        assert row["resps"] == [[sample.response.text]]
        assert json.loads(row["target"]) == [problem.gold for problem in sample.pack.problems]
        assert row["doc"]["reply"]["finish_reason"] == sample.response.finish_reason
        assert row["doc"]["reply"]["completion_tokens"] == sample.response.completion_tokens


def test_hashes_are_made_as_it_makes_them(files: dict[str, str]) -> None:
    for row in samples(files, 1):
        doc = json.dumps(row["doc"], indent=2, ensure_ascii=False)
        assert row["doc_hash"] == hashlib.sha256(doc.encode()).hexdigest()
        prompt = row["arguments"]["gen_args_0"]["arg_0"]
        assert row["prompt_hash"] == hashlib.sha256(prompt.encode()).hexdigest()
        assert prompt.startswith("Q1: ")
