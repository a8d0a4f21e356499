"""What tells the model behind a server from another of the same name: its card and its own greedy answer."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rest_bench.engines.openai_faults import ServerError
from rest_bench.engines.openai_replies import Reply
from rest_bench.engines.openai_servers import Secrets
from rest_bench.schema import Endpoint

GREEDY_QUESTION = "What is 2 + 3? Then name a city, a river and a bird, and say one sentence about each."
"""Long enough for two models to part ways; asked twice, as a server may vary by itself."""
FACTS: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("root", (("root",),)),
    ("parent", (("parent",),)),
    ("owned_by", (("owned_by",),)),
    (
        "context",
        (
            ("max_model_len",),  # vLLM, SGLang
            ("context_length",),
            ("context_window",),
            ("max_context_length",),
            ("meta", "n_ctx_train"),  # llama.cpp, as the next three
        ),
    ),
    ("parameters", (("meta", "n_params"),)),
    ("size", (("meta", "size"),)),
    ("vocabulary", (("meta", "n_vocab"),)),
    ("quantization", (("quantization",),)),
    ("digest", (("digest",), ("sha256",), ("hash",))),
)
"""What of a model's card is its own and not the moment's, and the keys that servers have for it; the first counts."""
_FACT_CHARACTERS = 300
_ANSWER_CHARACTERS = 120


async def describe(
    address: str, card: Mapping[str, Any], ask: Callable[[], Awaitable[Reply]], secrets: Secrets
) -> Endpoint:
    """Return what is known of a server.

    Args:
        address: without user and password.
        card: what its list of models says of the model; may be empty.
        ask: gives its greedy answer to `GREEDY_QUESTION`; raises ServerError where there is none.
        secrets: are taken out of its words.
    """
    answers = await _greedy_answers(ask)
    first = secrets.scrub_text(answers[0]) if answers else ""
    created = card.get("created")
    return Endpoint(
        address=address,
        facts=read_facts(card, secrets),
        created=created if isinstance(created, int) and not isinstance(created, bool) else None,
        greedy_answer=first[:_ANSWER_CHARACTERS] if first else None,
        greedy_sha256=hashlib.sha256(first.encode()).hexdigest() if first else None,
        greedy_stable=len(answers) == 2 and answers[0] == answers[1] and bool(first),
    )


def read_facts(card: Mapping[str, Any], secrets: Secrets) -> dict[str, str]:
    """Return what a model's card says of it, by the names of `FACTS`; nothing of what it leaves out."""
    found = {name: next(filter(None, (_value(card, keys) for keys in places)), None) for name, places in FACTS}
    return {name: secrets.scrub(value)[:_FACT_CHARACTERS] for name, value in found.items() if value is not None}


def _value(card: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    value: object = card
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    if isinstance(value, str):
        return " ".join(value.split()) or None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


async def _greedy_answers(ask: Callable[[], Awaitable[Reply]]) -> list[str]:
    """Return what a server answers, one time after the other; fewer than two where it fails."""
    answers: list[str] = []
    for _ in range(2):
        try:
            reply = await ask()
        except ServerError:
            break
        answers.append("\n".join(part for part in (reply.reasoning, reply.text) if part))
    return answers
