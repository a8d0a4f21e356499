"""The metrics of a run, as summary.json has them (docs/metrics.md)."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field

from rest_bench.schema.base import SCHEMA_VERSION, DesignName, FrozenMap, Record
from rest_bench.schema.runs import Dressing
from rest_bench.schema.samples import Sampling


class Estimate(Record):
    """A number with its question-clustered uncertainty; null where it is undefined."""

    value: float | None
    se: float | None
    ci: tuple[float, float] | None
    """95 % interval."""


class Family(Record):
    """Metrics that belong together and come from one function, and why those of them that are null are so."""

    undefined: FrozenMap[str] = Field(default_factory=dict, validate_default=True)
    """Name of a null metric to the reason, one short sentence."""

    @classmethod
    def all_undefined(cls, why: str) -> Self:
        """Return the family with every metric null, for one reason."""
        nothing = Estimate(value=None, se=None, ci=None)
        names = [name for name in cls.model_fields if name != "undefined"]
        nulls = {name: nothing if cls.model_fields[name].annotation is Estimate else None for name in names}
        return cls.model_validate({**nulls, "undefined": dict.fromkeys(names, why)})

    @classmethod
    def explained(cls, undefined: Mapping[str, str], **metrics: Any) -> Self:
        """Return the family with the reasons for those of its metrics that are null.

        Args:
            undefined: the reason of every metric that may be null; those of metrics that are not are left out.
            metrics: by name.
        """
        nulls = {
            name: why
            for name, why in undefined.items()
            if (value := metrics[name]) is None or (isinstance(value, Estimate) and value.value is None)
        }
        return cls.model_validate({**metrics, "undefined": nulls})


class Counts(Record):
    """How much a level holds."""

    n_packs: int
    """Packs with at least one response."""
    n_slots: int
    n_questions: int
    """Clusters of the standard errors."""
    repeats: int


class Accuracy(Family):
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
    retention: Estimate
    """Accuracy here over accuracy at level 1, paired by question; null where nothing is right at level 1."""
    retention_above_chance: Estimate
    """The same with the accuracy of a guess taken off both: 0 is no better than guessing, less is worse (5.2)."""
    completion: float | None
    """Share of slots with an answer."""
    conditional_accuracy: float | None
    """Accuracy among slots with an answer."""
    all_correct: float | None
    """Share of responses with every slot correct."""


class Positions(Family):
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


class Flips(Family):
    """The same questions alone and under stress, as expected shares of questions in [0, 1] (5.6)."""

    loss: float | None
    """Mean over questions of the chance to be right alone and wrong here; null without level 1 and at level 1."""
    gain: float | None
    """The same the other way round."""
    loss_by_chance: float | None
    """What `loss` would be without any effect of stress; null for one generation a question at level 1."""
    drop_by_outcome: FrozenMap[float] | None
    """Outcome to its part in `loss`, all but `correct`: these sum to `loss`, and to the drop once `gain` is off."""


class Swaps(Family):
    """Answers that went to another question of the pack (5.7, 5.8); of letters and programs nothing is said."""

    n_swap_eligible: int
    """Wrong answers with another slot in the pack whose gold is unlike their own."""
    swap_rate: Estimate
    """Share of these that equal the gold of another slot."""
    swap_excess: Estimate
    """The same above what chance explains: 0 is chance, 1 is the most; null where no gold is outside the packs."""
    swap_lags: FrozenMap[int]
    """How far away that other slot is (-1: the one before) to the number of such answers."""
    index_shift_gain: float | None
    """Accuracy that laying answers and golds side by side in order would add: the most that a shift explains."""


class Outcomes(Family):
    """What became of slots and responses (section 4, 6.5)."""

    outcomes: FrozenMap[float]
    """Outcome to share of slots; sums to 1."""
    found_by: FrozenMap[float]
    """Reading to share of slots; sums to 1."""
    truncation_rate: float | None
    """Share of responses that hit the token limit."""
    capped_rate: float = Field(0.0, exclude_if=lambda rate: rate == 0)
    """Of responses cut off below the run's token limit: by the context, or by a limit of the server."""
    unanswered_rate: float = Field(0.0, exclude_if=lambda rate: rate == 0)
    """Of responses that were not cut off and hold thinking alone; neither is written where it is 0."""


class Tokens(Family):
    """How long prompts and responses are."""

    prompt_tokens: float | None
    """Mean per response."""
    completion_tokens: float | None
    """Mean per response."""
    response_thinking_tokens: float | None
    """Median per response."""


