import hashlib
import json
import re
from pathlib import Path

import jsonschema
import pytest

from rest_bench.exporting.every_eval_ever import eee_files, run_uuid
from rest_bench.exporting.source import Source
from tests.exporting.texts import read, text_of

SCHEMAS = Path(__file__).parents[2] / "leaderboard" / "schema" / "eee-0.3.0"
SHA256 = {
    "eval.schema.json": "c9c6195aec8a9dfa0b2aba4924ac1aa8a184c9d8ca97cee778cb531088e39b48",
    "instance_level_eval.schema.json": "b16b7fa7f0aa32763444179d94ffb2336ddb12c3fd2903835fe491666c1ff3e6",
}
"""Of the schemas as published, so that nobody changes them here."""


@pytest.mark.parametrize("name", SHA256)
def test_the_schemas_are_those_that_were_published(name: str) -> None:
    content = (SCHEMAS / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == SHA256[name]
    jsonschema.Draft7Validator.check_schema(json.loads(content))
    assert "MIT License" in (SCHEMAS / "LICENSE").read_text()


def test_the_record_and_its_lines_belong_together(source: Source) -> None:
    files = read(eee_files(source))
    lines, record = text_of(files, "_samples.jsonl"), json.loads(text_of(files, f"{run_uuid(source)}.json"))
    detailed = record["detailed_evaluation_results"]
    assert detailed["file_path"] in files
    assert detailed["checksum"] == hashlib.sha256(lines.encode()).hexdigest()
    rows = [json.loads(line) for line in lines.splitlines()]
    assert detailed["total_rows"] == len(rows) == 10 + 30
    assert {row["evaluation_id"] for row in rows} == {record["evaluation_id"]}
    names = {result["evaluation_result_id"] for result in record["evaluation_results"]}
    assert {row["evaluation_result_id"] for row in rows} < names
    assert "rest/arithmetic/s3/pos3" in names
    assert re.fullmatch(r"data/rest-bench/org/model/[0-9a-f-]{36}_samples\.jsonl", detailed["file_path"])


def test_scores_are_those_of_the_run(source: Source) -> None:
    files = read(eee_files(source))
    record = json.loads(text_of(files, f"{run_uuid(source)}.json"))
    scores = {result["evaluation_result_id"]: result["score_details"] for result in record["evaluation_results"]}
    level = source.summary.tasks["arithmetic"].levels["3"]
    assert scores["rest/arithmetic/s3"]["score"] == level.accuracy.value
    assert scores["rest/arithmetic/s3"]["uncertainty"]["standard_error"]["value"] == level.accuracy.se
    assert "clustered by question" in scores["rest/arithmetic/s3"]["uncertainty"]["standard_error"]["method"]
    rows = [json.loads(line) for line in text_of(files, "_samples.jsonl").splitlines()]
    at_2 = [row["evaluation"]["score"] for row in rows if row["evaluation_result_id"] == "rest/arithmetic/s3/pos2"]
    assert sum(at_2) / len(at_2) == pytest.approx(scores["rest/arithmetic/s3/pos2"]["score"])


def test_thinking_and_answer_are_apart(source: Source) -> None:
    rows = [json.loads(line) for line in text_of(read(eee_files(source)), "_samples.jsonl").splitlines()]
    thinking = [row for row in rows if row["output"]["reasoning_trace"]]
    assert thinking
    assert all("</think>" not in row["output"]["raw"][0] for row in rows)
    assert {
        row["answer_attribution"][0]["extracted_value"] for row in rows if row["metadata"]["outcome"] == "omitted"
    } <= {""}


def test_the_same_run_has_the_same_files(source: Source) -> None:
    assert read(eee_files(source)) == read(eee_files(source))
    assert run_uuid(source) != run_uuid(source._replace(model_id="org/other"))
