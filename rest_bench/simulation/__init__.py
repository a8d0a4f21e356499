"""A simulated reasoner with known parameters: what all that reads and counts is tested against (metrics.md section 10).

`simulate` draws what the reasoner does with a pack, `write_text` writes it down; `--engine simulator` is both.
"""

from rest_bench.simulation.latents import Latents, difficulty_of
from rest_bench.simulation.parameters import (
    SimulatorParameters,
    parameters_of,
    read_parameters,
    revision_of,
    write_parameters,
)
from rest_bench.simulation.text import count_words_by_line, write_text
from rest_bench.simulation.truth import Simulated, Slot, simulate

__all__ = [
    "Latents",
    "Simulated",
    "SimulatorParameters",
    "Slot",
    "count_words_by_line",
    "difficulty_of",
    "parameters_of",
    "read_parameters",
    "revision_of",
    "simulate",
    "write_parameters",
    "write_text",
]
