"""The metrics of a run, as summary.json has them (docs/metrics.md)."""

from typing import Self

from rest_bench.schema.base import SCHEMA_VERSION, DesignName, FrozenMap, Record
from rest_bench.schema.runs import Dressing
from rest_bench.schema.samples import Sampling


class Estimate(Record):
    """A number with its question-clustered uncertainty; null where it is undefined."""

    value: float | None
    se: float | None
    ci: tuple[float, float] | None
    """95 % interval."""


class Counts(Record):
    """How much a level holds."""

    n_packs: int
    """Packs with at least one response."""
    n_slots: int
    n_questions: int
    """Clusters of the standard errors."""
    repeats: int


class Accuracy(Record):
    """How often answers are right, by several readings, and against level 1 (metrics.md 5.1, 5.2, 5.12, 6.1)."""

    accuracy: Estimate
    """Answers matched to questions by label; every slot counts in the denominator."""
    accuracy_strict: Estimate
    """Only answers in the required format."""
    accuracy_paper: Estimate
    """The paper's reading: k-th box to question k, unfinished thinking included."""
    accuracy_extractor: Estimate
    """The answers that a second model listed (`score --extractor-model`); null where none read them."""
    readings_differ: float
    """Share of slots that are correct by one of label, strict and paper and not by another."""
    drop: Estimate
    """Accuracy at level 1 minus accuracy here, paired by question; null without level 1."""
    retention: float | None
    """Accuracy here over accuracy at level 1."""
    completion: float | None
    """Share of slots with an answer."""
    conditional_accuracy: float | None
    """Accuracy among slots with an answer."""
    all_correct: float | None
    """Share of responses with every slot correct."""


class Positions(Record):
    """Accuracy by the place of the question in its pack (5.4, 5.5)."""

    position_accuracy: tuple[float, ...]
    """By position 1..s; their mean is `accuracy`."""
    position_slope: float | None
    """Change of accuracy from one position to the next, by least squares; null for one position."""
    primacy: float | None
    """Accuracy at position 1 minus the mean of the others; null for one position."""
    recency: float | None
    """Accuracy at the last position minus the mean of those between first and last; null for fewer than three."""
    load_effect: float | None
    """Accuracy at level 1 minus that at position 1 here; null without level 1 and at level 1."""


class Flips(Record):
    """The same questions alone and under stress, as expected shares of questions in [0, 1] (5.6)."""

    loss: float | None
    """Mean over questions of the chance to be right alone and wrong here; null without level 1 and at level 1."""
    gain: float | None
    """The same the other way round."""
    loss_by_chance: float | None
    """What `loss` would be without any effect of stress; null for one generation a question at level 1."""


class Outcomes(Record):
    """What became of slots and responses (section 4, 6.5)."""

    outcomes: FrozenMap[float]
    """Outcome to share of slots; sums to 1."""
    found_by: FrozenMap[float]
    """Reading to share of slots; sums to 1."""
    truncation_rate: float | None
    """Share of responses that hit the token limit."""


class Tokens(Record):
    """How long prompts and responses are."""

    prompt_tokens: float | None
    """Mean per response."""
    completion_tokens: float | None
    """Mean per response."""
    response_thinking_tokens: float | None
    """Median per response."""


class Allocation(Record):
    """How thinking is shared out over the questions of a pack (7.6 to 7.8, 7.11); null where no response tells."""

    thinking_tokens: tuple[float | None, ...]
    """Medians by position 1..s, over the responses whose thinking could be divided surely; null without any."""
    segmentation_sure: float | None
    """Share of the slots with thinking whose response could be divided surely; null without thinking."""
    first_share_ratio: float | None
    """s times the first question's share of its response's thinking tokens, mean; 1 is an even share (7.6)."""
    reach: tuple[float | None, ...]
    """Share of responses, by position, whose thinking reached the question: at least 20 tokens (7.11)."""
    abandonment: float | None
    """Reach of the first position minus that of the last; null for one position (7.11)."""
    allocation_entropy: float | None
    """Evenness of the shares of a response's thinking, mean; 1 is even, 0 all on one; null for one position (7.6)."""
    allocation_gini: float | None
    """Unevenness of the shares, in [0, (s - 1) / s], mean; 0 is even; null for one position (7.6)."""
    allocation_gini_normalised: float | None
    """The same in [0, 1] whatever the level (7.6)."""
    compression: float | None
    """Tokens of a question here over its tokens at level 1, median over questions; null without or at level 1 (7.7)."""
    first_position_compression: float | None
    """The same of questions at position 1 (7.7)."""
    allocation_difficulty: float | None
    """Rank correlation, within a response, of tokens with difficulty (1 - accuracy at level 1), mean; above 0, harder
    questions get more thinking; null for fewer than three positions (7.8)."""
    allocation_difficulty_given_position: float | None
    """The same beyond what the position explains: the partial correlation of ranks pooled over responses (7.8)."""


