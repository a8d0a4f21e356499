"""lm-evaluation-harness 0.4.13: the results and the samples of a run as its own tracker would have written them."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rest_bench.exporting.source import Level, Source
from rest_bench.metrics.reply import COLUMNS, LM_EVAL_PREFIX, is_better_high, reply_metrics
from rest_bench.schema import Pack, Response
from rest_bench.store import Sample
from rest_bench.templates import Templated, render

FILTER = "none"
REPLY = (
    *("finish_reason", "prompt_tokens", "completion_tokens", "line_tokens", "thinking_prefilled"),
    *("seed", "error", "latency_s"),
)
"""What lm-eval has no place for, and an import takes back."""
VERSION = "2.0"


def lm_eval_files(source: Source, tasks: Mapping[str, Templated]) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield MODEL/results_DATE.json and MODEL/samples_TASK_DATE.jsonl, a task for each level.

    Args:
        source: the run.
        tasks: by name, for the prompts: what they were made with.
    """
    folder = re.sub(r'["<>:/|\\?*\[\]]+', "__", source.model_id)
    date_id = source.ended_at.replace(tzinfo=None).isoformat().replace(":", "-")
    yield f"{folder}/results_{date_id}.json", [json.dumps(_results(source), indent=2, ensure_ascii=False) + "\n"]
    for level in source.levels():
        yield f"{folder}/samples_{level.name}_{date_id}.jsonl", _samples(source, level, tasks[level.record.name])


def _results(source: Source) -> dict[str, Any]:
    levels = list(source.levels())
    engine, sampling = source.manifest.engine, source.manifest.sampling
    return {
        "results": {level.name: _metrics(level) for level in levels},
        "group_subtasks": {level.name: [] for level in levels},
        "configs": {level.name: _config(source, level) for level in levels},
        "versions": {level.name: VERSION for level in levels},
        "n-shot": {level.name: 0 for level in levels},
        "higher_is_better": {
            level.name: {f"{LM_EVAL_PREFIX}{name}": is_better_high(name) for name in _values(level)} for level in levels
        },
        "n-samples": {
            level.name: {"original": level.summary.n_packs, "effective": level.summary.n_packs} for level in levels
        },
        "config": {
            "model": engine.engine,
            "model_args": {"pretrained": source.model_id, "revision": engine.revision, "dtype": engine.dtype},
            "gen_kwargs": sampling.model_dump(),
            "random_seed": source.manifest.seed,
            "limit": None,
        },
        "git_hash": source.manifest.invocations[-1].git_commit,
        "date": source.ended_at.timestamp(),
        "task_hashes": {},
        "lm_eval_version": None,
        "system_instruction": source.manifest.dressing.system_prompt,
        "chat_template_sha": engine.chat_template_sha256,
        "rest_bench": {
            "version": source.version,
            "engine": engine.model_copy(update={"model": source.model_id}).model_dump(mode="json"),
            "sampling": sampling.model_dump(),
            "dressing": source.manifest.dressing.model_dump(),
        },
        "model_source": engine.engine,
        "model_name": source.model_id,
        "model_name_sanitized": re.sub(r'["<>:/|\\?*\[\]]+', "__", source.model_id),
        "start_time": None,
        "end_time": None,
        "total_evaluation_time_seconds": None,
    }


def _config(source: Source, level: Level) -> dict[str, Any]:
    (planned,) = (each for each in level.record.levels if each.level == level.level)
    return {
        "task": level.name,
        "output_type": "generate_until",
        "repeats": 1,
        "num_fewshot": 0,
        "generation_kwargs": {"until": [], **source.manifest.sampling.model_dump()},
        "metadata": {
            "version": VERSION,
            "rest_bench": {
                "task": level.record.name,
                "level": level.level,
                "design": source.manifest.design,
                "seed": source.manifest.seed,
                "repeats": planned.repeats,
                "limit": planned.limit,
            },
            "data_sha256": level.record.data_sha256,
            "template_sha256": level.record.template_sha256,
        },
    }


def _metrics(level: Level) -> dict[str, Any]:
    """Return the metrics under their keys `NAME,FILTER`, with the errors that are known and N/A for the others."""
    errors = {"acc": level.summary.accuracy.se, "strict": level.summary.accuracy_strict.se}
    errors["paper"] = level.summary.accuracy_paper.se
    found: dict[str, Any] = {"alias": level.name, "sample_len": level.summary.n_packs}
    for name, value in _values(level).items():
        found[f"{LM_EVAL_PREFIX}{name},{FILTER}"] = value
        error = errors.get(name)
        found[f"{LM_EVAL_PREFIX}{name}_stderr,{FILTER}"] = "N/A" if error is None else error
    return found


def _values(level: Level) -> dict[str, float | None]:
    summary = level.summary
    return {
        "acc": summary.accuracy.value,
        "strict": summary.accuracy_strict.value,
        "paper": summary.accuracy_paper.value,
        **{f"acc_pos{place}": value for place, value in enumerate(summary.position_accuracy, start=1)},
        "all_correct": summary.all_correct,
        "answered": summary.completion,
        "truncated": summary.truncation_rate,
        "ungraded": summary.outcomes.get("ungraded", 0.0),
    }


# --- samples ----------------------------------------------------------------------------------------------------------


def _samples(source: Source, level: Level, task: Templated) -> Iterator[str]:
    scores = source.run.level_scores(level.record.name, level.level, ("pack_id", *COLUMNS))
    by_pack: dict[str, list[dict[str, Any]]] = {}
    for row in scores.to_dict("records"):
        by_pack.setdefault(str(row["pack_id"]), []).append(row)
    for doc_id, sample in enumerate(source.run.samples(by_pack.keys())):
        found = _sample(source, doc_id, sample, by_pack[sample.pack.pack_id], task)
        yield json.dumps(found, ensure_ascii=False) + "\n"


def _sample(source: Source, doc_id: int, sample: Sample, rows: list[dict[str, Any]], task: Templated) -> dict[str, Any]:
    pack, response = sample.pack, sample.response
    prompt = render(pack, task, source.manifest.dressing.system_prompt)
    text = "\n\n".join(message.content for message in prompt.messages)
    doc, target = _doc(pack, response), json.dumps([problem.gold for problem in pack.problems], ensure_ascii=False)
    metrics = {f"{LM_EVAL_PREFIX}{name}": value for name, value in reply_metrics(rows).items()}
    return {
        "doc_id": doc_id,
        "doc": doc,
        "target": target,
        "arguments": {"gen_args_0": {"arg_0": text, "arg_1": {"until": [], **source.manifest.sampling.model_dump()}}},
        "resps": [[(response.reasoning or "") + response.text]],
        "filtered_resps": [(response.reasoning or "") + response.text],
        "filter": FILTER,
        "metrics": list(metrics),
        "doc_hash": _hash(json.dumps(doc, indent=2, ensure_ascii=False)),
        "prompt_hash": _hash(text),
        "target_hash": _hash(target),
        **metrics,
    }


def _doc(pack: Pack, response: Response) -> dict[str, Any]:
    """Return what a later import needs to find the pack again, and what is known of the reply."""
    return {
        "pack_id": pack.pack_id,
        "task": pack.task,
        "level": pack.level,
        "design": pack.design,
        "seed": pack.seed,
        "repeat": pack.repeat,
        "problem_ids": [problem.id for problem in pack.problems],
        "questions": [problem.question for problem in pack.problems],
        "golds": [problem.gold for problem in pack.problems],
        "reply": {
            **response.model_dump(mode="json", include=set(REPLY)),
            "reasoning_characters": None if response.reasoning is None else len(response.reasoning),
        },
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
