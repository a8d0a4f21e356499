from rest_bench.metrics import COLUMNS
from rest_bench.schema import Pack, Response, Score
from rest_bench.scoring import Judge, ReadSample, score_many
from rest_bench.simulation.parameters import SimulatorParameters
from rest_bench.simulation.table import to_frame, true_answers, true_scores
from rest_bench.simulation.truth import Simulated, simulate
from tests.records import make_response
from tests.simulation.packs import make_packs

PACKS = list(make_packs())
SIMULATED = [simulate(pack, SimulatorParameters(log_tokens=4.0), 600) for pack in PACKS]


def test_there_is_a_row_for_each_slot_with_every_column() -> None:
    frame = to_frame(map(true_scores, PACKS, SIMULATED))
    assert len(frame) == 5 * len(PACKS)
    assert list(frame.columns) == list(Score.model_fields)
    assert set(COLUMNS) <= set(frame.columns)


def test_scores_say_what_is_true() -> None:
    for pack, simulated in zip(PACKS, SIMULATED, strict=True):
        for slot, score in zip(simulated.slots, true_scores(pack, simulated), strict=True):
            assert (score.outcome, score.correct, score.answer) == (slot.outcome, slot.correct, slot.answer)
            assert (score.segment_tokens, score.correct_paper) == (slot.tokens, slot.correct_paper)
            assert score.thinking_tokens is not None
            assert slot.tokens <= score.thinking_tokens <= (score.completion_tokens or 0)


def test_a_perfect_reader_and_the_judge_agree_with_the_truth() -> None:
    def respond(pack: Pack, simulated: Simulated) -> Response:
        reason = simulated.layout.finish_reason
        return make_response(pack, "", reason).model_copy(update={"repeat": pack.repeat, "error": None})

    read = [
        ReadSample(pack, respond(pack, simulated), true_answers(pack, simulated))
        for pack, simulated in zip(PACKS, SIMULATED, strict=True)
    ]
    with Judge() as judge:
        for pack, simulated, scores in zip(PACKS, SIMULATED, score_many(read, judge), strict=True):
            for true, score in zip(true_scores(pack, simulated), scores, strict=True):
                assert (score.correct, score.correct_paper) == (true.correct, true.correct_paper)
                assert (score.segment_tokens, score.thinking_tokens) == (true.segment_tokens, true.thinking_tokens)
