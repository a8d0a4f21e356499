"""lm-evaluation-harness 0.4 and 0.5: results_DATE.json and samples_TASK_DATE.jsonl of one model, by its tracker.

A line that cannot be read, and a reply that is no text, cost themselves and not the import; both are counted.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from rest_bench.engines.arguments import recorded_arguments, weights_format_of
from rest_bench.engines.lm_eval_loading import WITHOUT_EFFECT
from rest_bench.errors import StoreError
from rest_bench.importing.foreign import ForeignLog, ForeignSample, Packed
from rest_bench.importing.lm_eval_files import SamplesFile, find_samples, raw_lines, read_results
from rest_bench.parsing import thinking_prefilled
from rest_bench.schema import Dressing, EngineInfo, Response, Sampling

LOG = logging.getLogger(__name__)

DEFAULT_MAX_TOKENS = 256
"""Of lm-eval, where a task says nothing."""
TOKEN_NAMES = ("max_gen_toks", "max_new_tokens", "max_tokens", "max_completion_tokens")


class _Line(NamedTuple):
    """One line of a samples file."""

    where: str
    doc_id: object
    own: Mapping[str, Any]
    """The document, if it is one of our own tasks."""
    prompt: str
    fields: Mapping[str, Any]
    """How replies were generated."""
    replies: tuple[object, ...]
    """Not all of them need be text."""


def open_lm_eval_log(path: Path) -> ForeignLog:
    """Read what a folder of lm-eval says of its samples.

    Args:
        path: the folder of one model (OUTPUT_PATH/MODEL), or one above it that holds no other; or a samples file.

    Raises:
        StoreError: there are no samples, they are of several models, or a file cannot be read.
    """
    files = find_samples(path)
    results = read_results(files)
    own = results.get("rest_bench")
    first = {each.path: _first_line(each.path) for each in files}
    sampling = _sampling(first)
    dressing = Dressing(system_prompt=_text(results.get("system_instruction")))
    info = _info(results, files[0].path)
    try:
        if isinstance(own, Mapping):  # of our own export: nothing of the run is lost
            info = EngineInfo.model_validate(own["engine"])
            sampling, dressing = Sampling.model_validate(own["sampling"]), Dressing.model_validate(own["dressing"])
    except (ValidationError, KeyError) as error:
        raise StoreError(f"{files[0].path.parent}: its results file holds no readable run ({error})") from error
    said: set[Path] = set()
    return ForeignLog(
        path=path,
        info=info,
        sampling=sampling,
        dressing=dressing,
        packed=tuple(_packed(files, first, results)),
        samples=lambda: _samples(files, said),
    )


# --- what it says of itself -------------------------------------------------------------------------------------------


def _info(results: Mapping[str, Any], path: Path) -> EngineInfo:
    config = _mapping(results.get("config"))
    arguments = config.get("model_args")
    if isinstance(arguments, str):
        arguments = dict(part.partition("=")[::2] for part in arguments.split(",") if part)
    arguments = _mapping(arguments)
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


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _packed(files: list[SamplesFile], first: Mapping[Path, _Line], results: Mapping[str, Any]) -> Iterator[Packed]:
    """Yield how the packs of our own tasks were made: by the task's configuration, else by its first document."""
    configs = _mapping(results.get("configs"))
    for each in files:
        said = _mapping(_mapping(configs.get(each.task)).get("metadata")).get("rest_bench")
        if not isinstance(said, Mapping):
            said = first[each.path].own or None
        if said is not None:
            try:
                yield Packed.model_validate({name: said[name] for name in Packed.model_fields if name in said})
            except ValidationError as error:
                raise StoreError(f"{each.path}: says of itself what cannot be ({error.errors()[0]['msg']})") from error


def _sampling(first: Mapping[Path, _Line]) -> Sampling:
    """Return the sampling fields of the requests, which must be the same for all tasks."""
    found: list[Sampling] = []
    for path, line in first.items():
        if line.fields.get("until"):
            LOG.warning("%s: replies were cut at %s, which may cut thinking short", path, line.fields["until"])
        found.append(_sampling_of(line.fields, path))
    one, *others = found
    for other in others:
        for name in Sampling.model_fields:
            if getattr(one, name) != getattr(other, name):
                raise StoreError(
                    f"{next(iter(first)).parent}: its tasks differ in {name} ({getattr(one, name)} and "
                    f"{getattr(other, name)}); a run has one: import one samples file"
                )
    return one


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


# --- lines ------------------------------------------------------------------------------------------------------------


