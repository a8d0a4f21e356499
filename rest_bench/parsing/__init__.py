"""Step 5 of 9: Response -> Answers. Which text answers which question (policy: reading.md, 18 rules).

Only text after the thinking counts. Labels decide, never the count of boxes; the last complete box of a question wins;
a summary overrides the body; without labels exactly as many boxes as questions are read by position; nothing is
guessed. The paper's own reading is kept beside ours.
"""

from typing import Any

from rest_bench.parsing.answers import read_answers
from rest_bench.parsing.division import Block, Division, Part, divide_reply
from rest_bench.parsing.extraction import nothing_extracted, read_extraction
from rest_bench.parsing.loops import find_loop
from rest_bench.parsing.paper import read_paper
from rest_bench.parsing.reading import NO_READING, Reading
from rest_bench.parsing.sections import read_final_text
from rest_bench.parsing.segments import assign_thinking, count_segments
from rest_bench.parsing.tags import ExtraTags, has_thinking_tag, thinking_prefilled
from rest_bench.parsing.thinking import Thinking, split_thinking
from rest_bench.parsing.tokens import count_thinking_tokens, count_tokens_before
from rest_bench.parsing.traces import read_traces
from rest_bench.schema import Answer, Pack, Response

__all__ = [
    "Block",
    "Division",
    "Part",
    "Thinking",
    "divide_reply",
    "has_thinking_tag",
    "nothing_extracted",
    "parse_response",
    "read_extraction",
    "read_final",
    "split_thinking",
    "thinking_prefilled",
]


def parse_response(response: Response, pack: Pack, *, extra_tags: ExtraTags = ()) -> tuple[Answer, ...]:
    """Read one answer per position from a response; golds are never looked at.

    Args:
        response: Any text at all; an `error` response has no answers.
        pack: The problems that were asked, each with its own answer type.
        extra_tags: A user's own (opening, closing) tags of thinking blocks.

    Returns:
        As many answers as the pack has problems, position p at index p - 1.
    """
    thinking = split_thinking(response, extra_tags)
    tokens = count_thinking_tokens(response, thinking.spans)
    assigned = assign_thinking(thinking, pack.problems)
    segments = count_segments(response, thinking, assigned, len(pack.problems))
    loop = find_loop((response.reasoning or "") + response.text)
    papers = read_paper(response, tuple(problem.answer_type for problem in pack.problems))
    readings = _read(response, pack, thinking.final)
    traces = read_traces(response, thinking, assigned, pack.problems, [reading.text for reading in readings])
    return tuple(
        _answer(
            response,
            pack,
            position,
            reading,
            paper=paper,
            thinking_tokens=tokens.thinking,
            segment_tokens=None if segments.tokens is None else segments.tokens[position - 1],
            segmentation_sure=segments.sure,
            tokens_estimated=tokens.estimated,
            looped=loop is not None,
            unfinished=bool(thinking.thinking) and not thinking.final.strip(),
            loop_onset_tokens=None if loop is None else count_tokens_before(response, loop),
            **trace._asdict(),
        )
        for position, (reading, paper, trace) in enumerate(zip(readings, papers, traces, strict=True), start=1)
    )


def read_final(response: Response, pack: Pack) -> tuple[Answer, ...]:
    """Read one answer per position from a reply whose thinking was taken off before: all of `text` is final text.

    The answers are those of `parse_response` on the whole reply; nothing is known of the thinking, and `paper` is the
    paper's reading of the text that is left.
    """
    papers = read_paper(response, tuple(problem.answer_type for problem in pack.problems))
    return tuple(
        _answer(response, pack, position, reading, paper=paper)
        for position, (reading, paper) in enumerate(
            zip(_read(response, pack, response.text), papers, strict=True), start=1
        )
    )


def _answer(response: Response, pack: Pack, position: int, reading: Reading, **further: Any) -> Answer:
    return Answer(
        pack_id=pack.pack_id,
        repeat=response.repeat,
        position=position,
        problem_id=pack.problems[position - 1].id,
        text=reading.text,
        found_by=reading.found_by,
        strict=reading.strict,
        **further,
    )


def _read(response: Response, pack: Pack, text: str) -> tuple[Reading, ...]:
    if response.finish_reason == "error":
        return tuple(NO_READING for _ in pack.problems)
    is_code = any(problem.answer_type == "code" for problem in pack.problems)
    return read_answers(read_final_text(text, len(pack.problems), is_code=is_code), pack.problems)
