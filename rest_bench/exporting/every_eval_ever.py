"""Every Eval Ever 0.3.0: a record of the run, and a line for each pack and position, checked against its schemas."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from rest_bench.config import packaged_dir
from rest_bench.exporting.source import ADDRESS, LIBRARY, Level, Source, remarks
from rest_bench.parsing import split_thinking
from rest_bench.store import Sample

if TYPE_CHECKING:
    import jsonschema

SCHEMA_VERSION = "0.3.0"
COLLECTION = "rest-bench"
SCORE_COLUMNS = ("pack_id", "position", "answer", "found_by", "outcome", "correct", "gold", "segment_tokens")


def eee_files(source: Source) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield data/COLLECTION/DEVELOPER/MODEL/UUID_samples.jsonl and UUID.json, both valid by the vendored schemas.

    The record names the hash and the number of the lines, so it comes when they have been taken.
    """
    folder = f"data/{COLLECTION}/{source.model_id}"
    uuid = run_uuid(source)
    samples = f"{folder}/{uuid}_samples.jsonl"
    digest, total_rows = hashlib.sha256(), 0

    def counted() -> Iterator[str]:
        nonlocal total_rows
        for line in _lines(source):
            digest.update(line.encode())
            total_rows += 1
            yield line

    yield samples, counted()
    record = _record(source, {"file_path": samples, "checksum": digest.hexdigest(), "total_rows": total_rows})
    _schema("eval.schema.json").validate(record)
    yield f"{folder}/{uuid}.json", [json.dumps(record, indent=2, ensure_ascii=False) + "\n"]


def run_uuid(source: Source) -> str:
    """Return the UUID of a run: the same run has the same one; of version 4 in form, as the format demands."""
    manifest = source.manifest
    identity = (
        manifest.model_dump_json(exclude={"invocations": True, "scorer_version": True, "engine": {"endpoints"}})
        + source.model_id
    )
    return str(UUID(bytes=hashlib.sha256(identity.encode()).digest()[:16], version=4))


def evaluation_id(source: Source) -> str:
    """Return what joins the record and its lines."""
    return f"{COLLECTION}/{source.model_id}/{source.ended_at.timestamp():.0f}"


def _record(source: Source, lines: dict[str, Any]) -> dict[str, Any]:
    engine = source.manifest.engine
    return {
        "schema_version": SCHEMA_VERSION,
        "evaluation_id": evaluation_id(source),
        "evaluation_timestamp": source.ended_at.isoformat(),
        "retrieved_timestamp": f"{source.ended_at.timestamp():.0f}",
        "source_metadata": {
            "source_name": LIBRARY,
            "source_type": "evaluation_run",
            "source_organization_name": source.model_id.partition("/")[0],
            "evaluator_relationship": "other",
        },
        "eval_library": {"name": LIBRARY, "version": source.version},
        "model_info": {
            "name": source.model_id.rpartition("/")[2],
            "id": source.model_id,
            "developer": source.model_id.partition("/")[0],
            "inference_engine": {"name": engine.engine, "version": engine.engine_version},
            "additional_details": {
                "deployment_type": "unknown" if engine.engine == "openai" else "self_deployed",
                "model_availability": "unknown",
                **_strings(revision=engine.revision, dtype=engine.dtype, device=engine.device),
                **_strings(quantization=engine.quantization or engine.weights_format, kv_cache=engine.kv_cache_dtype),
            },
        },
        "evaluation_results": [result for level in source.levels() for result in _results(source, level)],
        "detailed_evaluation_results": {"format": "jsonl", "hash_algorithm": "sha256", **lines},
    }


def _results(source: Source, level: Level) -> Iterator[dict[str, Any]]:
    accuracy = level.summary.accuracy
    uncertainty: dict[str, Any] = {"num_samples": level.summary.n_questions}
    method = "clustered by question, t with N - 1 degrees of freedom"
    if accuracy.se is not None:
        uncertainty["standard_error"] = {"value": accuracy.se, "method": method}
    if accuracy.ci is not None:
        low, high = accuracy.ci
        uncertainty["confidence_interval"] = {
            "lower": low,
            "upper": high,
            "confidence_level": 0.95,
            "method": method,
        }
    details = _strings(
        n_packs=level.summary.n_packs,
        n_slots=level.summary.n_slots,
        truncation_rate=level.summary.truncation_rate,
        remarks=remarks(source, level),
    )
    whole = {"score": accuracy.value or 0.0, "uncertainty": uncertainty, "details": details}
    yield _result(source, level, None, whole)
    for position, value in enumerate(level.summary.position_accuracy, start=1):
        at = {"score": value, "uncertainty": {"num_samples": level.summary.n_packs}}
        yield _result(source, level, position, at)


def result_id(level: Level, position: int | None = None) -> str:
    """Return the name of a result, such as rest/math500/s5/pos3."""
    where = "" if position is None else f"/pos{position}"
    return f"rest/{level.record.name}/s{level.level}{where}"


