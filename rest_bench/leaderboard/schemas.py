"""The JSON Schemas of a submission's files, for people who write or read them with other tools."""

import json

from rest_bench.schema import Record, Reproduction, Submission, SubmittedSample

FILES: dict[str, type[Record]] = {
    "submission.schema.json": Submission,
    "answers.schema.json": SubmittedSample,
    "reproduction.schema.json": Reproduction,
}
"""Name of the schema's file to the record; of the answers it describes one line."""


def schema_texts() -> dict[str, str]:
    """Return the schemas by the names of their files, as they stand in leaderboard/schema."""
    return {
        name: json.dumps(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **record.model_json_schema()}, indent=1
        )
        + "\n"
        for name, record in FILES.items()
    }