class Allocation(Family):
    """How thinking is shared out over the questions of a pack (7.6 to 7.8, 7.11); null where no response tells."""

    thinking_tokens: tuple[float, ...] | None
    """Medians by position 1..s, over the responses whose thinking could be divided surely; null without any."""
    segmentation_sure: float | None
    """Share of the slots with thinking whose response could be divided surely; null without thinking."""
    first_share_ratio: Estimate
    """s times the first question's share of its response's thinking tokens, mean; 1 is an even share (7.6)."""
    reach: tuple[float, ...] | None
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


class Efficiency(Family):
    """How much of the thinking led to answers (7.1 to 7.5); null where no response tells."""

    first_correct_tokens: float | None
    """Thinking tokens of a question up to the first right answer in it, median over slots that have one (7.1)."""
    post_solution_share: Estimate
    """Share of the thinking after the first right answer, mean over slots that have one; lower is better (7.1)."""
    outcome_efficiency: Estimate
    """Share of the thinking up to the first right answer, 0 without one, mean; higher is better (7.2)."""
    process_efficiency: Estimate
    """Share of the thinking in rounds that repeat no earlier one, mean; higher is better (7.3)."""
    underthinking: Estimate
    """Of slots that are not correct: share of the thinking after a right answer in it, 0 without one, mean; lower is
    better (7.4)."""
    auc_oaa: Estimate
    """Accuracy weighted by brevity: correct times 1 - tokens / (token limit / s), at least 0, mean; higher is better
    (7.5)."""


class Reflection(Family):
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


class TraceCredit(Family):
    """What the thinking had found and the reply did not report (4, 6.4); null where no thinking states an answer."""

    accuracy_trace: Estimate
    """Accuracy if a slot without an answer took the last one that its thinking states."""
    forfeiture: float | None
    """accuracy_trace - accuracy: answers found and never reported; lower is better."""
    summary_harmful: float | None
    """Of the slots with the outcome `summary`, the share whose thinking stated the right answer last."""


class PositionEffect(Family):
    """How the odds of a right answer change from the first position to the last, question by question (5.5)."""

    position_logit: Estimate
    """Change of the log odds from position 1 to s, by conditional likelihood; null where it has no finite estimate."""
    position_logit_questions: int | None
    """Questions it rests on: right at one place and wrong at another."""
    position_logit_dropped: int | None
    """Questions that are always right or always wrong, which say nothing of it."""


class JointSuccess(Family):
    """Do the answers of a response stand or fall together (5.12); null where no prompt was answered twice."""

    independent_success: float | None
    """What `all_correct` would be if the slots of a prompt were independent; null for fewer replies than slots."""
    joint_excess: float | None
    """Share of responses with every slot correct minus `independent_success`, over the same prompts."""
    pair_excess: float | None
    """The same for two slots of a response, mean over the pairs: their covariance."""
    response_correlation: float | None
    """Correlation of two slots of a response, at most 1: above 0 good and bad responses, below 0 a trade-off."""


class Selection(Family):
    """Accuracy among answered slots against the same questions alone (6.1)."""

    selection_drop: Estimate
    """Accuracy at level 1 of the questions of the answered slots minus `conditional_accuracy`."""


class BudgetUse(Family):
    """How much of their budgets the responses use (6.5)."""

    budget_use: float | None
    """Completion tokens over the budget of the prompt, mean over the responses."""


class Budget(Family):
    """How much of the drop the token limit explains (6.2, 6.3); null without level 1, and at level 1.

    Replies to single questions, one after the other in the order of the pack, are cut off at the pack's budget. They
    are counted either as they end (`budget_...`) or, as a summary at the end of all of them would be, only where all
    of them fit (`..._at_end`): the truth lies between.
    """

    budget_cut_accuracy: float | None
    """Accuracy of single replies that are cut off at a slot's even share of the budget."""
    budget_accuracy: float | None
    """Accuracy of the replies laid end to end."""
    budget_position_accuracy: tuple[float, ...] | None
    """By position 1..s; their mean is `budget_accuracy`."""
    budget_drop: Estimate
    """Accuracy at level 1 minus `budget_accuracy`: what the limit alone costs."""
    residual_drop: Estimate
    """`budget_accuracy` minus accuracy: the rest of the drop; below 0 the model saves tokens under stress."""
    budget_accuracy_at_end: float | None
    budget_position_accuracy_at_end: tuple[float, ...] | None
    budget_drop_at_end: Estimate
    residual_drop_at_end: Estimate


