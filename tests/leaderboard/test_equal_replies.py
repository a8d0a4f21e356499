"""Copied answers under another name are found, and honest ones are not taken for copies."""

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from rest_bench.leaderboard.answers_file import ANSWERS, read_answers
from rest_bench.leaderboard.equal_replies import MOST_NAMED, Equal, Replies, find_equal, make_replies, read_replies
from rest_bench.schema import SubmittedSample, ThinkingClaim
from tests.leaderboard.boards import read_submission

COMMITTED = Path(__file__).parents[2] / "leaderboard" / "submissions"
NANO, SMOL = sorted(COMMITTED.glob("*/*"), key=lambda path: path.parent.name, reverse=True)

Change = Callable[[int, SubmittedSample], SubmittedSample]


def sample(number: int, text: str, correct: tuple[bool, ...] = (True,), thinking: str | None = None) -> SubmittedSample:
    return SubmittedSample(
        pack_id=f"{number:016x}",
        prompt_sha256=f"{random.Random(number).getrandbits(256):064x}",
        text=text,
        finish_reason="stop",
        prompt_tokens=10,
        completion_tokens=20,
        seed=None,
        correct=correct,
        thinking=ThinkingClaim(
            sha256=None if thinking is None else f"{random.Random(thinking).getrandbits(256):064x}",
            tokens=None if thinking is None else 100,
            tokens_estimated=False,
            segmentation_sure=None,
            looped=False,
            loop_onset_tokens=None,
            slots=(),
        ),
    )


def replies(model: str, samples: list[SubmittedSample]) -> Replies:
    submission = read_submission(NANO)
    return make_replies(
        submission.model_copy(update={"model": model, "submission_id": f"{hash(model) % 16**16:016x}"}), samples
    )


@cache
def answers_of(folder: Path) -> list[SubmittedSample]:
    submission = read_submission(folder)
    assert submission.answers is not None
    return list(read_answers(folder / ANSWERS, submission.answers))


def copied(folder: Path, model: str, change: Change = lambda _number, each: each) -> Replies:
    """Return the replies of a committed submission under another name, each sample changed."""
    submission = read_submission(folder)
    samples = [change(number, each) for number, each in enumerate(answers_of(folder))]
    return make_replies(submission.model_copy(update={"model": model, "submission_id": "c" * 16}), samples)


@cache
def own(folder: Path) -> Replies:
    found = read_replies(folder, read_submission(folder))
    assert found is not None
    return found


def changed_thinking(_number: int, each: SubmittedSample) -> SubmittedSample:
    return each.model_copy(update={"thinking": each.thinking.model_copy(update={"sha256": "0" * 64})})


def another_blank(number: int, each: SubmittedSample) -> SubmittedSample:
    return changed_thinking(number, each.model_copy(update={"text": f" {each.text}\n"}))


def most_texts(number: int, each: SubmittedSample) -> SubmittedSample:
    """Two of three samples are the forger's own."""
    return (
        each if number % 3 == 0 else changed_thinking(number, each.model_copy(update={"text": f"{number}{each.text}"}))
    )


CHANGES: dict[str, Change] = {
    "nothing": lambda _number, each: each,
    "the hash of all thinking": changed_thinking,
    "blanks": another_blank,
    "two of three samples": most_texts,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("folder", [NANO, SMOL], ids=["with thinking", "without"])
def test_a_copy_under_another_name_is_found_on_both_rows(folder: Path, change: Change) -> None:
    other = SMOL if folder is NANO else NANO
    of_original, of_honest, of_copy = find_equal([own(folder), own(other), copied(folder, "org/copy", change)])
    assert [each.model for each in of_original] == ["org/copy"]
    assert [each.model for each in of_copy] == [own(folder).model]
    assert of_honest == ()
    assert of_copy[0].whole == of_original[0].whole == (change is CHANGES["nothing"])
    assert of_copy[0].share == of_original[0].share >= 0.2


def test_honest_submissions_are_not_pointed_out() -> None:
    assert find_equal([own(NANO), own(SMOL)]) == [(), ()]


def test_the_same_model_may_be_submitted_again() -> None:
    assert find_equal([own(NANO), copied(NANO, own(NANO).model)]) == [(), ()]
    assert find_equal([own(NANO), copied(NANO, own(NANO).model.upper())]) == [(), ()]


def test_right_answers_alone_are_alike_in_all_good_models() -> None:
    texts = [
        f"Answer to Q1: \\boxed{{{n}}}\nAnswer to Q2: \\boxed{{{n + 1}}}\nAnswer to Q3: \\boxed{{7}}" for n in range(90)
    ]
    one = [sample(number, text, (True,) * 3, f"mine {number}") for number, text in enumerate(texts)]
    two = [sample(number, text, (True,) * 3, f"yours {number}") for number, text in enumerate(texts)]
    assert find_equal([replies("org/one", one), replies("org/two", two)]) == [(), ()]


def test_the_same_wrong_answers_are_not() -> None:
    texts = [
        f"Answer to Q1: \\boxed{{{n}}}\nAnswer to Q2: \\boxed{{{n + 1}}}\nAnswer to Q3: \\boxed{{7}}" for n in range(90)
    ]
    one = [sample(number, text, (False, False, True), f"mine {number}") for number, text in enumerate(texts)]
    two = [sample(number, text, (False, False, True), f"yours {number}") for number, text in enumerate(texts)]
    (of_one, of_two) = find_equal([replies("org/one", one), replies("org/two", two)])
    assert [each.share for each in (*of_one, *of_two)] == [1.0, 1.0]


@pytest.mark.parametrize("n_equal", [0, 4, 9, 25, 100])
def test_a_few_equal_replies_are_chance_and_a_fifth_is_none(n_equal: int) -> None:
    one = [sample(number, f"reasons of one {number} " * 20) for number in range(100)]
    two = [sample(number, f"reasons of two {number} " * 20) for number in range(100)]
    two[:n_equal] = one[:n_equal]
    of_one, _ = find_equal([replies("org/one", one), replies("org/two", two)])
    assert [each.share for each in of_one] == ([n_equal / 100] if n_equal >= 20 else [])


def test_one_more_problem_each_is_compared_over_what_both_were_asked() -> None:
    one = [sample(number, f"reasons {number} " * 20) for number in range(2000)]
    of_one, _ = find_equal([replies("org/one", one), replies("org/two", one[:1000])])
    assert [each.share for each in of_one] == [1.0]


def test_numbers_alone_have_no_replies(submission: Path) -> None:
    assert read_replies(submission, read_submission(submission).model_copy(update={"answers": None})) is None
    assert find_equal([None, own(NANO), None]) == [(), (), ()]


def test_damaged_answers_have_no_replies(submission: Path) -> None:
    (submission / ANSWERS).write_bytes(b"other")
    assert read_replies(submission, read_submission(submission)) is None


def test_many_copies_name_a_few_of_each_other() -> None:
    """Work and words stay bounded where one file of answers is submitted under hundreds of names."""
    first = own(NANO)
    found = find_equal([first._replace(model=f"org/model-{number}") for number in range(400)])
    assert {len(each) for each in found} == {MOST_NAMED}


def test_it_is_said_in_a_sentence() -> None:
    assert str(Equal("org/a", "1" * 16, 1.0, True)).startswith("All its samples are equal to those of org/a (1111")
    assert str(Equal("org/a", "1" * 16, 0.254, False)).startswith(
        "25% of its replies, of those that were compared, are "
    )
