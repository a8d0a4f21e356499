import json
from pathlib import Path

import pytest

from rest_bench.engines.arguments import recorded_arguments, weights_format_of


def test_no_secret_and_nothing_without_effect_is_recorded() -> None:
    given = {"api_key": "sk-1", "header": {"a": "b"}, "batch_size": 4, "max_length": 8, "add_bos_token": True}
    recorded = recorded_arguments(given, without=frozenset({"batch_size"}))
    assert json.loads(recorded or "") == {"add_bos_token": True, "max_length": 8}


def test_nothing_to_record_is_null() -> None:
    assert recorded_arguments({}) is None
    assert recorded_arguments({"api_key": "sk-1"}) is None


def test_a_folder_is_recorded_by_its_files_and_a_path_by_its_name(tmp_path: Path) -> None:
    def recorded() -> dict[str, str]:
        arguments = {"peft": str(tmp_path), "tokenizer": "/home/somebody/tokenizer", "subfolder": "a/b"}
        found: dict[str, str] = json.loads(recorded_arguments(arguments) or "")
        return found

    (tmp_path / "weights.safetensors").write_bytes(b"1")
    before = recorded()
    (tmp_path / "weights.safetensors").write_bytes(b"2")
    assert before["peft"].startswith("folder ")
    assert before["peft"] != recorded()["peft"]
    assert (before["tokenizer"], before["subfolder"]) == ("tokenizer", "a/b")
    assert str(tmp_path) not in str(before)


def test_the_order_of_arguments_does_not_matter() -> None:
    assert recorded_arguments({"a": 1, "b": 2}) == recorded_arguments({"b": 2, "a": 1})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, None),
        ({"dtype": "bfloat16"}, None),
        ({"quantization": "awq"}, "awq"),
        ({"load_in_4bit": True}, "bitsandbytes 4-bit"),
        ({"load_in_8bit": "True"}, "bitsandbytes 8-bit"),
        ({"load_in_4bit": "False", "autogptq": False}, None),
        ({"gguf_file": "q4.gguf"}, "gguf"),
    ],
)
def test_arguments_that_quantize_are_told(arguments: dict[str, object], words: str | None) -> None:
    assert weights_format_of(arguments) == words
