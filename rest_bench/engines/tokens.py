"""What every engine says of its tokens and replies: how tokens fall on lines, and what a response carries."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from rest_bench.schema import FinishReason, Prompt, Response

_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def count_line_tokens(token_ids: Sequence[int], newlines_in: Callable[[int], int], text: str) -> tuple[int, ...] | None:
    r"""Return how many tokens start on each line of a reply.

    Args:
        token_ids: all generated tokens, a closing end-of-sequence token included.
        newlines_in: the number of line feeds in the text of one token.
        text: the reply; lines end at `\n`.

    Returns:
        One count per line, summing to `len(token_ids)`; null where the tokens' line feeds are not those of the text.
    """
    counts = [0]
    for token_id in token_ids:
        counts[-1] += 1
        counts.extend([0] * newlines_in(token_id))
    return tuple(counts) if len(counts) == text.count("\n") + 1 else None


def count_text_line_tokens(tokenizer: Any, text: str) -> tuple[int, ...] | None:
    r"""Return how many tokens start on each line of a text whose own tokens are not known, by encoding it again.

    Args:
        tokenizer: of transformers.
        text: the reply; lines end at `\n`.

    Returns:
        One count per line; null for a tokenizer that does not say where its tokens stand.
    """
    if not tokenizer.is_fast:
        return None
    starts = [
        start
        for start, _ in tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)[
            "offset_mapping"
        ]
    ]
    line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
    counts = [0] * len(line_starts)
    for start in starts:
        counts[bisect_right(line_starts, start) - 1] += 1
    return tuple(counts)


def mend_surrogates(text: str) -> str:
    """Replace lone surrogates, which JSON escapes can write but UTF-8 cannot."""
    return _LONE_SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)


def respond(prompt: Prompt, text: str, finish_reason: FinishReason | None, **fields: object) -> Response:
    """Return a response that carries the ids of its prompt; `fields` are further fields of Response.

    Raises:
        ValueError: the pipeline has not given the prompt its sample_id.
    """
    if prompt.sample_id is None:
        raise ValueError(f"pack {prompt.pack_id} reached the engine without a sample_id")
    own = {
        "sample_id": prompt.sample_id,
        "pack_id": prompt.pack_id,
        "task": prompt.task,
        "level": prompt.level,
        "repeat": prompt.repeat,
        "seed": prompt.seed,
    }
    return Response.model_validate({**own, "text": text, "finish_reason": finish_reason, **fields})


def refuse(prompt: Prompt, sentence: str, **fields: object) -> Response:
    """Return the `error` response of a prompt that was not answered; `sentence` says why and what to do."""
    return respond(prompt, "", "error", error=sentence, **fields)
