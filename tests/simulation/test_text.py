import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rest_bench.parsing import parse_response
from rest_bench.parsing.loops import find_loop
from rest_bench.parsing.segments import assign_paragraphs
from rest_bench.parsing.thinking import split_thinking
from rest_bench.schema import Answer, Pack, Response, Score
from rest_bench.scoring import Judge, ReadSample, score_many
from rest_bench.simulation.parameters import NEVER, SimulatorParameters
from rest_bench.simulation.text import count_words_by_line, write_text
from rest_bench.simulation.truth import Simulated, Slot, simulate
from tests.simulation.packs import make_packs

QUIET = {
    "omission": NEVER,
    "omission_by_position": 0.0,
    "loop_rate": 0.0,
    "swap_rate": 0.0,
    "summary_error_rate": 0.0,
    "log_tokens": 4.5,
    "mention_rate": 1.0,
    "revisit_rate": 0.0,
}
PLENTY = 10**6


def respond(pack: Pack, parameters: SimulatorParameters, max_tokens: int) -> tuple[Simulated, Response]:
    simulated = simulate(pack, parameters, max_tokens)
    text = write_text(pack, parameters, simulated)
    response = Response(
        sample_id="sample",
        pack_id=pack.pack_id,
        task=pack.task,
        level=pack.level,
        repeat=pack.repeat,
        text=text,
        finish_reason=simulated.layout.finish_reason,
        completion_tokens=simulated.layout.n_tokens,
        line_tokens=count_words_by_line(text),
    )
    return simulated, response


def read_all(max_tokens: int = PLENTY, level: int = 5, **changed: Any) -> list[tuple[Slot, Answer, Score]]:
    """Return each slot with what the real reader and judge make of the text."""
    parameters = SimulatorParameters.model_validate({**QUIET, **changed})
    packs = list(make_packs(level=level))
    made = [(pack, *respond(pack, parameters, max_tokens)) for pack in packs]
    read = [ReadSample(pack, response, parse_response(response, pack)) for pack, _, response in made]
    with Judge() as judge:
        judged = list(score_many(read, judge))
    return [
        (slot, answer, score)
        for (_, simulated, _), sample, scores in zip(made, read, judged, strict=True)
        for slot, answer, score in zip(simulated.slots, sample.answers, scores, strict=True)
    ]


# --- what the rest of the line makes of it ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("max_tokens", "changed", "outcome"),
    [
        (PLENTY, {}, "wrong"),
        (PLENTY, {"ability": 20.0}, "correct"),
        (PLENTY, {"omission": 0.0, "silent_omission": 1.0}, "omitted"),
        (PLENTY, {"omission": 0.0, "silent_omission": 0.0}, "omitted"),
        (PLENTY, {"omission": -2.0, "silent_omission": 1.0, "labels": "running", "ability": 20.0}, "shifted"),
        (PLENTY, {"swap_rate": 0.2}, "swapped"),
        (PLENTY, {"summary_error_rate": 0.5}, "summary"),
        (600, {"response_sd": 0.0}, "truncated"),
        (600, {"answers": "inline"}, "truncated"),
        (3000, {"loop_rate": 0.1}, "repetition"),
        (3000, {"loop_rate": 0.1, "answers": "inline"}, "repetition"),
        (PLENTY, {"loop_rate": 0.01}, "repetition"),
    ],
)
def test_each_kind_of_outcome_is_found_where_it_is_true(max_tokens: int, changed: dict[str, Any], outcome: str) -> None:
    found = read_all(max_tokens, **changed)
    assert sum(slot.outcome == outcome for slot, _, _ in found) >= 3
    confused = Counter((slot.outcome, score.outcome) for slot, _, score in found if slot.outcome != score.outcome)
    if changed.get("labels") == "running":
        # An answer under a wrong number that the thinking about another question came to: no summary error is claimed.
        del confused["summary", "wrong"]
    assert confused == {}
    assert [score.first_correct_tokens for _, _, score in found] == [
        pytest.approx(slot.first_correct_tokens, abs=2) for slot, _, _ in found
    ]
    assert [score.answer for _, _, score in found] == [slot.answer for slot, _, _ in found]
    assert [score.correct_paper for _, _, score in found] == [slot.correct_paper for slot, _, _ in found]


def test_letters_are_read_and_judged() -> None:
    parameters = SimulatorParameters.model_validate(QUIET)
    for pack in make_packs(answer_type="choice"):
        simulated, response = respond(pack, parameters, PLENTY)
        assert [answer.text for answer in parse_response(response, pack)] == [slot.answer for slot in simulated.slots]


