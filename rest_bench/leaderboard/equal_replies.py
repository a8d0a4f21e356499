"""Submissions that hold each other's replies under other names: pointed out on both, and refused on neither.

Two models that sample do not write the same long texts. Greedy runs of one base model may, so people have to judge.
The work grows with the number of submissions and not with its square: each is known by a few hundred hashes.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import nsmallest
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from rest_bench.leaderboard.answers_file import ANSWERS, DamagedAnswersError, read_lines
from rest_bench.leaderboard.names import name_key
from rest_bench.schema import SubmissionHead, SubmittedSample

MOST_ITEMS = 256
"""Hashes of one kind that a submission is known by."""
LEAST_EQUAL = 5
LEAST_SHARE = 0.2
"""Of the replies that both have to a prompt: fewer equal ones are not pointed out."""
MOST_NAMED = 5
"""Other submissions that one is compared with for each equal reply, and that are named."""
LONG_CHARACTERS, LONG_CHARACTERS_A_QUESTION = 100, 40
"""Without blanks: a text beyond these says more than its answers."""
WRONG_CHARACTERS_A_QUESTION, WRONG_ANSWERS = 15, 2
"""A shorter one tells whose it is where so many of its answers are wrong: right ones are alike in all good models."""
LEAST_THINKING_TOKENS = 20


class KnownThinking(BaseModel):
    """Of `ThinkingClaim`, what a reply is known by."""

    model_config = ConfigDict(frozen=True)

    sha256: str | None
    tokens: int | None


class KnownSample(BaseModel):
    """Of `SubmittedSample`, what a reply is known by: the rest, which is most of it, is not read."""

    model_config = ConfigDict(frozen=True)

    prompt_sha256: str
    text: str
    finish_reason: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    correct: tuple[bool, ...]
    thinking: KnownThinking


class Item(NamedTuple):
    """One reply, as a hash."""

    prompt: str
    reply: str


class Replies(NamedTuple):
    """What the replies of a submission are known by, whatever name they go under."""

    model: str
    submission_id: str
    n_samples: int
    whole: str
    """A hash of what was asked and answered, with the tokens that it took."""
    texts: frozenset[Item]
    """Of final texts that tell whose they are, those whose prompts have the smallest hashes."""
    thinking: frozenset[Item]
    """The same of the thinking, whose hash a submission claims."""


class Equal(NamedTuple):
    """Another submission with the same replies."""

    model: str
    submission_id: str
    share: float
    """Of the replies compared; 1 where all that is in both files is equal."""
    whole: bool

    def __str__(self) -> str:
        """Return it as a sentence about the submission at hand."""
        what = "All its samples" if self.whole else f"{self.share:.0%} of its replies, of those that were compared,"
        return (
            f"{what} are equal to those of {self.model} ({self.submission_id}): models that sample do not write the "
            "same texts, greedy runs of one base model may."
        )


def make_replies(submission: SubmissionHead, samples: Iterable[SubmittedSample | KnownSample]) -> Replies:
    """Return what a submission's replies are known by."""
    whole, n_samples = hashlib.sha256(), 0
    texts: list[Item] = []
    thinking: list[Item] = []
    for sample in samples:
        n_samples += 1
        whole.update(repr(_fields(sample)).encode("utf-8", "surrogatepass"))
        prompt, text = sample.prompt_sha256[:12], "".join(sample.text.split())
        if _tells(text, sample.correct):
            texts.append(Item(prompt, hashlib.sha256(f"{prompt}{text}".encode()).hexdigest()[:16]))
        if sample.thinking.sha256 is not None and (sample.thinking.tokens or 0) >= LEAST_THINKING_TOKENS:
            own = f"{prompt}{sample.thinking.sha256}"
            thinking.append(Item(prompt, hashlib.sha256(own.encode()).hexdigest()[:16]))
    return Replies(
        submission.model,
        submission.submission_id,
        n_samples,
        whole.hexdigest(),
        frozenset(nsmallest(MOST_ITEMS, texts)),
        frozenset(nsmallest(MOST_ITEMS, thinking)),
    )


def read_replies(folder: Path, submission: SubmissionHead) -> Replies | None:
    """Return what a submission's replies are known by; null where there are none, or they cannot be read."""
    if submission.answers is None:
        return None
    try:
        lines = read_lines(folder / ANSWERS, submission.answers)
        return make_replies(submission, (KnownSample.model_validate_json(line) for _, line in lines))
    except (DamagedAnswersError, ValidationError):
        return None


def find_equal(all_replies: Sequence[Replies | None]) -> list[tuple[Equal, ...]]:
    """Return for each submission the others, under other names, that hold the same replies; the most equal first."""
    holders: dict[str, list[int]] = {}
    found: list[dict[int, Equal]] = [{} for _ in all_replies]
    for place, replies in enumerate(all_replies):
        if replies is None:
            continue
        counts: Counter[int] = Counter()
        for key in (replies.whole, *(item.reply for item in (*replies.texts, *replies.thinking))):
            others = holders.setdefault(key, [])
            counts.update(dict.fromkeys(others, LEAST_EQUAL if key == replies.whole else 1))
            if len(others) < MOST_NAMED:
                others.append(place)
        for other in (other for other, count in counts.items() if count >= LEAST_EQUAL):
            _note(found, all_replies, place, other)
    return [tuple(sorted(each.values(), key=lambda one: -one.share)[:MOST_NAMED]) for each in found]


def _note(found: list[dict[int, Equal]], all_replies: Sequence[Replies | None], place: int, other: int) -> None:
    one, two = all_replies[place], all_replies[other]
    if one is None or two is None or name_key(one.model) == name_key(two.model):
        return
    whole = one.whole == two.whole
    share = equal_share(one, two)
    if share >= LEAST_SHARE:
        found[place][other] = Equal(two.model, two.submission_id, share, whole)
        found[other][place] = Equal(one.model, one.submission_id, share, whole)


def equal_share(one: Replies, two: Replies) -> float:
    """Return which share of the replies that two submissions are known by, to prompts of both, is equal."""
    if one.whole == two.whole:
        return 1.0
    return max(_share(one.texts, two.texts), _share(one.thinking, two.thinking))


def _share(one: frozenset[Item], two: frozenset[Item]) -> float:
    """Return which share of the replies to prompts that both were asked are equal; 0 where too few are."""
    prompts = {item.prompt for item in one} & {item.prompt for item in two}
    n_equal = len(one & two)
    n_compared = min(sum(item.prompt in prompts for item in side) for side in (one, two))
    return n_equal / n_compared if n_equal >= LEAST_EQUAL else 0.0


def _fields(sample: SubmittedSample | KnownSample) -> tuple[object, ...]:
    return (
        sample.prompt_sha256,
        sample.text,
        sample.finish_reason,
        sample.prompt_tokens,
        sample.completion_tokens,
        sample.thinking.sha256,
        sample.thinking.tokens,
    )


def _tells(text: str, correct: Sequence[bool]) -> bool:
    """Return whether two models would hardly both write this, blanks aside."""
    level = len(correct)
    if len(text) >= LONG_CHARACTERS + LONG_CHARACTERS_A_QUESTION * level:
        return True
    return len(text) >= WRONG_CHARACTERS_A_QUESTION * level and level - sum(correct) >= WRONG_ANSWERS
