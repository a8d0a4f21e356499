"""inspect_ai: the log of one task and model (.eval or .json), read by inspect_ai itself."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rest_bench.engines.arguments import recorded_arguments, weights_format_of
from rest_bench.errors import EngineError, StoreError, one_line
from rest_bench.importing.foreign import ForeignLog, ForeignSample, Packed
from rest_bench.schema import Dressing, EngineInfo, FinishReason, Sampling

LOG = logging.getLogger(__name__)

FINISH_REASONS: dict[str, FinishReason] = {
    "stop": "stop",
    "max_tokens": "length",
    "model_length": "length",
    "content_filter": "error",
    "tool_calls": "error",
}
"""How inspect_ai says that a reply ended, as the openai engine takes it; anything else is not known."""
ERRORS = {
    "content_filter": "the provider's content filter ended the reply; use a provider without one",
    "tool_calls": "the reply was read as a tool call; ask without tools, of a server without a tool parser",
}
"""What is said of an ending that is an error."""
DEFAULT_MAX_TOKENS = 2048
"""Of inspect_ai, where nothing is set."""


def open_inspect_log(paths: Sequence[Path]) -> ForeignLog:
    """Read what logs of inspect_ai say of their samples; several logs are one run if model and settings agree.

    Args:
        paths: log files, or folders of them.

    Raises:
        EngineError: inspect_ai is not installed.
        StoreError: there is no log, one cannot be read, or they differ in model or settings.
    """
    try:
        from inspect_ai.log import read_eval_log
    except ImportError as error:
        raise EngineError(f"import inspect: {error}; install it with pip install 'rest-bench[inspect]'") from error
    files = [file for path in paths for file in _files(path)]
    if not files:
        raise StoreError(f"{paths[0]}: holds no log of inspect_ai (*.eval, *.json)")
    logs: dict[Path, Any] = {}
    for file in files:
        try:
            logs[file] = read_eval_log(str(file), header_only=True)
        except Exception as error:
            raise _unreadable(file, error) from error
        _mind_gaps(file, logs[file])
    infos = {file: (_info(log), _sampling(log), _dressing(log)) for file, log in logs.items()}
    first = infos[files[0]]
    for file, other in infos.items():
        _refuse_difference(files[0], first, file, other)
    return ForeignLog(
        path=paths[0],
        info=first[0],
        sampling=first[1],
        dressing=first[2],
        packed=tuple(dict.fromkeys(part for log in logs.values() for part in _packed(log))),
        samples=lambda: _samples(files),
    )


def reply_of(output: Any) -> dict[str, Any]:
    """Return the fields of `schema.Response` that an output of a model says, its reasoning kept apart.

    Args:
        output: a ModelOutput of inspect_ai.
    """
    if not output.choices:
        return {"text": "", "finish_reason": None}
    content = output.choices[0].message.content
    parts = [] if isinstance(content, str) else content
    reasoning = "".join(_reasoning(part) for part in parts if part.type == "reasoning")
    usage = output.usage
    stop_reason = str(output.choices[0].stop_reason)
    return {
        "text": content if isinstance(content, str) else "".join(part.text for part in parts if part.type == "text"),
        "reasoning": reasoning or None,
        "finish_reason": FINISH_REASONS.get(stop_reason),
        "error": ERRORS.get(stop_reason),
        "prompt_tokens": None if usage is None else _prompt_tokens(usage),
        "completion_tokens": None if usage is None else usage.output_tokens,
        "latency_s": output.time,
    }


def _reasoning(part: Any) -> str:
    return "" if part.redacted else str(part.reasoning)


def _prompt_tokens(usage: Any) -> int:
    return int(usage.input_tokens + (usage.input_tokens_cache_read or 0) + (usage.input_tokens_cache_write or 0))


def _unreadable(file: Path, error: Exception) -> StoreError:
    return StoreError(
        f"{file}: cannot be read as a log of inspect_ai ({one_line(error)}); copy it again, or leave it out"
    )


def _mind_gaps(file: Path, log: Any) -> None:
    """Say that a run did not come to its end.

    Raises:
        StoreError: the log names no samples, and so cannot be gone through.
    """
    if not log.eval.dataset.sample_ids:
        raise StoreError(
            f"{file}: names no sample ids; read it with inspect_ai's read_eval_log and write it with write_eval_log, "
            "which adds them"
        )
    if log.status != "success":
        LOG.warning("%s: is the log of a run with status %s; what it holds is imported", file, log.status)


# --- what it says of itself -------------------------------------------------------------------------------------------


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise StoreError(f"{path}: no such log; give a log file of inspect_ai, or a folder of them")
    yield from sorted(file for file in path.glob("*") if file.suffix == ".eval" or file.match("*.json"))


def _info(log: Any) -> EngineInfo:
    spec = log.eval
    packages = ", ".join(f"{name} {version}" for name, version in sorted(spec.packages.items()))
    return EngineInfo(
        engine="inspect_ai",
        engine_version=packages or "inspect_ai of unknown version",
        model=spec.model,
        arguments=recorded_arguments(spec.model_args),
        weights_format=weights_format_of(spec.model_args),
    )


def _sampling(log: Any) -> Sampling:
    config = log.plan.config.merge(log.eval.model_generate_config)
    given = {name: value for name in ("temperature", "top_p", "top_k") if (value := getattr(config, name)) is not None}
    if log.eval.model_args.get("do_sample") is False:  # how its hf models are told to be greedy
        given["temperature"] = 0.0
    try:
        return Sampling.model_validate(
            {"temperature": 1.0, "top_p": 1.0, **given, "max_tokens": config.max_tokens or DEFAULT_MAX_TOKENS}
        )
    except ValidationError as error:
        raise StoreError(f"{log.location}: its sampling cannot be read ({error.errors()[0]['msg']})") from error


def _dressing(log: Any) -> Dressing:
    config = log.plan.config.merge(log.eval.model_generate_config)
    return Dressing(system_prompt=config.system_message, reasoning_effort=config.reasoning_effort)


def _packed(log: Any) -> Iterator[Packed]:
    said = (log.eval.metadata or {}).get("rest_bench")
    if isinstance(said, Mapping):
        try:
            yield Packed.model_validate({name: said[name] for name in Packed.model_fields if name in said})
        except ValidationError as error:
            raise StoreError(f"{log.location}: says of itself what cannot be ({error.errors()[0]['msg']})") from error


def _refuse_difference(
    path: Path,
    first: tuple[EngineInfo, Sampling, Dressing],
    other_path: Path,
    other: tuple[EngineInfo, Sampling, Dressing],
) -> None:
    for here, there in zip(first, other, strict=True):
        for name in type(here).model_fields:
            if name != "engine_version" and getattr(here, name) != getattr(there, name):
                raise StoreError(
                    f"{other_path}: differs from {path.name} in {name} ({getattr(there, name)}, there "
                    f"{getattr(here, name)}); import it as a run of its own"
                )


# --- samples ----------------------------------------------------------------------------------------------------------


def _samples(files: Sequence[Path]) -> Iterator[ForeignSample]:
    from inspect_ai.log import read_eval_log_samples

    for file in files:
        samples = read_eval_log_samples(str(file), all_samples_required=False, resolve_attachments="core")
        for sample in _readable(file, samples):
            pack_id = (sample.metadata or {}).get("pack_id")
            yield ForeignSample(
                where=f"{file}, sample {sample.id}, epoch {sample.epoch}",
                prompt=_prompt(sample.input),
                pack_id=pack_id if isinstance(pack_id, str) else None,
                repeat=sample.epoch - 1,
                reply=_reply(sample),
            )


def _readable(file: Path, samples: Iterator[Any]) -> Iterator[Any]:
    try:
        yield from samples
    except Exception as error:  # whatever its reader or the archive's raises
        raise _unreadable(file, error) from error


def _reply(sample: Any) -> dict[str, Any]:
    reply = reply_of(sample.output)
    if sample.error is not None and not reply["text"]:
        return {"text": "", "finish_reason": "error", "error": one_line(RuntimeError(sample.error.message))}
    if not sample.output.choices:
        return {"text": "", "finish_reason": "error", "error": "the log holds no output of the model"}
    return reply


def _prompt(asked: Any) -> str:
    return asked if isinstance(asked, str) else "\n\n".join(message.text for message in asked)
