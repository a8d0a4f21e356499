"""RunConfig, defined once: every flag of `rest-bench eval`, every key of a run file, and their defaults."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationError

from rest_bench.errors import ConfigError
from rest_bench.schema import DesignName, Dressing, Record, Sampling

DEFAULT_TASK = "arithmetic"
LONGEST_FOLDER_NAME = 255
"""In bytes, as file systems have it."""

Settings = TypeVar("Settings", bound=Record)


def _json_object(value: object) -> object:
    """Return the canonical JSON text of a mapping, or of the JSON text of one."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise ValueError('must be a JSON object, such as {"enable_thinking": false}') from error
    if not isinstance(value, Mapping):
        raise ValueError("must be a mapping, written as a JSON object on the command line")
    return json.dumps(dict(value), sort_keys=True, ensure_ascii=False)


def _on_or_off(value: object) -> object:
    """Undo what YAML makes of a bare on and off."""
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else value


def _check_name(name: str) -> str:
    if not name.strip() or any(unicodedata.category(sign) == "Cc" for sign in name):
        raise ValueError("must be a name on one line, without control characters")
    return name


JsonObject = Annotated[str, BeforeValidator(_json_object)]
"""Canonical JSON text of an object: unlike a dict it cannot change, and it is equal where its content is."""


