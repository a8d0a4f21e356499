from decimal import Decimal

import pytest
from pydantic import ValidationError

from rest_bench.schema import Estimate, Flips, LevelSummary, Problem, Response, Summary
from rest_bench.schema.exact_json import read_json

RESPONSE = {
    "sample_id": "s",
    "pack_id": "0" * 16,
    "task": "toy",
    "level": 2,
    "repeat": 0,
    "text": "Q1: \\boxed{4}\u2028 \u0000 é",
    "finish_reason": "stop",
}


def test_a_record_survives_the_way_to_disk_and_back() -> None:
    response = Response.model_validate({**RESPONSE, "line_tokens": [3, 4]})
    assert Response.model_validate_json(response.model_dump_json()) == response


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="finish_raeson"):
        Response.model_validate({**RESPONSE, "finish_raeson": "stop"})


def test_a_noun_cannot_be_changed() -> None:
    response = Response.model_validate(RESPONSE)
    with pytest.raises(ValidationError, match="frozen"):
        response.text = "other"  # type: ignore[misc]


def test_no_number_of_a_summary_is_nan() -> None:
    with pytest.raises(ValidationError, match="finite"):
        Estimate(value=float("nan"), se=None, ci=None)


def test_metadata_survives_the_way_to_disk_and_back() -> None:
    problem = Problem(id="1", question="q", gold="2", answer_type="integer", metadata={"subject": "algebra"})
    assert Problem.model_validate_json(problem.model_dump_json()) == problem


def test_every_noun_exports_a_json_schema() -> None:
    assert Summary.model_json_schema()["properties"]["tasks"]["type"] == "object"


def test_a_level_that_lacks_a_family_of_metrics_is_refused() -> None:
    with pytest.raises(ValidationError, match="position_accuracy"):
        LevelSummary.of(Flips(loss=0.1, gain=0.0, loss_by_chance=None, drop_by_outcome=None))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", 0.1),
        ("[2.50, 1e3]", [2.5, 1000.0]),
        ("12345678901234567890", 12345678901234567890),
        ("3.14159265358979323846", Decimal("3.14159265358979323846")),
        ("1e400", Decimal("1e400")),
    ],
)
def test_no_digit_of_a_number_is_lost(text: str, value: object) -> None:
    assert read_json(text) == value
    assert type(read_json(text)) is type(value)


def test_a_number_that_no_float_holds_is_read_as_the_caller_says() -> None:
    assert read_json("[0.5, 0.10000000000000000555]", str) == [0.5, "0.10000000000000000555"]


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '[{"b": {"a": 1, "a": 1}}]'])
def test_a_key_that_stands_twice_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="the key 'a' occurs twice in one object"):
        read_json(text)


def test_an_integer_of_any_length_keeps_its_digits() -> None:
    digits = "9" * 5000
    assert read_json(f"[7, {digits}, -{digits}]", str) == [7, digits, f"-{digits}"]
    assert str(read_json(digits)) == digits
