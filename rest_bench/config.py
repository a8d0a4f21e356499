"""RunConfig, defined once: every flag of `rest-bench eval`, every key of a run file, and their defaults."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError

from rest_bench.errors import ConfigError
from rest_bench.schema import DesignName, Record, Sampling

DEFAULT_TASK = "arithmetic"
DEFAULT_BATCH_SIZE = 16


class RunConfig(Record):
    """What to evaluate and how. Fields, flags and run-file keys share their names (`--max-tokens` is `max_tokens`)."""

    model: str
    """A folder, a hub id, or a name to report for replayed responses."""
    tasks: tuple[str, ...] = (DEFAULT_TASK,)
    """Names of packaged tasks or paths of task files."""
    levels: tuple[int, ...] = ()
    """How many problems share a prompt; empty: each task's own levels."""
    repeats: int | None = Field(None, ge=1)
    """Generations per pack; null: each task's own number."""
    engine: str = "auto"
    """One of the engines that `rest-bench doctor` lists, or auto."""
    design: DesignName = "cyclic"
    """The rule that makes packs."""
    seed: int = 0
    """Of packing and of every sample."""
    limit: int | None = Field(None, ge=1)
    """Only the first N problems of each task; the run is marked partial."""
    data_dir: Path | None = None
    """Where the data files of tasks lie; `$REST_BENCH_DATA` if null."""
    out: Path | None = None
    """The run folder; runs/MODEL if null."""
    resume: bool = True
    """Go on with the samples that the folder lacks."""
    dry_run: bool = False
    """Say what would be asked, without loading the model."""

    max_tokens: int = Field(Sampling().max_tokens, ge=1)
    """Output budget of one sample in tokens, thinking included."""
    temperature: float = Field(Sampling().temperature, ge=0)
    """0 is greedy decoding."""
    top_p: float = Field(Sampling().top_p, gt=0, le=1)
    top_k: int = Field(Sampling().top_k, ge=0)
    """0 switches it off."""
    min_p: float = Field(Sampling().min_p, ge=0, le=1)
    repetition_penalty: float = Field(Sampling().repetition_penalty, gt=0)

    responses: Path | None = None
    """replay: a JSONL file with pack_id, text and finish_reason."""
    revision: str | None = None
    """transformers: branch, tag or commit of a hub model."""
    device: str = "auto"
    """transformers: auto, cpu, cuda, cuda:1, mps."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """transformers: auto is bfloat16 on accelerators that have it, else float32."""
    batch_size: int = Field(DEFAULT_BATCH_SIZE, ge=1)
    """transformers: samples generated together; halved when memory runs out."""
    trust_remote_code: bool = False
    """transformers: run Python code that comes with the model."""

    @property
    def sampling(self) -> Sampling:
        """The sampling fields of this run."""
        return Sampling(**{name: getattr(self, name) for name in Sampling.model_fields})
