"""What was read for a slot, and how it was judged."""

from pydantic import Field

from rest_bench.schema.base import DesignName, FinishReason, FoundBy, Outcome, Record

REACHED_TOKENS = 20
"""Thinking tokens from which a question counts as worked on (tau_omit of metrics.md section 4)."""


class Candidate(Record):
    """A value that the thinking about a question states: an answer that it had, for a while or to the end."""

    text: str
    """As stated; for `choice` the capital letter."""
    tokens: int | None
    """Thinking tokens spent on the question up to the end of the statement; null without a count."""


class Answer(Record):
    """What was read for one slot, before anything is known of the gold."""

    pack_id: str
    repeat: int
    position: int = Field(ge=1)
    problem_id: str
    text: str | None
    """The answer read by labels, or null; for `choice` the capital letter, for `code` the program."""
    found_by: FoundBy
    strict: bool
    """The answer stood in the required format: a box, or for `choice` an explicit answer line."""
    paper: str
    """The k-th box of the reply, read as the paper's code reads it (reading.md rule 16)."""
    thinking_tokens: int | None = None
    """Of the whole response."""
    segment_tokens: int | None = None
    """Thinking tokens spent on this slot, 0 where the thinking never reached it; null without thinking or a count."""
    segmentation_sure: bool | None = None
    """The thinking says clearly enough which part of it is about which question; null without thinking."""
    tokens_estimated: bool = False
    """Thinking tokens were shared out by characters, as the engine gave no tokens per line."""
    looped: bool = False
    """The response ends in an endless repetition (metrics.md 7.10)."""
    unfinished: bool = False
    """The response thought, and said nothing after it."""
    loop_onset_tokens: int | None = None
    """Tokens of the response before that repetition began; null without a repetition or a count."""
    candidates: tuple[Candidate, ...] = ()
    """The first statement of each value in the thinking about this question, in order, and the last one (7.1)."""
    markers: int | None = None
    """Words of doubt at clause starts in the thinking about this question; null where it is not surely known (7.9)."""
    switches: int | None = None
    """Turns to another approach in it; null where it is not surely known (7.9)."""
    distinct_tokens: int | None = None
    """Tokens of it in rounds that repeat no earlier one; null where it is not surely known, or not counted (7.3)."""


class Score(Record):
    """The judgement of one slot; one row of scores.parquet."""

    task: str
    level: int
    design: DesignName
    pack_id: str
    repeat: int
    position: int
    problem_id: str
    gold: str
    answer: str | None
    found_by: FoundBy
    outcome: Outcome
    correct: bool
    correct_strict: bool
    correct_paper: bool | None
    """Null where the paper reading could not be judged."""
    answer_paper: str
    answer_extractor: str | None = None
    """What a second model listed (found_by `extractor`), or null."""
    correct_extractor: bool | None = None
    """Null where no second model read the response, or its answer could not be judged."""
    finish_reason: FinishReason | None
    prompt_tokens: int | None
    completion_tokens: int | None
    thinking_tokens: int | None
    segment_tokens: int | None = None
    """Thinking tokens spent on this slot, 0 where the thinking never reached it; null without thinking or a count."""
    first_correct_tokens: int | None = None
    """Of these up to the first statement of a right answer (7.1); null where none is found."""
    swapped_from: int | None = None
    """Position of the slot whose gold the wrong answer equals, the nearest of several; null where there is none."""
    swap_candidates: int | None = None
    """Other slots with a gold unlike the own one; null unless a wrong answer to an open question was read."""
    swap_chance: float | None = None
    """Of these, how many the wrong answer would equal by chance, as it equals golds outside the pack (5.7)."""
    aligned_position: int | None = None
    """Position of the gold that this answer meets where answers and golds are laid side by side in order (5.8)."""
    answer_trace: str | None = None
    """The last answer that the thinking about this question states; null where none is found (6.4)."""
    correct_trace: bool | None = None
    """That answer is right; null without one, or where it could not be judged."""
    markers: int | None = None
    """Words of doubt at clause starts in the thinking about this question; null where it is not surely known (7.9)."""
    switches: int | None = None
    """Turns to another approach in it; null where it is not surely known (7.9)."""
    distinct_tokens: int | None = None
    """Tokens of it in rounds that repeat no earlier one; null where it is not surely known, or not counted (7.3)."""
    looped: bool = False
    """The response ends in an endless repetition (7.10)."""
    unfinished: bool = False
    """The response thought, and said nothing after it."""
    loop_onset_tokens: int | None = None
    """Tokens of the response before that repetition began; null without a repetition or a count."""
    tokens_estimated: bool
    segmentation_sure: bool | None = None
    """The thinking says clearly enough which part of it is about which question; null without thinking."""
    seed: int | None
