"""The parameters of the simulated reasoner, with the symbols of metrics.md section 10."""

import json
from typing import Literal

from pydantic import ConfigDict, Field, ValidationError

from rest_bench.errors import ConfigError
from rest_bench.schema import Record

SIMULATOR_VERSION = 1
"""Raised when a default, a draw or the text changes: replies made before and after do not mix."""

NEVER = -50.0
"""Log-odds of what does not happen."""

AnswerPlace = Literal["summary", "inline"]
AnswerLabels = Literal["question", "running"]


class SimulatorParameters(Record):
    """What a simulated reasoner is like. Effects are harms: 0 is none, and a positive one lowers the accuracy."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    ability: float = Field(0.5, ge=-20, le=20)
    """theta: log-odds of solving a problem of average difficulty when asked alone."""
    difficulty_sd: float = Field(1.2, ge=0, le=10)
    """Spread of the difficulties b, which are normal around 0 and subtracted from the log-odds."""
    position_effect: float = Field(1.0, ge=-20, le=20)
    """beta: log-odds lost from the first position to the last, in equal steps."""
    load_effect: float = Field(0.1, ge=-20, le=20)
    """delta: log-odds lost at every position for each further problem in the prompt."""
    predecessor_effect: float = Field(0.0, ge=-20, le=20)
    """gamma: log-odds lost for each unit of mean difficulty of the problems before."""
    response_sd: float = Field(0.5, ge=0, le=10)
    """tau: spread of what all answers of one response have in common, in log-odds."""

    log_tokens: float = Field(8.0, ge=2, le=10)
    """Mean log of the tokens that the first solution of a problem of average difficulty takes."""
    log_tokens_by_difficulty: float = Field(0.25, ge=-1, le=1)
    """What a unit of difficulty adds to that log."""
    log_tokens_sd: float = Field(0.5, ge=0, le=1)
    """Spread of that log."""
    overthinking: float = Field(0.8, ge=0, le=20)
    """omega: mean tokens after the first solution as a multiple of those before, exponential."""
    first_overthinking: float = Field(2.0, ge=0, le=20)
    """psi: factor on the overthinking at position 1."""
    compression: float = Field(0.3, ge=-1, le=2)
    """phi: thinking about one problem is level to the power of -phi as long as alone; 1 shares out the same total."""

    omission: float = Field(-4.0, ge=NEVER, le=20)
    """o0: log-odds of leaving out a question, less o1 at position 2; position 1 is never left out; -50 for never."""
    omission_by_position: float = Field(0.8, ge=-20, le=20)
    """o1: what each position adds to these log-odds."""
    silent_omission: float = Field(0.5, ge=0, le=1)
    """zeta: share of the questions left out that get no line in the answer; the others get an empty box."""
    loop_rate: float = Field(0.01, ge=0, le=1)
    """l: chance, for each question, of an endless repetition that eats up the budget."""
    swap_rate: float = Field(0.02, ge=0, le=1)
    """sw: chance that the gold of another question is reported, of the one before in 7 of 10."""
    summary_error_rate: float = Field(0.02, ge=0, le=1)
    """se: chance that a right result is copied wrongly into the answer."""

    mention_rate: float = Field(0.9, ge=0, le=1)
    """mk: share of the questions that the thinking names when it turns to them."""
    restatement_rate: float = Field(0.5, ge=0, le=1)
    """rs: share of the questions that the thinking restates."""
    revisit_rate: float = Field(0.1, ge=0, le=1)
    """rv: share of the questions that the thinking returns to behind the next one; none with inline answers."""
    marker_rate: float = Field(8.0, ge=0, le=50)
    """wr: words such as `Wait,` for each 1000 tokens of filling text."""
    answers: AnswerPlace = "summary"
    """summary: all answers behind all thinking; inline: each behind the thinking about its question."""
    labels: AnswerLabels = "question"
    """question: an answer bears its question's number; running: answers are counted, and an omission shifts them."""


def read_parameters(text: str) -> SimulatorParameters:
    """Return the parameters of a JSON object; what it does not name has its default.

    Raises:
        ConfigError: no parameter has this name, or a value is out of its range.
    """
    try:
        return SimulatorParameters.model_validate_json(text)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        name = fault["loc"][0] if fault["loc"] else "all"
        message = "no such parameter" if fault["type"] == "extra_forbidden" else str(fault["msg"])
        raise ConfigError(
            f"--simulator-parameters, {name}: {message[0].lower()}{message[1:]}; "
            "`rest-bench simulate --help` lists them"
        ) from error


def write_parameters(parameters: SimulatorParameters) -> str:
    """Return the parameters that differ from their defaults as a canonical JSON object."""
    return json.dumps(parameters.model_dump(exclude_defaults=True), sort_keys=True)


def revision_of(parameters: SimulatorParameters) -> str:
    """Return what makes one simulated model another one, as `EngineInfo.revision`: version and parameters, as JSON."""
    own = {"version": SIMULATOR_VERSION, **parameters.model_dump(exclude_defaults=True)}
    return json.dumps(own, sort_keys=True)


def parameters_of(revision: str) -> SimulatorParameters:
    """Return the parameters of a run from the revision in its manifest.

    Raises:
        ConfigError: the run was made by another version of the simulator.
    """
    own = json.loads(revision)
    if own.pop("version") != SIMULATOR_VERSION:
        raise ConfigError(f"the run was simulated by another version than {SIMULATOR_VERSION}: its truth is not known")
    return SimulatorParameters.model_validate(own)
