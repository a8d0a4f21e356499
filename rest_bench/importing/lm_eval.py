"""lm-evaluation-harness 0.4: results_DATE.json and samples_TASK_DATE.jsonl of one model, as its tracker writes them."""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from rest_bench.engines.arguments import recorded_arguments, weights_format_of
from rest_bench.engines.lm_eval_loading import WITHOUT_EFFECT
from rest_bench.errors import StoreError
from rest_bench.importing.foreign import ForeignLog, ForeignSample, Packed
from rest_bench.parsing import thinking_prefilled
from rest_bench.schema import Dressing, EngineInfo, Sampling

LOG = logging.getLogger(__name__)

MAX_LINE_BYTES = 64 * 1024 * 1024
MAX_RESULTS_BYTES = 256 * 1024 * 1024
DEFAULT_MAX_TOKENS = 256
"""Of lm-eval, where a task says nothing."""
TOKEN_NAMES = ("max_gen_toks", "max_new_tokens", "max_tokens", "max_completion_tokens")
_SAMPLES = re.compile(r"samples_(?P<task>.+)_(?P<date>\d{4}-\d{2}-\d{2}T[\d.:+-]+)\.jsonl")
_RESULTS = re.compile(r"results_(?P<date>\d{4}-\d{2}-\d{2}T[\d.:+-]+)\.json")


class _File(NamedTuple):
    """The samples of one task."""

    path: Path
    task: str
    date: str


def open_lm_eval_log(path: Path) -> ForeignLog:
    """Read what a folder of lm-eval says of its samples.

    Args:
        path: the folder of one model (OUTPUT_PATH/MODEL), or one above it that holds no other; or a samples file.

    Raises:
        StoreError: there are no samples, they are of several models, or a file cannot be read.
    """
    files = _newest(path, list(_samples_files(path)))
    results = _read_results(files)
    own = results.get("rest_bench")
    first = next(_lines(files[0].path), None)
    if first is None:
        raise StoreError(f"{files[0].path}: holds no sample")
    sampling = _sampling(files)
    dressing = Dressing(system_prompt=results.get("system_instruction"))
    info = _info(results, files[0].path)
    try:
        if isinstance(own, Mapping):  # of our own export: nothing of the run is lost
            info = EngineInfo.model_validate(own["engine"])
            sampling, dressing = Sampling.model_validate(own["sampling"]), Dressing.model_validate(own["dressing"])
    except (ValidationError, KeyError) as error:
        raise StoreError(f"{files[0].path.parent}: its results file holds no readable run ({error})") from error
    return ForeignLog(
        path=path,
        info=info,
        sampling=sampling,
        dressing=dressing,
        packed=tuple(_packed(files, results)),
        samples=lambda: _samples(files),
    )


# --- files ------------------------------------------------------------------------------------------------------------


def _samples_files(path: Path) -> Iterator[_File]:
    for found in [path] if path.is_file() else sorted(path.rglob("samples_*.jsonl")):
        if name := _SAMPLES.fullmatch(found.name):
            yield _File(found, name["task"], name["date"])


def _newest(path: Path, files: list[_File]) -> list[_File]:
    """Return the last file of each task; those before it are said."""
    if not files:
        raise StoreError(
            f"{path}: holds no samples_TASK_DATE.jsonl; give the folder of --output_path, and run lm_eval with "
            "--log_samples"
        )
    folders = sorted({str(each.path.parent) for each in files})
    if len(folders) > 1:
        raise StoreError(f"{path}: holds the samples of {len(folders)} models; give one of {', '.join(folders)}")
    newest = {each.task: each for each in sorted(files, key=lambda each: each.date)}
    if len(newest) < len(files):
        LOG.warning("%s: %d older files of the same tasks are left out", path, len(files) - len(newest))
    return [newest[task] for task in sorted(newest)]


def _read_results(files: list[_File]) -> dict[str, Any]:
    """Return the results file of the newest samples, or nothing where it is missing."""
    newest = max(files, key=lambda each: each.date)
    path = newest.path.with_name(f"results_{newest.date}.json")
    if not path.is_file():
        return {}
    if path.stat().st_size > MAX_RESULTS_BYTES:
        raise StoreError(f"{path}: is larger than any results file")
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise StoreError(f"{path}: cannot be read as JSON ({error})") from error
    return results if isinstance(results, dict) else {}


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open("rb") as file:
            number = 0
            while raw := file.readline(MAX_LINE_BYTES):
                number += 1
                if len(raw) == MAX_LINE_BYTES:
                    raise StoreError(f"{path}, line {number}: is longer than {MAX_LINE_BYTES // 1024**2} MiB")
                if raw.strip():
                    yield number, _object(raw, f"{path}, line {number}")
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror})") from error


def _object(raw: bytes, where: str) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise StoreError(f"{where}: is not JSON ({error}); lm-eval writes one object a line") from error
    if not isinstance(found, dict):
        raise StoreError(f"{where}: is no JSON object")
    return found


# --- what it says of itself -------------------------------------------------------------------------------------------