class RunConfig(Record):
    """What to evaluate and how. Fields, flags and run-file keys share their names (`--max-tokens` is `max_tokens`)."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    model: Annotated[str, AfterValidator(_check_name)] = Field(min_length=1)
    """A model or a LoRA adapter, as a folder or a hub id; rest-nano, which comes along; or a name to report."""
    tasks: tuple[str, ...] = Field((DEFAULT_TASK,), min_length=1)
    """Names of packaged tasks or paths of task files, with commas between."""
    levels: tuple[Annotated[int, Field(ge=1)], ...] = ()
    """How many problems share a prompt, such as 1,3,5; each task's own levels if not given."""
    repeats: int | None = Field(None, ge=1)
    """Generations per pack; each task's own number if not given."""
    engine: str = "auto"
    """One of the engines that `rest-bench doctor` lists, or auto."""
    design: DesignName = "cyclic"
    """The rule that makes packs."""
    seed: int = 0
    """Of packing and of every sample."""
    limit: int | None = Field(None, ge=1)
    """Only the first N problems of each task; the run is marked partial."""
    data_dir: Path | None = None
    """Where the data files of tasks lie; $REST_BENCH_DATA if not given."""
    out: Path | None = None
    """The run folder; runs/MODEL if not given."""
    resume: bool = True
    """Go on with the samples that the folder lacks."""
    shard: str | None = Field(None, pattern=r"^[1-9][0-9]*/[1-9][0-9]*$")
    """i/N: only part i of N of every level, into a folder of its own; `rest-bench merge` joins the parts."""
    dry_run: bool = False
    """Say what would be asked, whether it fits and how long it takes, without loading the model."""
    tracker: Literal["jsonl", "mlflow", "trackio", "wandb"] | None = None
    """Send the numbers of the scored run to this tracker."""
    tracker_project: str | None = None
    """With --tracker: the project or experiment that they go to; of jsonl the file."""
    tokens_per_s: float | None = Field(None, gt=0)
    """With --dry-run: the speed that the time is estimated from, all requests together."""

    profile: str = "auto"
    """How this family of models wants to be asked: auto by the model's name, none, a name, or a YAML file."""
    thinking: Annotated[Literal["on", "off"] | None, BeforeValidator(_on_or_off)] = None
    """Switch the model's thinking, in the way that its profile says; the model's own default if not given."""
    reasoning_effort: str | None = None
    """How much a model with effort levels thinks, such as low, medium or high."""
    system_prompt: str | None = None
    """A system message before every prompt; the protocol has none."""
    chat_template_kwargs: JsonObject = "{}"
    """Variables of the model's chat template as a JSON object, such as {"enable_thinking": false}."""

    max_tokens: int = Field(Sampling().max_tokens, ge=1)
    """Output budget of one sample in tokens, thinking included."""
    temperature: float = Field(Sampling().temperature, ge=0)
    """0 is greedy decoding."""
    top_p: float = Field(Sampling().top_p, gt=0, le=1)
    """Nucleus sampling: the share of probability that is kept."""
    top_k: int = Field(Sampling().top_k, ge=0)
    """Tokens that are kept; 0 switches it off."""
    min_p: float = Field(Sampling().min_p, ge=0, le=1)
    """Least probability kept, relative to the most probable token; 0 switches it off."""
    repetition_penalty: float = Field(Sampling().repetition_penalty, gt=0)
    """1 switches it off."""

    engine_args: JsonObject = "{}"
    """Settings of an engine that another package adds, as a JSON object."""
    lm_eval_model: str | None = None
    """lm-eval: which of its models generates, such as hf, vllm or local-chat-completions."""
    lm_eval_args: JsonObject = "{}"
    """lm-eval: the arguments of that model as a JSON object, such as {"dtype": "bfloat16"}."""
    lm_eval_slice_size: int = Field(64, ge=1)
    """lm-eval: samples that are handed to that model together; they are on disk when all of them are finished."""
    responses: Path | None = None
    """replay: a JSONL file with pack_id, text and finish_reason."""
    simulator_parameters: JsonObject = "{}"
    """simulator: its parameters as a JSON object, such as {"position_effect": 2}; `rest-bench simulate --help`."""
    base_url: tuple[str, ...] = ()
    """openai: the address of a server, such as http://localhost:8000/v1; give several to share the work."""
    concurrency: int = Field(128, ge=1)
    """openai: requests in flight, over all addresses."""
    timeout_s: float = Field(14_400, gt=0)
    """openai: how long one request may take; long thinking needs hours."""
    max_retries: int = Field(8, ge=0)
    """openai: how often a request is sent again after 429, 5xx or a broken connection, with growing pauses."""
    api_key_env: str = "OPENAI_API_KEY"
    """openai: the environment variable that holds the key; keys are never written anywhere."""
    extra_body: JsonObject = "{}"
    """openai: further fields of every request as a JSON object."""
    trust_endpoint: bool = False
    """openai: take it for the same model although it says or answers something else than before; it is recorded."""
    tensor_parallel_size: int = Field(1, ge=1)
    """vllm: GPUs that share one copy of the model."""
    pipeline_parallel_size: int = Field(1, ge=1)
    """vllm: groups of GPUs that each hold some of the layers."""
    data_parallel_size: int = Field(1, ge=1)
    """vllm: copies of the model that share the requests."""
    enable_expert_parallel: bool = False
    """vllm: spread the experts of a mixture over the GPUs instead of splitting each."""
    max_model_len: int | None = Field(None, ge=1)
    """vllm: tokens of prompt and reply together; what the longest prompt and --max-tokens need if not given."""
    max_num_seqs: int | None = Field(None, ge=1)
    """vllm: requests that run at once; vLLM's own choice if not given."""
    quantization: str | None = None
    """vllm: how the weights are quantized, such as fp8; what the model's own files say if not given."""
    kv_cache_dtype: str = "auto"
    """vllm: precision of the cache of keys and values, such as fp8."""
    deterministic: bool = False
    """vllm: batch-invariant kernels: a reply does not depend on what else runs; slower, GPUs only."""
    gpu_memory_utilization: float | None = Field(None, gt=0, le=1)
    """vllm: share of the device's memory to take; 0.9 of a GPU, 0.4 of a CPU's if not given."""
    enforce_eager: bool = False
    """vllm: compile nothing: starts sooner, generates slower."""
    base_model: str | None = None
    """transformers, vllm: the base of a LoRA adapter, a folder or a hub id; the one that it names if not given."""
    revision: str | None = None
    """transformers, vllm: branch, tag or commit of a hub model."""
    device: str = "auto"
    """transformers: auto, cpu, cuda, cuda:1 or mps."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """transformers, vllm: auto is bfloat16 on accelerators that have it, else float32."""
    batch_size: int = Field(16, ge=1)
    """transformers: samples generated together; halved when memory runs out."""
    trust_remote_code: bool = False
    """transformers, vllm: run Python code that comes with the model."""

    @property
    def sampling(self) -> Sampling:
        """The sampling fields of this run."""
        return Sampling(**{name: getattr(self, name) for name in Sampling.model_fields})

    @property
    def dressing(self) -> Dressing:
        """What this run adds to every request."""
        return Dressing(**{name: getattr(self, name) for name in Dressing.model_fields})

    @property
    def run_dir(self) -> Path:
        """The run folder: `out`, or runs/ and the last part of the model's name."""
        return self.out or Path("runs") / folder_name(self.model)