class Neighbours(Family):
    """What the other questions of a pack do to a question, by how hard they are and how they were answered (5.9, 5.10).

    All but error propagation need a design that blends the neighbours: `shuffled`, or for some `mixed`.
    """

    predecessor_effect: Estimate
    """Change of the log odds from predecessors that are always right at level 1 to such that never are; < 0 hurts."""
    successor_effect: Estimate
    """The same of the questions after it."""
    predecessor_slope: Estimate
    """The same of the predecessors as a change of accuracy, at equal question and position; null without repeats."""
    predecessor_tokens_effect: Estimate
    """Change of the log odds for 1000 thinking tokens more on each predecessor; null where they were not counted."""
    error_propagation: Estimate
    """Accuracy after a wrong answer minus after a right one, of the same question; below 0 errors spread."""
    error_propagation_raw: float | None
    """The same over all questions together: also below 0 where hard questions follow hard ones."""
    interference_sd: float | None
    """How much single predecessors differ in what they do to a question's accuracy (SD, sampling noise taken off)."""
    interference_pairs: int | None
    """Pairs of question and predecessor it rests on, with four prompts or more each with and without."""


class OrderEffect(Family):
    """The same questions with the easy ones first against the hard ones first, from two runs (5.11)."""

    order_effect: Estimate
    """Accuracy with the easy ones first minus with the hard ones first, paired by prompt; above 0 easy first helps."""
    order_effect_prompts: int | None
    """Prompts, of equal questions, that both runs answered."""


class Certainty(Family):
    """How sure accuracy and drop are, and what more repeats or questions would change (section 8)."""

    standard_errors: FrozenMap[float | None]
    """Of the accuracy, if these belong together: `slot` nothing, `question` the slots of a question (every interval
    here), `two_way` those of a question or a pack, `neighbours` questions near each other in the data; `sampling`
    is the noise of another run on the same questions."""
    effective_slots: float | None
    """Of how many independent answers the accuracy is worth (8.4)."""
    drop_p_value: float | None
    """Of the drop against none, paired by question: by flipped signs up to 50 questions, else by t (8.3)."""
    drop_correlation: float | None
    """Of the accuracies of a question alone and here; the higher, the more the pairing gains."""
    mcnemar_p_value: float | None
    """The same where every question has one answer alone and one here (5.6)."""
    detectable_drop: float | None
    """The smallest true drop that four of five such runs find (8.7)."""
    pass_at_k: FrozenMap[float] | None
    """k to the chance that any of k answers is right, to a question at one position of one prompt (8.5)."""
    pass_hat_k: FrozenMap[float] | None
    """k to the chance that all of k answers are right."""
    variance_components: FrozenMap[float] | None
    """Of a slot, by what they come from (8.6): question, position, question_position, response, residual."""


class LevelSummary(
    Certainty,
    Neighbours,
    Budget,
    BudgetUse,
    Selection,
    JointSuccess,
    PositionEffect,
    TraceCredit,
    Reflection,
    Efficiency,
    Allocation,
    Tokens,
    Swaps,
    Outcomes,
    Flips,
    Positions,
    Accuracy,
    Counts,
):
    """The metrics of one task at one level: those of every family (the first base comes last in the file)."""

    @classmethod
    def of(cls, *families: Record) -> Self:
        """Return the metrics of a level put together from its families, with the reasons of all null ones."""
        metrics = {name: value for family in families for name, value in family if name != "undefined"}
        reasons = [family.undefined for family in families if isinstance(family, Family)]
        return cls(**metrics, undefined={name: why for undefined in reasons for name, why in undefined.items()})


class TaskSummary(Family):
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
    retention: Estimate
    """stress over single, paired by question."""
    retention_above_chance: Estimate
    """The same with the accuracy of a guess taken off both; equal to `retention` for open questions and programs."""
    auc: float | None
    """Area under the accuracy over the levels, divided by their range; null for fewer than two levels."""
    half_stress_level: float | None
    """Where half of `single` is left, between levels by a straight line; null where it never comes to that."""
    decay_rate: float | None
    """Slope of -log(accuracy) over level - 1; null for fewer than two levels with anything right."""
    drop_p_value: float | None
    """Of the drop against none, paired by question (8.3)."""
    drop_p_values_holm: FrozenMap[float | None]
    """Of the drops at the levels above 1, adjusted for their number by Holm's rule (8.8)."""
    drop_bootstrap: tuple[float, float] | None
    """95 % interval of the drop by the bootstrap over questions, bias-corrected and accelerated (8.3)."""
    detectable_drop: float | None
    """The smallest true drop that four of five such runs find (8.7)."""
    accuracy_band: FrozenMap[tuple[float, float] | None]
    """Intervals of the accuracies by level that hold all together in 95 % (8.8)."""


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
    variant: str = Field("", exclude_if=lambda variant: not variant)
    """How the model was changed when it was loaded, such as `fp8 weights`; empty, and then not written, for the model
    itself."""
    extractor: str | None = None
    """The second model that listed answers, or null."""
    scorer_version: str | None = None
    """Of the rules that the replies were read and judged by; null in older files."""
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
