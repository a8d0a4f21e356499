"""Questions with their gold answers, and the tasks that they come in."""

from pydantic import Field

from rest_bench.schema.base import AnswerType, FrozenMap, Record


class Option(Record):
    """One choice of a multiple-choice problem."""

    letter: str = Field(pattern="^[A-Z]$")
    text: str


class CodeTest(Record):
    """One hidden test of a programming problem."""

    input: str
    """Standard input of a program, or the JSON-encoded arguments of a function, one per line."""
    output: str
    """Expected standard output, or the JSON-encoded return value."""


class Problem(Record):
    """One question with its gold answer."""

    id: str
    """Unique within its task."""
    question: str
    gold: str
    answer_type: AnswerType
    options: tuple[Option, ...] = ()
    """Choice only: the options in the order in which they are shown."""
    starter_code: str | None = None
    """Code only: the skeleton shown to the model, or null where the program reads standard input."""
    fn_name: str | None = None
    """Code only: the function that the tests call, or null where the program reads standard input."""
    tests: tuple[CodeTest, ...] = ()
    """Code only."""
    difficulty: float | None = None
    """Higher is harder; on the task's own named scale."""
    metadata: FrozenMap[str] = Field(default_factory=dict, validate_default=True)


class Task(Record):
    """A set of problems from one source, with the settings it is evaluated under."""

    name: str
    title: str
    answer_type: AnswerType
    levels: tuple[int, ...]
    """Stress levels evaluated by default, ascending."""
    repeats: int
    """Generations per pack by default."""
    template: str
    """Name of the template, or its path beside the task file."""
    template_source: str
    """The template's jinja2 text: one file is one whole prompt."""
    problems: tuple[Problem, ...]
    licence: str | None = None
    citation: str | None = None
    difficulty_source: str | None = None
    """What `Problem.difficulty` was measured with; frozen and named so that an order effect can be reproduced."""
    option_order: str | None = None
    """Choice only: the rule (and seed) that ordered the options."""
    source: str
    """Where the problems were read from, for people: a path, or a hub id with its revision."""
    file_sha256: str
    """Of the task file."""
    data_sha256: str
    """Of the problems as read (ids, questions, golds, options, tests), whatever file format carried them."""