def folder_name(model: str) -> str:
    """Return the last part of a model's name as the name of one folder, which leads nowhere else.

    A name of dots alone is a way to another folder, a backslash is one on Windows, and disks take 255 bytes.
    """
    name = re.sub(r"[\x00-\x1f\x7f\\]", "_", Path(model).name).strip()
    if not name.strip("."):
        return "model"
    if len(name.encode(errors="replace")) <= LONGEST_FOLDER_NAME:
        return name
    kept = name.encode(errors="replace")[: LONGEST_FOLDER_NAME - 40].decode(errors="ignore")
    return f"{kept}-{hashlib.sha256(model.encode(errors='replace')).hexdigest()[:8]}"


def make_config(settings: Mapping[str, object], run_file: Path | None = None) -> RunConfig:
    """Return the RunConfig of a run file overridden by these settings (flags given on the command line).

    Raises:
        ConfigError: the file cannot be read, a key is unknown, or a value is out of range.
    """
    return check_settings(RunConfig, {**read_run_file(run_file), **settings}, settings, run_file)


YAML_TAG_FAULTS = (AttributeError, IndexError, KeyError, TypeError)
"""What PyYAML raises at values that are not what their tag says: `!!timestamp x`, `!!int ""`, `!!bool x`."""
WRONG_TAG = "a value is not what its tag, such as !!int, says; leave the tag out"
YAML_FAULTS = (yaml.YAMLError, ValueError, OverflowError, RecursionError, *YAML_TAG_FAULTS)
"""What reading a file as YAML may raise where the file is at fault."""


def read_run_file(path: Path | None) -> dict[str, object]:
    """Return the settings of a YAML file by the names of their fields; none without a file.

    Raises:
        ConfigError: the file cannot be read, or holds no settings.
    """
    if path is None:
        return {}
    try:
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, *YAML_FAULTS) as error:
        raise ConfigError(f"--config {path}: cannot be read as YAML ({_one_line(error)})") from error
    if not isinstance(settings, dict):
        raise ConfigError(f"--config {path}: must hold `key: value` lines named like the flags, such as `model: ...`")
    return {str(key).replace("-", "_"): value for key, value in settings.items()}


def check_settings(
    kind: type[Settings], merged: Mapping[str, object], given: Mapping[str, object], run_file: Path | None
) -> Settings:
    """Return settings as a record of this kind.

    Args:
        kind: RunConfig, or the settings of another command.
        merged: all settings.
        given: those that were flags; any other one is looked for in the file.
        run_file: where it came from.

    Raises:
        ConfigError: a key is unknown or missing, or a value is out of range.
    """
    try:
        return kind.model_validate(merged)
    except ValidationError as error:
        raise ConfigError(_first_fault(error, given, run_file)) from error


def packaged_dir(name: Literal["leaderboard", "models", "tasks", "templates"]) -> Path:
    """Return the folder of packaged data: in an installed wheel inside the package, in a checkout at its top."""
    package = Path(__file__).parent
    installed = package / "_data" / name
    return installed if installed.is_dir() else package.parent / name


def _first_fault(error: ValidationError, settings: Mapping[str, object], run_file: Path | None) -> str:
    fault = error.errors()[0]
    key = str(fault["loc"][0])
    where = f"--{key.replace('_', '-')}" if key in settings or run_file is None else f"--config {run_file}, key {key}"
    if fault["type"] == "missing":
        return f"{where}: missing; say which model to evaluate"
    if fault["type"] == "extra_forbidden":
        return f"{where}: no such setting; --help lists them all"
    return f"{where}: {fault['msg'][0].lower()}{fault['msg'][1:]} (it is {fault['input']!r})"


def _one_line(error: Exception) -> str:
    return WRONG_TAG if isinstance(error, YAML_TAG_FAULTS) else " ".join(str(error).split())