def _lines(path: Path, said: set[Path] | None = None) -> Iterator[_Line]:
    """Yield the lines that can be read.

    Args:
        path: of a samples file.
        said: files whose damage was said already; null: to say nothing.

    Raises:
        StoreError: no line can be read, or no reply is text; the sentence is of the first.
    """
    damaged: list[StoreError] = []
    silent: StoreError | None = None
    has_text = False
    for number, raw in raw_lines(path):
        try:
            line = _read_line(raw, f"{path}, line {number}")
        except StoreError as error:
            damaged.append(error)
            continue
        has_text = has_text or any(isinstance(reply, str) for reply in line.replies)
        silent = silent or _no_text(line)
        yield line
    if not has_text and (fault := silent or next(iter(damaged), None)) is not None:
        raise fault
    if damaged and said is not None and path not in said:
        said.add(path)
        LOG.warning("%s: %d lines are left out; the first: %s", path, len(damaged), damaged[0])


def _first_line(path: Path) -> _Line:
    first = next(_lines(path), None)
    if first is None:
        raise StoreError(f"{path}: holds no sample")
    return first


def _read_line(raw: bytes, where: str) -> _Line:
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise StoreError(f"{where}: is not JSON ({error}); lm-eval writes one object a line") from error
    if not isinstance(line, dict):
        raise StoreError(f"{where}: is no JSON object")
    prompt, fields = _request(line, where)
    doc = _mapping(line.get("doc"))
    own = doc if isinstance(doc.get("pack_id"), str) else {}
    return _Line(where, line.get("doc_id"), own, prompt, fields, _replies(line.get("resps")))


def _request(line: Mapping[str, Any], where: str) -> tuple[str, Mapping[str, Any]]:
    """Return the prompt and the generation settings of a logged request."""
    arguments = line.get("arguments")
    if isinstance(arguments, Mapping):
        first = _mapping(arguments.get("gen_args_0"))
        pair: object = [first.get("arg_0"), first.get("arg_1")]
    else:
        pair = arguments[0] if isinstance(arguments, list) and arguments else None
    if not isinstance(pair, list) or len(pair) < 2 or not isinstance(pair[1], Mapping):
        raise StoreError(
            f"{where}: holds no request with generation settings; only tasks that generate can be imported"
        )
    return _plain(pair[0]), pair[1]


def _plain(context: object) -> str:
    """Return the text of a prompt; chat APIs log the messages, or their JSON, or that in a list of one."""
    if isinstance(context, list) and len(context) == 1 and isinstance(context[0], str):
        context = context[0]
    messages = context
    if isinstance(context, str) and context.startswith("["):
        try:
            messages = json.loads(context)
        except (ValueError, RecursionError):
            return context
    if isinstance(messages, list) and all(isinstance(each, Mapping) and "content" in each for each in messages):
        return "\n\n".join(str(each["content"]) for each in messages)
    return context if isinstance(context, str) else ""


def _replies(logged: object) -> tuple[object, ...]:
    """Return the replies to a document: a list of them for its one request, or in older logs the list alone."""
    if not isinstance(logged, list) or not logged:
        return (None,)
    replies = logged[0] if isinstance(logged[0], list) else logged
    return tuple(replies) or (None,)


def _no_text(line: _Line) -> StoreError | None:
    """Return what is said of a line without any text, where its file holds none at all."""
    if any(isinstance(reply, str) for reply in line.replies):
        return None
    if all(reply is None for reply in line.replies):
        return StoreError(f"{line.where}: holds no `resps`; run lm_eval with --log_samples")
    return StoreError(f"{line.where}: a reply is no text, so this is no task that generates")


# --- samples ----------------------------------------------------------------------------------------------------------


def _samples(files: list[SamplesFile], said: set[Path]) -> Iterator[ForeignSample]:
    for each in files:
        seen: set[str] = set()
        for line in _lines(each.path, said):
            doc_id = line.where if line.doc_id is None else json.dumps(line.doc_id)
            if doc_id in seen:
                continue  # a line for another filter of the same replies
            seen.add(doc_id)
            for repeat, reply in enumerate(line.replies):
                yield ForeignSample(line.where, line.prompt, line.own.get("pack_id"), repeat, _reply(reply, line))


def _reply(reply: object, line: _Line) -> dict[str, Any]:
    """Return what is known of a reply: its text, and what our own export wrote beside it."""
    if not isinstance(reply, str):
        shown = "null" if reply is None else f"a {type(reply).__name__}"
        return {"text": "", "finish_reason": "error", "error": f"lm-eval logged {shown} in place of a reply"}
    if "reply" not in line.own:
        return {"text": reply, "finish_reason": None, "thinking_prefilled": thinking_prefilled(line.prompt)}
    said = dict(_mapping(line.own["reply"]))
    n_reasoning = said.pop("reasoning_characters", None)
    split = n_reasoning if isinstance(n_reasoning, int) else 0
    fields = {**said, "text": reply[split:], "reasoning": None if n_reasoning is None else reply[:split]}
    place = dict.fromkeys(("sample_id", "pack_id", "task"), "")
    try:
        Response.model_validate({**place, "level": 1, "repeat": 0, **fields})
    except ValidationError as error:
        fault = error.errors()[0]
        raise StoreError(f"{line.where}: doc.reply.{fault['loc'][0]}: {fault['msg']}") from error
    return fields
