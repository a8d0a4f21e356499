import pytest

from rest_bench.showing import ShownSamples, show_samples
from rest_bench.showing.samples import LONGEST_REPLY_BYTES
from rest_bench.showing.shortening import blocks_bytes
from rest_bench.store import Run
from tests.pages import REPLIES, hostile_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return hostile_run(tmp_path_factory.mktemp("run") / "run")


@pytest.fixture(scope="module")
def shown(run: Run) -> ShownSamples:
    return show_samples(run)


def test_all_samples_of_a_small_run_are_shown_in_its_order(run: Run, shown: ShownSamples) -> None:
    assert [sample.pack_id for sample in shown.samples] == [record.pack_id for record in run.pack_records()]
    assert shown.n_samples == 8
    assert len(shown.problems) == 4


def test_a_sample_has_the_scores_of_its_slots(shown: ShownSamples) -> None:
    first, second = shown.samples[4].slots
    assert (first.answer, first.gold, first.outcome) == ("2", "1", "swapped")
    assert second.answer == "99"
    assert {type(slot.segment_tokens) for sample in shown.samples for slot in sample.slots} <= {int, type(None)}


def test_the_place_of_each_answer_is_marked(shown: ShownSamples) -> None:
    marked = {
        part.numbers: part.head for block in shown.samples[4].blocks if not block.is_thinking for part in block.parts
    }
    assert (marked[(1,)], marked[(2,)]) == ("\\boxed{2}", "\\boxed{99}")
    assert all(slot.is_marked for slot in shown.samples[4].slots)
    assert not any(slot.is_marked for slot in shown.samples[7].slots), "it was cut off"


def test_the_thinking_is_given_to_its_questions(shown: ShownSamples) -> None:
    thinking = shown.samples[4].blocks[0]
    assert thinking.is_thinking
    assert {part.numbers for part in thinking.parts} >= {(1,), (2,)}


def test_a_whole_reply_is_shown_unless_it_is_long(shown: ShownSamples) -> None:
    text = "".join(part.head for block in shown.samples[4].blocks for part in block.parts)
    assert text == REPLIES[0]
    long = shown.samples[6]
    assert blocks_bytes(long.blocks) <= LONGEST_REPLY_BYTES
    assert sum(part.left_out for block in long.blocks for part in block.parts) > 800_000


def test_a_large_run_shows_some_samples_and_says_of_how_many(run: Run) -> None:
    few = show_samples(run, most_samples=3, reply_bytes=2000)
    assert (len(few.samples), few.n_samples) == (3, 8)
    assert sum(blocks_bytes(sample.blocks) for sample in few.samples) <= 2500
    assert {sample.pack_id for sample in few.samples} == {
        sample.pack_id for sample in show_samples(run, most_samples=3).samples
    }


def test_a_question_is_there_once(shown: ShownSamples) -> None:
    assert len({(problem.task, problem.id) for problem in shown.problems}) == len(shown.problems)
