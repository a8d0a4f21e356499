import pytest
import yaml

from rest_bench.errors import ConfigError
from rest_bench.exporting.hub import RESULTS, eval_results_files, model_index_files
from rest_bench.exporting.source import Source
from tests.exporting.texts import read


def test_each_level_is_a_task_of_the_hub_dataset(source: Source) -> None:
    entries = yaml.safe_load(read(eval_results_files(source))[RESULTS])
    assert [entry["dataset"] for entry in entries] == [
        {"id": "org/data", "task_id": f"rest_arithmetic_s{level}", "revision": "abc"} for level in (1, 3)
    ]
    accuracy = source.summary.tasks["arithmetic"].levels["3"].accuracy.value
    assert entries[1]["value"] == round(100 * (accuracy or 0), 2)
    assert entries[0]["date"] == source.ended_at.date().isoformat()
    assert entries[0]["source"]["url"].startswith("https://")
    assert "PARTIAL" in entries[0]["notes"]


def test_a_task_without_hub_data_has_no_entry(source: Source) -> None:
    with pytest.raises(ConfigError, match="has no data set on the hub"):
        read(eval_results_files(source._replace(find_dataset=lambda _: None)))


def test_a_model_card_takes_the_index(source: Source) -> None:
    from huggingface_hub import ModelCardData
    from huggingface_hub.repocard_data import model_index_to_eval_results

    text = read(model_index_files(source))["model-index.yaml"]
    name, results = model_index_to_eval_results(yaml.safe_load(text)["model-index"])
    assert name == "model"
    assert [result.dataset_config for result in results] == ["1 problems a prompt", "3 problems a prompt"]
    assert all(result.metric_type == "accuracy" for result in results)
    assert ModelCardData(model_name=name, eval_results=results).to_yaml()


def test_a_task_without_hub_data_is_named_in_the_index(source: Source) -> None:
    text = read(model_index_files(source._replace(find_dataset=lambda _: None)))["model-index.yaml"]
    assert yaml.safe_load(text)["model-index"][0]["results"][0]["dataset"]["type"] == "arithmetic"
