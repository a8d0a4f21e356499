from rest_bench.metrics import COLUMNS
from rest_bench.schema import Score
from rest_bench.simulation.parameters import SimulatorParameters
from rest_bench.simulation.table import to_frame, true_scores
from rest_bench.simulation.truth import simulate
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
