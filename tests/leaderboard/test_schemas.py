import json
from pathlib import Path

import jsonschema
import pytest

from rest_bench.leaderboard.schemas import FILES, schema_texts
from tests.leaderboard.build import read_lines, read_record

COMMITTED = Path(__file__).parents[2] / "leaderboard" / "schema"


@pytest.mark.parametrize("name", FILES)
def test_the_committed_schema_is_that_of_the_record(name: str) -> None:
    assert (COMMITTED / name).read_text() == schema_texts()[name], (
        "rest-bench leaderboard schema --out leaderboard/schema"
    )


def test_a_submission_fits_its_schemas(submission: Path) -> None:
    schemas = {name: json.loads(text) for name, text in schema_texts().items()}
    jsonschema.validate(read_record(submission), schemas["submission.schema.json"])
    for line in read_lines(submission):
        jsonschema.validate(line, schemas["answers.schema.json"])


def test_another_tool_sees_a_wrong_record(submission: Path) -> None:
    record = {**read_record(submission), "model": "<b>"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(record, json.loads(schema_texts()["submission.schema.json"]))