def _result(source: Source, level: Level, position: int | None, score: dict[str, Any]) -> dict[str, Any]:
    sampling = source.manifest.sampling
    words = "accuracy over all positions" if position is None else f"accuracy at position {position}"
    return {
        "evaluation_result_id": result_id(level, position),
        "evaluation_name": level.name if position is None else f"{level.name}_pos{position}",
        "source_data": _source_data(source, level),
        "metric_config": {
            "evaluation_description": f"{words}, {level.level} problems a prompt (REST, {ADDRESS})",
            "metric_id": "accuracy",
            "lower_is_better": False,
            "score_type": "continuous",
            "min_score": 0.0,
            "max_score": 1.0,
        },
        "score_details": score,
        "generation_config": {
            "generation_args": {
                "temperature": sampling.temperature,
                "top_p": sampling.top_p,
                "top_k": sampling.top_k,
                "max_tokens": sampling.max_tokens,
                "prompt_template": level.record.template,
            },
            "additional_details": _strings(
                min_p=sampling.min_p,
                repetition_penalty=sampling.repetition_penalty,
                design=source.manifest.design,
                seed=source.manifest.seed,
                template_sha256=level.record.template_sha256,
            ),
        },
    }


def _source_data(source: Source, level: Level) -> dict[str, Any]:
    dataset = source.find_dataset(level.record)
    common = {"dataset_name": level.record.name, "additional_details": _strings(data_sha256=level.record.data_sha256)}
    if dataset is None:
        return {**common, "source_type": "other"}
    return {**common, "source_type": "hf_dataset", "hf_repo": dataset[0], "samples_number": level.record.n_problems}


# --- one line a pack and position -------------------------------------------------------------------------------------


def _lines(source: Source) -> Iterator[str]:
    validator = _schema("instance_level_eval.schema.json")
    scores = source.run.scores(SCORE_COLUMNS)
    by_pack: dict[str, list[dict[str, Any]]] = {}
    for row in scores.to_dict("records"):
        by_pack.setdefault(row["pack_id"], []).append(row)
    levels = {(level.record.name, level.level): level for level in source.levels()}
    for sample in source.run.samples():
        level = levels[sample.pack.task, sample.pack.level]
        for score in by_pack.get(sample.pack.pack_id, ()):
            line = _line(source, level, sample, score)
            validator.validate(line)
            yield json.dumps(line, ensure_ascii=False) + "\n"


def _line(source: Source, level: Level, sample: Sample, score: dict[str, Any]) -> dict[str, Any]:
    pack, response, position = sample.pack, sample.response, int(score["position"])
    problem = pack.problems[position - 1]
    thinking = split_thinking(response)
    return {
        "schema_version": SCHEMA_VERSION,
        "evaluation_id": evaluation_id(source),
        "model_id": source.model_id,
        "evaluation_name": f"{level.name}_pos{position}",
        "evaluation_result_id": result_id(level, position),
        "sample_id": f"{pack.pack_id}/{position}",
        "interaction_type": "single_turn",
        "input": {
            "raw": problem.question,
            "reference": [problem.gold],
            "choices": [option.text for option in problem.options] or None,
        },
        "output": {"raw": [thinking.final], "reasoning_trace": [thinking.thinking] if thinking.thinking else None},
        "messages": None,
        "answer_attribution": [
            {
                "turn_idx": 0,
                "source": "output.raw",
                "extracted_value": score["answer"] if isinstance(score["answer"], str) else "",
                "extraction_method": str(score["found_by"]),
                "is_terminal": True,
            }
        ],
        "evaluation": {"score": float(score["correct"]), "is_correct": bool(score["correct"])},
        "token_usage": _usage(sample, score),
        "error": response.error,
        "metadata": _strings(
            pack_id=pack.pack_id,
            level=pack.level,
            position=position,
            repeat=pack.repeat,
            problem_id=problem.id,
            outcome=score["outcome"],
            finish_reason=response.finish_reason,
            seed=response.seed,
        ),
    }


def _usage(sample: Sample, score: dict[str, Any]) -> dict[str, Any] | None:
    """Return the tokens of the whole reply, which all positions of a pack share; null where none were counted."""
    prompt, completion = sample.response.prompt_tokens, sample.response.completion_tokens
    if prompt is None or completion is None:
        return None
    spent = score["segment_tokens"]
    own = None if spent is None or spent != spent else int(spent)
    return {
        "input_tokens": prompt,
        "output_tokens": completion,
        "total_tokens": prompt + completion,
        "reasoning_tokens": own,
    }


def _strings(**values: object) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value is not None}


def _schema(name: str) -> "jsonschema.Draft7Validator":
    import jsonschema

    text = (packaged_dir("leaderboard") / "schema" / f"eee-{SCHEMA_VERSION}" / name).read_text(encoding="utf-8")
    return jsonschema.Draft7Validator(json.loads(text))
