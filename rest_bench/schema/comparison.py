"""Two runs side by side, as `rest-bench compare --json` prints them (docs/comparing.md)."""

from typing import Literal

from rest_bench.schema.base import SCHEMA_VERSION, FrozenMap, Record
from rest_bench.schema.summary import Estimate, OrderEffect

ComparisonVerdict = Literal["better", "worse", "higher", "lower", "no evidence", "underpowered"]
"""What is said of run B against run A; `higher` and `lower` of numbers of which neither is good in itself."""
Direction = Literal["higher", "lower", "neither"]
"""What is good of a number."""
Unit = Literal["share", "ratio", "tokens"]
Role = Literal["compared", "confounds", "condition", "score again", "restricted", "harmless"]
"""What a difference between two manifests does to the numbers.

- `compared`: it is what the comparison is about
- `confounds`: it changes replies beside what is compared
- `condition`: how the same replies came about; it may change one in its last digits
- `score again`: the replies were read or judged by other rules
- `restricted`: it is made up for by comparing only what both runs have
- `harmless`: it is not expected to change any reply
"""


class ManifestDifference(Record):
    """A field in which two manifests differ."""

    field: str
    """By the name that the user knows it under."""
    a: str | None
    """Null where it is not set."""
    b: str | None
    role: Role


class ComparedRun(Record):
    """One of the two runs."""

    path: str
    model: str
    engine: str
    partial: bool
    """The run used `--limit`, or lacks responses."""


class ComparedMetric(Record):
    """One number of run A and of run B, over what both have."""

    a: float | None
    b: float | None
    difference: Estimate
    """B minus A, paired and clustered by question; null where either is undefined."""
    p_value: float | None
    """Of the difference against none."""
    p_value_holm: float | None
    """The same, adjusted for the number of levels of the task; equal to it for a number of the whole task."""
    n_questions: int
    direction: Direction
    unit: Unit
    verdict: ComparisonVerdict | None
    """Null where the difference is."""
    questions_needed: int | None
    """To find a difference as small as the smallest one of interest in four of five such comparisons; null where it
    cannot be said."""
    undefined: str | None = None
    """Why the difference is null."""


class ComparedLevel(Record):
    """One task at one level, over what both runs have."""

    paired_by: Literal["pack", "question"]
    """`pack`: the same packs stand on both sides; `question`: the same questions, in packs of their own."""
    n_questions: int
    n_slots: tuple[int, int]
    """Compared, of A and of B; so are all pairs of numbers here."""
    n_packs: tuple[int, int]
    left_out_packs: tuple[int, int]
    left_out_questions: tuple[int, int]
    repeats: tuple[int, int]
    """That each run holds."""
    ungraded: tuple[int, int]
    """Compared slots that the judge failed at; they count as not correct."""
    errors: tuple[int, int]
    """Compared slots that the engine failed at; they count as not correct."""
    metrics: FrozenMap[ComparedMetric]
    only_right: tuple[int, int] | None
    """Questions that only A has right, and only B; null where a question has more than one answer in a run."""
    mcnemar_p_value: float | None
    """Of these two numbers against equal ones."""
    correlation: float | None
    """Of the accuracies of a question in both runs; the higher, the more the pairing gains."""
    order_effect: OrderEffect | None
    """Where the runs differ in nothing but `easy-first` and `hard-first`."""


class ComparedTask(Record):
    """One task, over what both runs have."""

    stress_levels: tuple[int, ...]
    metrics: FrozenMap[ComparedMetric]
    """Of the whole task: single, stress, drop, retention."""
    levels: FrozenMap[ComparedLevel]
    """Keyed by the level as text."""


class Comparison(Record):
    """Run B against run A."""

    schema_version: int = SCHEMA_VERSION
    a: ComparedRun
    b: ComparedRun
    same_folder: bool
    smallest_effect: float
    """The smallest difference of interest: of shares and ratios as it stands, of tokens as a share of them."""
    differences: tuple[ManifestDifference, ...]
    cautions: tuple[str, ...]
    """What to know before the numbers are read, most important first."""
    left_out: tuple[str, ...]
    """What only one run has."""
    tasks: FrozenMap[ComparedTask]


class ChangedQuestion(Record):
    """A question that the two runs answer differently, over all compared slots of it."""

    task: str
    problem_id: str
    n_slots: int
    """Of the run with fewer."""
    right_a: float
    """Share of right answers."""
    right_b: float
