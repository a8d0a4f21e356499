"""The settings of `rest-bench simulate`: the reasoner, the problems, and how they are asked."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from rest_bench.schema import DesignName
from rest_bench.simulation.parameters import SimulatorParameters
from rest_bench.simulation.problems import SimulatedTask, SimulatedType


class SimulationSettings(SimulatorParameters):
    """Every flag of `rest-bench simulate`; those of the reasoner have the symbols of docs/metrics.md section 10."""

    scenario: str | None = None
    """A named reasoner that the other settings change, such as null, position or budget."""
    problems: int = Field(60, ge=1, le=100_000)
    """How many numbered problems are made up."""
    answer_type: SimulatedType = "integer"
    """Of the problems made up: numbers, or four options."""
    exam_order: bool = False
    """List the problems from easy to hard."""
    tasks: tuple[str, ...] = ()
    """Ask these tasks instead of problems made up; their difficulties are drawn, too."""
    data_dir: Path | None = None
    """Where the data files of these tasks lie."""
    levels: tuple[Annotated[int, Field(ge=1)], ...] = Field((1, 3, 5), min_length=1)
    """How many problems share a prompt."""
    repeats: int = Field(4, ge=1)
    """Generations per pack."""
    design: DesignName = "cyclic"
    """The rule that makes packs."""
    seed: int = 0
    """Of problems, packs and all draws."""
    max_tokens: int = Field(20_000, ge=1)
    """B: budget of one response in tokens, which are words here."""
    out: Path = Path("runs/simulated")
    """The run folder; the problems made up are kept in it."""

    latents: Path | None = None
    """Write what is true of every slot, drawn or following from it, as JSON lines into this file."""

    @property
    def parameters(self) -> SimulatorParameters:
        """The reasoner alone."""
        return SimulatorParameters(**{name: getattr(self, name) for name in SimulatorParameters.model_fields})

    @property
    def task(self) -> SimulatedTask:
        """The problems to be made up."""
        return SimulatedTask(self.problems, self.answer_type, self.exam_order, self.seed, self.difficulty_sd)