def test_thinking_without_a_loop_shows_none() -> None:
    parameters = SimulatorParameters.model_validate({**QUIET, "log_tokens": 8.0})
    for pack in list(make_packs())[:8]:
        assert find_loop(respond(pack, parameters, 20_000)[1].text) is None


@pytest.mark.parametrize(
    ("mention_rate", "least"),
    [(1.0, 0.95), (0.7, 0.8)],  # docs/validation.md tells what is measured
)
def test_the_thinking_is_divided_by_question(mention_rate: float, least: float) -> None:
    found = [
        (slot.tokens, answer.segment_tokens or 0)
        for slot, answer, _ in read_all(mention_rate=mention_rate, revisit_rate=0.1)
    ]
    misplaced = sum(abs(true - told) for true, told in found) / 2
    assert 1 - misplaced / sum(true for true, _ in found) >= least


def test_the_bounds_between_questions_are_found_within_a_paragraph() -> None:
    parameters = SimulatorParameters.model_validate({**QUIET, "restatement_rate": 1.0})
    off = []
    for pack in make_packs():
        simulated, response = respond(pack, parameters, PLENTY)
        text = split_thinking(response).thinking
        assigned = assign_paragraphs(text, pack.problems)
        ends, tokens = [], 1  # the opening tag
        for slot in simulated.slots[:-1]:
            tokens += slot.tokens
            ends.append(tokens)
        starts = [start for start, _ in assigned.paragraphs]
        for position, end in enumerate(ends, start=2):
            told = assigned.states.index(position) if position in assigned.states else len(starts)
            true = next(index for index, start in enumerate(starts) if len(text[:start].split()) >= end)
            off.append(abs(told - true))
    assert sum(distance <= 1 for distance in off) / len(off) >= 0.98


# --- the text itself --------------------------------------------------------------------------------------------------


def test_each_line_has_as_many_tokens_as_words() -> None:
    assert count_words_by_line("a b\n\nc") == (2, 0, 1)


def test_markers_come_at_their_rate() -> None:
    parameters = SimulatorParameters.model_validate({**QUIET, "marker_rate": 20.0, "log_tokens": 7.0})
    text = " ".join(respond(pack, parameters, PLENTY)[1].text for pack in list(make_packs())[:20])
    found = len(re.findall(r"\b(?:Wait|Hmm|However|Actually|Alternatively),", text))
    assert found / len(text.split()) * 1000 == pytest.approx(20, rel=0.15)


def test_a_text_longer_than_its_filling_goes_on() -> None:
    parameters = SimulatorParameters.model_validate({**QUIET, "log_tokens": 10.0, "log_tokens_sd": 0.0})
    _, response = respond(next(make_packs(level=1)), parameters, PLENTY)
    assert response.completion_tokens is not None
    assert response.completion_tokens > 20_000
    assert len(response.text.split()) == response.completion_tokens


SETTINGS = st.fixed_dictionaries(
    {
        "ability": st.floats(-5, 5),
        "position_effect": st.floats(-3, 3),
        "response_sd": st.floats(0, 3),
        "log_tokens": st.floats(2, 6),
        "overthinking": st.floats(0, 3),
        "compression": st.floats(-1, 2),
        "omission": st.floats(-5, 5),
        "silent_omission": st.floats(0, 1),
        "loop_rate": st.floats(0, 0.3),
        "swap_rate": st.floats(0, 1),
        "summary_error_rate": st.floats(0, 1),
        "mention_rate": st.floats(0, 1),
        "restatement_rate": st.floats(0, 1),
        "revisit_rate": st.floats(0, 1),
        "marker_rate": st.sampled_from([0.0, 8.0, 50.0]),
        "answers": st.sampled_from(["summary", "inline"]),
        "labels": st.sampled_from(["question", "running"]),
    }
)


@settings(max_examples=60)
@given(SETTINGS, st.integers(1, 4000), st.integers(1, 9), st.sampled_from(["integer", "choice"]))
def test_any_parameters_give_a_text_that_is_read_as_it_is_true(
    changed: dict[str, object], max_tokens: int, level: int, answer_type: str
) -> None:
    parameters = SimulatorParameters.model_validate(changed)
    pack = next(make_packs(level=level, n=10, answer_type=answer_type))
    simulated, response = respond(pack, parameters, max_tokens)
    assert response.line_tokens is not None
    assert sum(response.line_tokens) == response.completion_tokens == len(response.text.split())
    assert response.completion_tokens <= max_tokens
    answers = parse_response(response, pack)
    assert [answer.text for answer in answers] == [slot.answer for slot in simulated.slots]
    if answers[0].segment_tokens is not None:
        assert sum(answer.segment_tokens or 0 for answer in answers) <= (answers[0].thinking_tokens or 0)
