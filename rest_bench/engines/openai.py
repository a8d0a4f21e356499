"""Step 4 with a server: vllm serve, SGLang, llama.cpp, or any other that speaks OpenAI's chat completions."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from rest_bench.config import RunConfig
from rest_bench.engines import LongestPrompts
from rest_bench.engines.event_loop import LoopThread
from rest_bench.engines.openai_faults import Kind, Overflow, ServerError, read_overflow, refused_parameter
from rest_bench.engines.openai_notices import Notices
from rest_bench.engines.openai_probe import Findings, Probe, warn_of_refusals
from rest_bench.engines.openai_replies import make_response
from rest_bench.engines.openai_requests import BUDGETS, DrainedError, Sender, Sent, chat, engine_error, make_fields
from rest_bench.engines.openai_servers import Servers, connect, read_addresses, read_secrets
from rest_bench.engines.tokens import refuse
from rest_bench.errors import EngineError
from rest_bench.schema import EngineInfo, Prompt, Response, Sampling

LOG = logging.getLogger(__name__)

GIVE_UP_AFTER = 3
"""Samples in a row that no server could be reached for, all tries used up, before the run stops."""
_GIVEN_UP = frozenset({504, 524})
"""Statuses of a proxy that did not wait for the server: asked again, a long reply fails in the same way."""
_SMALLER_BUDGETS = 3
"""Tries to find what a context leaves for a reply."""


class OpenaiEngine:
    """Asks servers over HTTP, with the openai package, on an event loop in a thread of its own.

    A reply is waited for in one piece, without streaming, as other harnesses do: servers parse thinking out of a
    whole reply more reliably than out of a stream, and thousands of tokens a second need not be unpacked one by one
    here. The price is a silent connection for as long as a model thinks; a proxy in between must allow that.

    Prompts are taken in their order, as many at once as `concurrency` says, and never ahead of need.

    Raises:
        ConfigError: no address, a wrong one, or a field of --extra-body that is not the user's to set.
        EngineError: a server cannot be reached or cannot answer a short request.
    """

    def __init__(self, config: RunConfig, longest_prompts: LongestPrompts = tuple) -> None:  # noqa: ARG002
        addresses = read_addresses(config)
        fields = make_fields(config, config.sampling)
        self._secrets = read_secrets(config, addresses)
        _silence_vendors()
        self._config = config
        self._draining = False
        self._lost_in_a_row = 0
        self._answered = False
        self._loop = LoopThread("openai")
        self._servers = Servers(())
        try:
            self._servers = self._loop.run(connect(addresses, self._secrets, config))
            self._found = self._loop.run(Probe(self._servers, config, self._secrets).run(fields))
            self._sender = Sender(self._servers, config, self._secrets)
        except BaseException:
            self._close()
            raise
        self.info = _describe(config, self._found)
        warn_of_refusals(self._found, fields, ", ".join(server.name for server in self._servers.all))
        self._notices = Notices(config, self._secrets, self._found.context_tokens)
        for reply in self._found.replies:
            self._notices.look(reply, is_probe=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Cancel what is in flight, close the connections, and say what replies had in common."""
        self._close()
        self._notices.say_totals()

    def drain(self) -> None:
        """Let `generate` end with the requests that a server has; those that wait for another try are left unasked."""
        self._draining = True
        self._loop.call(self._sender.drain)

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Response]:
        """Answer the prompts, in their order as far as they start; each response comes the moment it is finished.

        Raises:
            EngineError: the servers are gone, refuse the key, or no longer serve the model.
        """
        fields = make_fields(self._config, sampling)
        waiting = iter(prompts)
        finished: SimpleQueue[Future[Response | None]] = SimpleQueue()
        running: set[Future[Response | None]] = set()
        try:
            while True:
                while not self._draining and len(running) < self._config.concurrency:
                    prompt = next(waiting, None)
                    if prompt is None:
                        break
                    request = self._loop.submit(self._answer(prompt, fields, sampling.max_tokens))
                    running.add(request)
                    request.add_done_callback(finished.put)
                if not running:
                    return
                done = finished.get()
                running.discard(done)
                response = done.result()
                if response is not None:
                    yield response
        finally:
            for request in running:
                request.cancel()

    # --- on the event loop --------------------------------------------------------------------------------------------

    async def _answer(self, prompt: Prompt, fields: Mapping[str, object], max_tokens: int) -> Response | None:
        """Return the response of a prompt, or null where the engine was drained before it was answered."""
        if prompt.seed is None:
            raise ValueError(f"pack {prompt.pack_id} reached the engine without a seed")
        try:
            reply, latency_s = await self._ask(prompt, fields, max_tokens)
        except DrainedError:
            return None
        except ServerError as fault:
            return self._failed(prompt, fault, max_tokens)
        self._answered, self._lost_in_a_row = True, 0
        self._notices.look(reply)
        return make_response(prompt, reply, self._secrets, latency_s, prefilled=self._found.thinking_prefilled)

    async def _ask(self, prompt: Prompt, fields: Mapping[str, object], max_tokens: int) -> Sent:
        """Ask with the whole budget, or with what the context leaves of it."""
        context = self._found.context_tokens
        budget: int | None = min(max_tokens, context) if context else max_tokens
        for _ in range(_SMALLER_BUDGETS):
            body = self._found.dialect.body(fields, prompt.seed, budget)
            try:
                return await self._sender.send(chat(self._config.model, prompt.messages, body))
            except ServerError as fault:
                if fault.kind is not Kind.OVERFLOW:
                    raise
                overflow = read_overflow(fault)
                last, budget = fault, self._smaller_budget(overflow, budget)
                if budget == 0:
                    raise
                example = f"here {budget or 'fewer'} after {overflow.prompt_tokens or 'its prompt'}"
                self._notices.say_cut(overflow.context_tokens, example)
        raise last

    def _smaller_budget(self, overflow: Overflow, budget: int | None) -> int | None:
        """Return what the context leaves for a reply: null leaves that to the server, 0 is nothing that is known."""
        left = overflow.left_tokens
        if budget is None or (left is not None and left <= 0):
            return 0
        if left is not None and overflow.exact:
            return min(left, budget - 1)  # some servers keep one token for themselves
        if left is None and overflow.context_tokens is not None and overflow.context_tokens < budget:
            return overflow.context_tokens
        # Without a budget vLLM gives a reply all that is left; others have limits of their own.
        return None if all(server.kind == "vllm" for server in self._servers.all) else 0

    def _failed(self, prompt: Prompt, fault: ServerError, max_tokens: int) -> Response:
        """Return the `error` response of a prompt that was not answered.

        Raises:
            EngineError: no other prompt would be answered either.
        """
        error = engine_error(fault, self._config, has_key=self._secrets.key is not None)
        if fault.kind in (Kind.LOCKED, Kind.MISSING):
            raise error
        if fault.kind is Kind.AWAY:
            self._lost_in_a_row += 1
            if self._lost_in_a_row >= GIVE_UP_AFTER:
                raise error
        if fault.kind is Kind.REFUSED and not self._answered and refused_parameter(fault, BUDGETS):
            raise EngineError(f"--max-tokens {max_tokens}: {fault.where} refuses it ({fault.sentence}); lower it")
        return refuse(prompt, self._sentence(fault, max_tokens))

    def _sentence(self, fault: ServerError, max_tokens: int) -> str:
        """Say why one prompt was not answered and what to do."""
        said = f"{fault.where}: {fault.sentence}"
        match fault.kind:
            case Kind.OVERFLOW:
                overflow = read_overflow(fault)
                if overflow.context_tokens is None or overflow.prompt_tokens is None:
                    return (
                        f"prompt and --max-tokens {max_tokens} do not fit the context ({said}); "
                        "use a lower level or a smaller --max-tokens"
                    )
                return (
                    f"the prompt has {'' if overflow.exact else 'at least '}{overflow.prompt_tokens} tokens, but "
                    f"{self._config.model} holds {overflow.context_tokens} with its reply; use a lower level, a "
                    "smaller --max-tokens or a model with a longer context"
                )
            case Kind.REFUSED:
                return f"{said}; the server refuses this prompt"
            case Kind.STALLED:
                return f"{said}, {fault.n_sent} times; raise --timeout-s, or run the command again"
        if fault.status in _GIVEN_UP:
            remedy = "raise the time limit of the proxy that gave up waiting, and run the command again"
            return f"{said}, sent {fault.n_sent} times; {remedy}"
        return f"{said}, sent {fault.n_sent} times; run the command again"

    def _close(self) -> None:
        self._loop.cancel_all()
        for server in self._servers.all:
            self._loop.run(server.client.close())
        self._loop.close()


def _silence_vendors() -> None:
    """Keep a line for every request out of everybody's log; httpx's would hold the address with its password."""
    for name in ("openai", "httpx", "httpx2", "httpcore", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _describe(config: RunConfig, found: Findings) -> EngineInfo:
    from importlib.metadata import version

    return EngineInfo(
        engine="openai",
        engine_version=", ".join((f"openai {version('openai')}", *found.versions)),
        model=config.model,
        max_context_tokens=found.context_tokens,
        refused_parameters=tuple(sorted(found.dialect.refused)),
        endpoints=found.endpoints,
    )