class Efficiency(Record):
    """How much of the thinking led to answers (7.1 to 7.5); null where no response tells."""

    first_correct_tokens: float | None
    """Thinking tokens of a question up to the first right answer in it, median over slots that have one (7.1)."""
    post_solution_share: float | None
    """Share of the thinking after the first right answer, mean over slots that have one; lower is better (7.1)."""
    outcome_efficiency: float | None
    """Share of the thinking up to the first right answer, 0 without one, mean; higher is better (7.2)."""
    process_efficiency: float | None
    """Share of the thinking in rounds that repeat no earlier one, mean; higher is better (7.3)."""
    underthinking: float | None
    """Of slots that are not correct: share of the thinking after a right answer in it, 0 without one, mean; lower is
    better (7.4)."""
    auc_oaa: float | None
    """Accuracy weighted by brevity: correct times 1 - tokens / (token limit / s), at least 0, mean; higher is better
    (7.5)."""


class Reflection(Record):
    """Doubt, changes of approach and endless repetition (7.9, 7.10); compare within one model."""

    marker_rate: float | None
    """Words of doubt at clause starts per 1000 thinking tokens (7.9)."""
    thought_switches: float | None
    """Turns to another approach by question thought about, mean (7.9)."""
    thought_length: float | None
    """Thinking tokens from one such turn to the next, mean (7.9)."""
    loop_rate: float | None
    """Share of responses that end in an endless repetition (7.10)."""
    loop_onset_tokens: float | None
    """Tokens of a response before its repetition began, median over those that end in one (7.10)."""


class TraceCredit(Record):
    """What the thinking had found and the reply did not report (4, 6.4); null where no thinking states an answer."""

    accuracy_trace: Estimate
    """Accuracy if a slot without an answer took the last one that its thinking states."""
    forfeiture: float | None
    """accuracy_trace - accuracy: answers found and never reported; lower is better."""
    summary_harmful: float | None
    """Of the slots with the outcome `summary`, the share whose thinking stated the right answer last."""


class LevelSummary(
    TraceCredit, Reflection, Efficiency, Allocation, Tokens, Outcomes, Flips, Positions, Accuracy, Counts
):
    """The metrics of one task at one level: those of every family (the first base comes last in the file)."""

    @classmethod
    def of(cls, *families: Record) -> Self:
        """Return the metrics of a level put together from its families."""
        return cls(**{name: value for family in families for name, value in family})


class TaskSummary(Record):
    """The metrics of one task over its levels."""

    levels: FrozenMap[LevelSummary]
    """Keyed by the level as text."""
    single: Estimate
    """Accuracy at level 1."""
    stress: Estimate
    """Unweighted mean of the accuracies at `stress_levels`."""
    stress_levels: tuple[int, ...]
    """The levels above 1 that the run holds: compare `stress` only between runs with equal ones."""
    drop: Estimate
    """single minus stress, paired by question."""
    retention: float | None
    """stress over single."""
    auc: float | None
    """Area under the accuracy over the levels, divided by their range; null for fewer than two levels."""
    half_stress_level: float | None
    """Where half of `single` is left, between levels by a straight line; null where it never comes to that."""
    decay_rate: float | None
    """Slope of -log(accuracy) over level - 1; null for fewer than two levels with anything right."""


class OverallSummary(Record):
    """Unweighted means over tasks; null where any task lacks the number."""

    tasks: tuple[str, ...]
    single: float | None
    stress: float | None
    drop: float | None


class SummaryConfig(Record):
    """The settings that every number of a summary depends on."""

    design: DesignName
    seed: int
    sampling: Sampling
    dressing: Dressing = Dressing()
    extractor: str | None = None
    """The second model that listed answers, or null."""
    partial: bool
    """The run used `--limit`, or lacks responses."""


class Summary(Record):
    """summary.json: the metrics of a run."""

    schema_version: int = SCHEMA_VERSION
    model: str
    engine: str
    config: SummaryConfig
    tasks: FrozenMap[TaskSummary]
    overall: OverallSummary
