"""Evaluate a model while it is trained: checkpoints every so many steps, from any loop or from a Trainer."""

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rest_bench.config import RunConfig
from rest_bench.errors import ConfigError
from rest_bench.pipeline import evaluate
from rest_bench.store import Run

if TYPE_CHECKING:
    from transformers import TrainerCallback

Log = Callable[[Run, int], object]
"""Gets a scored run and the step; `trackers.log_run` is made for it."""


class CheckpointEvaluator:
    """Saves and evaluates a model every so many steps.

    Each evaluation is a run of its own, folder/step-000500/run, of the model in folder/step-000500/model. A training
    that is started again goes on with what it finds there. The random numbers of the training stay as they are.

    Args:
        config: what to evaluate and how; its `model` and `out` are set for each step.
        folder: takes models and runs in.
        every_n_steps: evaluate at the multiples of this number.
        log: gets every scored run.

    Raises:
        ConfigError: `every_n_steps` is less than 1.
    """

    def __init__(self, config: RunConfig, folder: Path, *, every_n_steps: int, log: Log | None = None) -> None:
        if every_n_steps < 1:
            raise ConfigError(f"every_n_steps {every_n_steps}: must be 1 or more")
        self._config = config
        self._folder = folder
        self._every_n_steps = every_n_steps
        self._log = log

    def __call__(self, step: int, save: Callable[[Path], object]) -> Run | None:
        """Evaluate at this step, if it is one to evaluate at.

        Args:
            step: counted from 1.
            save: writes model and tokenizer into a folder, as `save_pretrained` does.

        Returns:
            The scored run; null at the other steps.

        Raises:
            RestBenchError: something that the user can mend.
        """
        if step < 1 or step % self._every_n_steps:
            return None
        place = self._folder / f"step-{step:06}"
        save(place / "model")
        return self.evaluate(step, place / "model", place / "run")

    def evaluate(self, step: int, model: Path, out: Path) -> Run:
        """Evaluate a saved model, whatever the step.

        Args:
            step: handed to `log`.
            model: a folder that transformers or vLLM loads.
            out: the run folder.

        Raises:
            RestBenchError: something that the user can mend.
        """
        with keeping_random_state():
            run = evaluate(self._config.model_copy(update={"model": str(model), "out": out}))
        if self._log is not None:
            self._log(run, step)
        return run


def trainer_callback(config: RunConfig, *, log: Log | None = None, every_n_saves: int = 1) -> "TrainerCallback":
    """Return a callback for `transformers.Trainer` that evaluates the checkpoints it saves.

    Every `every_n_saves`-th checkpoint-STEP in the output folder is evaluated, on the main process only, and its run is
    checkpoint-STEP/rest-bench. The Trainer needs the tokenizer (`processing_class`), which it saves beside the model.

    Args:
        config: what to evaluate and how; its `model` and `out` are set for each checkpoint.
        log: gets every scored run.
        every_n_saves: evaluate one in so many.
    """
    from transformers import TrainerCallback

    evaluator = CheckpointEvaluator(config, Path(), every_n_steps=every_n_saves, log=log)

    class RestBenchCallback(TrainerCallback):  # type: ignore[misc]  # transformers has no types here
        """Evaluates checkpoints."""

        def __init__(self) -> None:
            self._n_saves = 0

        def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:  # noqa: ARG002 - its signature
            """Evaluate the checkpoint that was saved just now."""
            self._n_saves += 1
            if state.is_world_process_zero and self._n_saves % every_n_saves == 0:
                checkpoint = Path(args.output_dir) / f"checkpoint-{state.global_step}"
                evaluator.evaluate(state.global_step, checkpoint, checkpoint / "rest-bench")

    return RestBenchCallback()


@contextmanager
def keeping_random_state() -> Iterator[None]:
    """Leave the random numbers of Python, NumPy and PyTorch as they were: an evaluation changes no training."""
    python, numpy, torch = random.getstate(), sys.modules.get("numpy"), sys.modules.get("torch")
    of_numpy = None if numpy is None else numpy.random.get_state()
    of_torch = None if torch is None else torch.random.get_rng_state()
    of_devices = torch.cuda.get_rng_state_all() if torch is not None and torch.cuda.is_available() else []
    try:
        yield
    finally:
        random.setstate(python)
        if numpy is not None:
            numpy.random.set_state(of_numpy)
        if torch is not None:
            torch.random.set_rng_state(of_torch)
            if of_devices:
                torch.cuda.set_rng_state_all(of_devices)
