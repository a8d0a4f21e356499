import pytest

from rest_bench.schema import Pack
from rest_bench.simulation.latents import draw_latents
from rest_bench.simulation.layout import LONGEST_LOOP, Layout, answer_line, lay_out
from rest_bench.simulation.parameters import NEVER, SimulatorParameters
from tests.simulation.packs import make_packs

QUIET = {"omission": NEVER, "omission_by_position": 0.0, "loop_rate": 0.0, "revisit_rate": 0.0}
PACK = next(make_packs(level=3))
PLENTY = 10**9


def layout_of(pack: Pack = PACK, max_tokens: int = PLENTY, **settings: object) -> Layout:
    parameters = SimulatorParameters.model_validate({**QUIET, **settings})
    return lay_out(pack, draw_latents(pack, parameters), parameters, max_tokens)


def kinds(layout: Layout) -> list[tuple[str, int]]:
    return [(chunk.kind, chunk.position) for chunk in layout.chunks]


def test_all_answers_stand_behind_all_thinking() -> None:
    layout = layout_of()
    assert kinds(layout) == [
        ("open", 0),
        *(("work", position) for position in (1, 2, 3)),
        ("close", 0),
        *(("answer", position) for position in (1, 2, 3)),
    ]
    assert layout.finish_reason == "stop"
    slots = draw_latents(PACK, SimulatorParameters.model_validate(QUIET))
    assert layout.n_tokens == 2 + sum(slot.first_tokens + slot.extra_tokens for slot in slots) + 3 * 2


def test_inline_answers_stand_behind_their_thinking() -> None:
    turn = ["open", "work", "close", "answer"]
    assert [chunk.kind for chunk in layout_of(answers="inline").chunks] == 3 * turn


def test_a_question_left_out_has_no_thinking_and_maybe_no_line() -> None:
    said = layout_of(omission=20.0, silent_omission=0.0)
    assert kinds(said)[-3:] == [("answer", 1), ("answer", 2), ("answer", 3)]
    assert [position for kind, position in kinds(said) if kind == "work"] == [1]
    silent = layout_of(omission=20.0, silent_omission=1.0)
    assert kinds(silent)[-2:] == [("close", 0), ("answer", 1)]


def test_a_return_comes_behind_the_next_question() -> None:
    layout = layout_of(revisit_rate=1.0)
    assert kinds(layout)[1:6] == [("work", 1), ("work", 2), ("revisit", 1), ("work", 3), ("revisit", 2)]
    assert layout.n_tokens == layout_of().n_tokens
    assert ("revisit", 1) not in kinds(layout_of(revisit_rate=1.0, answers="inline"))


@pytest.mark.parametrize("answers", ["summary", "inline"])
def test_no_budget_is_exceeded(answers: str) -> None:
    whole = layout_of(answers=answers, log_tokens=4.0)
    for budget in range(1, whole.n_tokens + 3):
        cut = layout_of(max_tokens=budget, answers=answers, log_tokens=4.0)
        assert cut.n_tokens == min(budget, whole.n_tokens)
        assert cut.finish_reason == ("stop" if budget >= whole.n_tokens else "length")
        assert all(chunk.is_whole for chunk in cut.chunks[:-1])
        assert kinds(cut) == kinds(whole)[: len(cut.chunks)]


def test_a_loop_eats_up_the_budget() -> None:
    layout = layout_of(max_tokens=5000, loop_rate=1.0)
    assert [(chunk.kind, chunk.n_written) for chunk in layout.chunks] == [("open", 1), ("loop", 4999)]
    assert layout.finish_reason == "length"


def test_a_loop_without_a_budget_is_stopped() -> None:
    layout = layout_of(loop_rate=1.0)
    assert layout.n_tokens == 1 + LONGEST_LOOP
    assert layout.finish_reason == "repetition"


def test_answers_are_in_the_format_of_their_prompt() -> None:
    assert answer_line(2, "12", "integer") == "Q2: \\boxed{12}"
    assert answer_line(1, "B", "choice") == "Q1: ANSWER: \\boxed{B}"
    assert answer_line(3, None, "math") == "Q3: \\boxed{}"