def _info(results: Mapping[str, Any], path: Path) -> EngineInfo:
    config = results.get("config") or {}
    arguments = config.get("model_args") or {}
    if isinstance(arguments, str):
        arguments = dict(part.partition("=")[::2] for part in arguments.split(",") if part)
    source = str(results.get("model_source") or config.get("model") or "unknown model kind")
    model = arguments.get("pretrained") or arguments.get("model") or results.get("model_name") or path.parent.name
    return EngineInfo(
        engine="lm-eval",
        engine_version=f"lm_eval {results.get('lm_eval_version') or 'of unknown version'}, {source}",
        model=str(model),
        revision=_text(config.get("model_sha")) or _text(config.get("model_revision")),
        chat_template_sha256=_text(results.get("chat_template_sha")),
        dtype=(_text(config.get("model_dtype")) or _text(arguments.get("dtype")) or "").removeprefix("torch.") or None,
        device=_text(config.get("device")),
        arguments=recorded_arguments(arguments, WITHOUT_EFFECT),
        weights_format=weights_format_of(arguments),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _packed(files: list[_File], results: Mapping[str, Any]) -> Iterator[Packed]:
    """Yield how the packs of our own tasks were made: by the task's configuration, else by its first document."""
    for each in files:
        metadata = ((results.get("configs") or {}).get(each.task) or {}).get("metadata") or {}
        said = metadata.get("rest_bench")
        if not isinstance(said, Mapping):
            found = next(_lines(each.path), (0, {}))[1].get("doc")
            said = found if isinstance(found, Mapping) and "pack_id" in found else None
        if said is not None:
            try:
                yield Packed.model_validate({name: said[name] for name in Packed.model_fields if name in said})
            except ValidationError as error:
                raise StoreError(f"{each.path}: says of itself what cannot be ({error.errors()[0]['msg']})") from error


def _sampling(files: list[_File]) -> Sampling:
    """Return the sampling fields of the requests, which must be the same for all tasks."""
    found: dict[str, Sampling] = {}
    for each in files:
        number, line = next(_lines(each.path), (0, {}))
        _, fields = _request(line, f"{each.path}, line {number}")
        if fields.get("until"):
            LOG.warning("%s: replies were cut at %s, which may cut thinking short", each.path, fields["until"])
        found[each.task] = _sampling_of(fields, each.path)
    first, *others = found.values()
    for other in others:
        for name in Sampling.model_fields:
            if getattr(first, name) != getattr(other, name):
                raise StoreError(
                    f"{files[0].path.parent}: its tasks differ in {name} ({getattr(first, name)} and "
                    f"{getattr(other, name)}); a run has one: import one samples file"
                )
    return first


def _sampling_of(fields: Mapping[str, Any], path: Path) -> Sampling:
    is_greedy = fields.get("do_sample") is False or not fields.get("temperature")
    max_tokens = next((fields[name] for name in TOKEN_NAMES if fields.get(name)), DEFAULT_MAX_TOKENS)
    given = {name: fields[name] for name in ("top_p", "top_k", "min_p", "repetition_penalty") if fields.get(name)}
    try:
        return Sampling.model_validate(
            {
                "top_p": 1.0,
                **given,
                "temperature": 0.0 if is_greedy else fields["temperature"],
                "max_tokens": max_tokens,
            }
        )
    except ValidationError as error:
        raise StoreError(f"{path}: its sampling cannot be read ({error.errors()[0]['msg']})") from error


# --- samples ----------------------------------------------------------------------------------------------------------


def _samples(files: list[_File]) -> Iterator[ForeignSample]:
    for each in files:
        seen: set[object] = set()
        for number, line in _lines(each.path):
            where = f"{each.path}, line {number}"
            if (doc_id := line.get("doc_id")) in seen:
                continue  # a line for another filter of the same replies
            seen.add(doc_id)
            yield from _sample(line, where)


def _sample(line: Mapping[str, Any], where: str) -> Iterator[ForeignSample]:
    prompt, _ = _request(line, where)
    doc = line.get("doc")
    own = doc if isinstance(doc, Mapping) and isinstance(doc.get("pack_id"), str) else {}
    replies = line.get("resps")
    if not isinstance(replies, list) or not replies or not isinstance(replies[0], list):
        raise StoreError(f"{where}: holds no `resps`; run lm_eval with --log_samples")
    for repeat, text in enumerate(replies[0]):
        if not isinstance(text, str):
            raise StoreError(f"{where}: a reply is no text, so this is no task that generates")
        yield ForeignSample(where, prompt, own.get("pack_id"), repeat, _reply(text, own, prompt))


def _reply(text: str, own: Mapping[str, Any], prompt: str) -> dict[str, Any]:
    """Return what is known of a reply: its text, and what our own export wrote beside it."""
    if "reply" not in own:
        return {"text": text, "finish_reason": None, "thinking_prefilled": thinking_prefilled(prompt)}
    said = own["reply"]
    n_reasoning = said.get("reasoning_characters")
    return {
        **{name: value for name, value in said.items() if name != "reasoning_characters"},
        "text": text[n_reasoning or 0 :],
        "reasoning": None if n_reasoning is None else text[:n_reasoning],
    }


def _request(line: Mapping[str, Any], where: str) -> tuple[str, dict[str, Any]]:
    """Return the prompt and the generation settings of a logged request."""
    arguments = line.get("arguments")
    if isinstance(arguments, Mapping):
        first = arguments.get("gen_args_0")
        pair = [first.get("arg_0"), first.get("arg_1")] if isinstance(first, Mapping) else []
    else:
        pair = list(arguments[0]) if isinstance(arguments, list) and arguments else []
    if len(pair) < 2 or not isinstance(pair[1], Mapping):
        raise StoreError(
            f"{where}: holds no request with generation settings; only tasks that generate can be imported"
        )
    return _plain(pair[0]), dict(pair[1])


def _plain(context: object) -> str:
    """Return the text of a prompt; chat APIs log the messages as JSON, in a list of one."""
    if isinstance(context, list) and len(context) == 1:
        context = context[0]
    if isinstance(context, str) and context.startswith("["):
        try:
            messages = json.loads(context)
        except (ValueError, RecursionError):
            return context
        if isinstance(messages, list) and all(isinstance(each, Mapping) and "content" in each for each in messages):
            return "\n\n".join(str(each["content"]) for each in messages)
    return context if isinstance(context, str) else ""
