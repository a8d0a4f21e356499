"""What is sent to an OpenAI-compatible server, and how often: the fields of a request, and patience."""

import asyncio
import json
import math
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

from rest_bench.config import RunConfig
from rest_bench.engines.openai_faults import Kind, ServerError, is_unpaid, read_fault
from rest_bench.engines.openai_replies import Reply, read_reply
from rest_bench.engines.openai_servers import Secrets, Server, Servers
from rest_bench.errors import ConfigError, EngineError, UnreachableError
from rest_bench.schema import Message, Sampling

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
"""Between two tries; doubled each time, less up to a quarter by chance. Eight pauses last 137 to 183 s."""
LONGEST_RETRY_AFTER_S = 600.0
"""Of a pause that a server asks for; it is asked again after this time at the latest."""
_SENTENCE_CHARACTERS = 300
_OF_PROXIES = frozenset({None, 403, 407, 502, 503, 504})
"""Statuses that a proxy between us and the server may have sent; null for a connection that failed."""
_STALLS = 2
"""How often a request may run into the time limit: once, a connection may have been lost unseen."""

Result = TypeVar("Result")

# --- the fields of a request ------------------------------------------------------------------------------------------

_NOT_IN_EXTRA_BODY = frozenset(
    {"model", "messages", "stream", "n", "max_completion_tokens", "seed", "reasoning_effort", "chat_template_kwargs"}
) | set(Sampling.model_fields)
_NEUTRAL: Mapping[str, object] = {
    "top_k": -1,
    "min_p": 0.0,
    "repetition_penalty": 1.0,
    "skip_special_tokens": False,
    "temperature": 1.0,
    "top_p": 1.0,
}
"""Values that change nothing where a server does not know the field."""
BUDGETS = ("max_tokens", "max_completion_tokens")
PROTOCOL = ("top_p", "temperature", *BUDGETS)
"""Without these a run does not follow the protocol; the last to be missed are last."""


def make_fields(config: RunConfig, sampling: Sampling) -> dict[str, object]:
    """Return the fields that all requests share, besides seed and budget.

    All are sent, the ones that are off too: where one is missing, a server takes the model's own default for it.

    Raises:
        ConfigError: --extra-body holds a field that has a setting of its own.
    """
    extra: dict[str, object] = json.loads(config.extra_body)
    if taken := sorted(_NOT_IN_EXTRA_BODY & extra.keys()):
        raise ConfigError(f"--extra-body: {taken[0]} is set by rest-bench itself; take it out")
    optional = {
        "chat_template_kwargs": json.loads(config.chat_template_kwargs) or None,
        "reasoning_effort": config.reasoning_effort,
    }
    return {
        "skip_special_tokens": False,  # thinking tags are special tokens in many models
        "min_p": sampling.min_p,
        "top_k": sampling.top_k or -1,  # the one way to say off that every server knows
        "repetition_penalty": sampling.repetition_penalty,
        **extra,
        **{name: value for name, value in optional.items() if value is not None},
        "top_p": sampling.top_p,
        "temperature": sampling.temperature,
    }


@dataclass(frozen=True)
class Dialect:
    """What a server takes of all that could be sent."""

    refused: frozenset[str] = frozenset()
    budget_name: str = "max_tokens"

    def without(self, *names: str) -> "Dialect":
        """Return the dialect that lacks these fields as well."""
        return replace(self, refused=self.refused | set(names))

    def body(self, fields: Mapping[str, object], seed: int | None, max_tokens: int | None) -> dict[str, object]:
        """Return the fields of one request, the ones easily missed first; a null budget is the server's choice."""
        whole = {**fields, "seed": seed, self.budget_name: max_tokens}
        taken = [name for name, value in whole.items() if value is not None and name not in self.refused]
        return {name: whole[name] for name in sorted(taken, key=_importance)}


def _importance(name: str) -> int:
    return PROTOCOL.index(name) if name in PROTOCOL else -1


def is_neutral(name: str, value: object) -> bool:
    """Return whether nothing changes where a server does not know this field."""
    return name in _NEUTRAL and _NEUTRAL[name] == value


def chat(model: str, messages: tuple[Message, ...], body: Mapping[str, object]) -> Callable[[Server], Awaitable[Reply]]:
    """Return the call that asks a server for a chat completion."""

    async def ask(server: Server) -> Reply:
        fields = dict(body)
        if server.kind == "llamacpp" and "repetition_penalty" in fields:
            fields["repeat_penalty"] = fields["repetition_penalty"]
        # Read as it came: the package would accept any JSON as a completion.
        answer = await server.client.chat.completions.with_raw_response.create(
            model=model, messages=[message.model_dump() for message in messages], extra_body=fields
        )
        budget = next((each for name in BUDGETS if isinstance(each := body.get(name), int)), None)
        return replace(read_reply(answer.http_response.content), budget=budget)

    return ask


# --- patience ---------------------------------------------------------------------------------------------------------


class DrainedError(Exception):
    """The engine was drained while the request waited for another try."""


class Sent(NamedTuple):
    """What came of a request."""

    result: Any
    latency_s: float
    """Of the try that was answered; failed tries and pauses are not in it."""


