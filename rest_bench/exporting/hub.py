"""Hugging Face: evaluation results of a model repository, and the older model-index of a model card."""

from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from rest_bench.errors import ConfigError
from rest_bench.exporting.source import ADDRESS, LIBRARY, Level, Source, remarks

RESULTS = ".eval_results/rest-bench.yaml"
MODEL_INDEX = "model-index.yaml"


def eval_results_files(source: Source) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield .eval_results/rest-bench.yaml: an entry for each level, as a task of the hub dataset.

    Raises:
        ConfigError: a task's data are not on the hub, so that no entry can name them.
    """
    entries = [_entry(source, level) for level in source.levels()]
    yield RESULTS, [_yaml(entries)]


def model_index_files(source: Source) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield model-index.yaml: what stands between the dashes of a model card."""
    yield MODEL_INDEX, [_yaml(model_index(source))]


def model_index(source: Source) -> dict[str, Any]:
    """Return the model-index of a run, made by huggingface_hub."""
    from huggingface_hub import EvalResult, ModelCardData

    results = []
    for level in source.levels():
        dataset, revision = source.find_dataset(level.record) or (level.record.name, None)
        results.append(
            EvalResult(
                task_type="text-generation",
                task_name="Several problems in one prompt",
                dataset_type=dataset,
                dataset_name=level.record.name,
                dataset_config=f"{level.level} problems a prompt",
                dataset_revision=revision,
                dataset_args={"level": level.level, "design": source.manifest.design},
                metric_type="accuracy",
                metric_name=remarks(source, level),
                metric_value=_percent(level),
                source_name=LIBRARY,
                source_url=ADDRESS,
            )
        )
    data = ModelCardData(model_name=source.model_id.rpartition("/")[2], eval_results=results)
    found: dict[str, Any] = {"model-index": data.to_dict()["model-index"]}
    return found


def _entry(source: Source, level: Level) -> dict[str, object]:
    dataset = source.find_dataset(level.record)
    if dataset is None:
        raise ConfigError(
            f"--format hf-eval-results: task {level.record.name} has no data set on the hub that an entry could name; "
            "use --format model-index, or export a run of gsm8k, math500 or another task with one"
        )
    return {
        "dataset": {"id": dataset[0], "task_id": level.name, "revision": dataset[1]},
        "value": _percent(level),
        "date": source.ended_at.date().isoformat(),
        "source": {"url": ADDRESS, "name": LIBRARY},
        "notes": remarks(source, level),
    }


def _percent(level: Level) -> float | None:
    value = level.summary.accuracy.value
    return None if value is None else round(100 * value, 2)


def _yaml(value: object) -> str:
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1000)
    return text