class Sender:
    """Sends requests until one is answered, each to the server with the least to do.

    A server that cannot be reached rests while others go on, and its requests move to them at once. Where none is
    left there is a pause; `max_retries` counts the pauses.
    """

    def __init__(
        self, servers: Servers, config: RunConfig, secrets: Secrets, longest_timeout_s: float = math.inf
    ) -> None:
        self._servers = servers
        self._max_retries = config.max_retries
        self._timeout_s = min(config.timeout_s, longest_timeout_s)
        self._secrets = secrets
        self._draining = asyncio.Event()

    def drain(self) -> None:
        """End every pause: what has no answer then is left unasked. Called on the event loop."""
        self._draining.set()

    async def send(self, ask: Callable[[Server], Awaitable[Result]], patience_s: float | None = None) -> Sent:
        """Return the answer to a request.

        Args:
            ask: sends it to a server once.
            patience_s: no pause begins that would end later than this.

        Raises:
            ServerError: nothing helps, or the tries are used up.
            DrainedError: drained.
        """
        began = time.monotonic()
        n_pauses = n_sent = n_stalls = 0
        tried: set[Server] = set()
        while True:
            server = self._servers.choose(tried)
            started = time.perf_counter()
            try:
                result = await self._try(server, ask)
            except ServerError as fault:
                n_sent += 1
                n_stalls += fault.kind is Kind.STALLED
                fault.n_sent = n_sent
                if not _may_help(fault, n_stalls):
                    raise
                tried.add(server)
                if fault.kind in (Kind.AWAY, Kind.BUSY) and self._servers.has_other(tried):
                    continue
                pause_s = retry_pause_s(n_pauses, fault.retry_after_s)
                too_long = patience_s is not None and time.monotonic() - began + pause_s > patience_s
                if n_pauses >= self._max_retries or too_long:
                    raise
            else:
                return Sent(result, time.perf_counter() - started)
            await self._pause(pause_s)
            n_pauses += 1
            tried.clear()

    async def _try(self, server: Server, ask: Callable[[Server], Awaitable[Result]]) -> Result:
        import openai

        if self._draining.is_set():
            raise DrainedError
        try:
            with server.busy():
                async with asyncio.timeout(self._timeout_s):
                    result = await ask(server)
        except TimeoutError:
            fault = ServerError(Kind.STALLED, f"no reply within {self._timeout_s:g} s")
        except openai.OpenAIError as error:
            fault = read_fault(error)
        except ServerError as error:
            fault = error
        else:
            server.answered()
            return result
        fault.where, fault.sentence = server.name, self._secrets.scrub(fault.sentence)[:_SENTENCE_CHARACTERS]
        if server.proxy_variable and fault.status in _OF_PROXIES:
            fault.sentence += f"; asked through the proxy in {server.proxy_variable}, NO_PROXY goes past it"
        if fault.kind in (Kind.AWAY, Kind.BUSY):
            server.rest(fault.retry_after_s)
        raise fault  # outside of `except`: the original holds the request with its key

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._draining.wait()
        except TimeoutError:
            return
        raise DrainedError


def _may_help(fault: ServerError, n_stalls: int) -> bool:
    """Whether a request may be answered when it is sent again."""
    if fault.kind is Kind.STALLED:
        return n_stalls < _STALLS
    return fault.kind in (Kind.AWAY, Kind.BUSY, Kind.BROKEN)


def retry_pause_s(n_pauses: int, retry_after_s: float | None) -> float:
    """Return how long to wait before the next try, in seconds: never shorter than the server asks, up to a bound."""
    own = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(n_pauses, 30)) * (1 - random.random() / 4)
    if retry_after_s is None:
        return own
    return max(own, min(retry_after_s, LONGEST_RETRY_AFTER_S) + random.random() * FIRST_PAUSE_S / 4)


def engine_error(fault: ServerError, config: RunConfig, *, has_key: bool) -> EngineError:
    """Return why the run cannot go on, and what to do."""
    where, said = f"--base-url {fault.where}", fault.sentence
    if is_unpaid(fault):
        account = f"the account of the key in {config.api_key_env}" if has_key else "the account"
        return EngineError(
            f"{where}: {account} has no credit or quota left ({said}); mend that and run the command again, "
            "which asks only what has no reply yet"
        )
    if fault.kind is Kind.LOCKED:
        remedy = "does not take the key in" if has_key else "wants a key; put it in"
        return EngineError(f"{where}: {remedy} the environment variable {config.api_key_env} ({said})")
    if fault.kind is Kind.MISSING:
        return EngineError(
            f"{where}: has no model {config.model} there, or no chat completions ({said}); "
            "correct --model, or the address, which usually ends in /v1"
        )
    if fault.kind is Kind.AWAY:
        return UnreachableError(f"{where}: cannot be reached ({said}); start the server or correct the address")
    kind = UnreachableError if fault.kind in (Kind.BUSY, Kind.STALLED) else EngineError
    return kind(f"{where}: cannot answer a short request ({said}); see the server's own messages")
