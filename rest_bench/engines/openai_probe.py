"""What is asked of a server before the first sample: its models, its version, and which parameters it takes."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rest_bench.config import RunConfig
from rest_bench.engines.openai_endpoints import GREEDY_QUESTION, describe
from rest_bench.engines.openai_faults import Kind, ServerError, refused_parameter, wants_completion_budget
from rest_bench.engines.openai_replies import Reply
from rest_bench.engines.openai_requests import PROTOCOL, Dialect, Sender, chat, engine_error, is_neutral
from rest_bench.engines.openai_servers import Secrets, Server, Servers, http_library
from rest_bench.errors import EngineError
from rest_bench.parsing import thinking_prefilled
from rest_bench.schema import Endpoint, Message, is_count

LOG = logging.getLogger(__name__)

STARTUP_PATIENCE_S = 60.0
"""How long a server may be starting."""
_PAGE_TIMEOUT_S, _REPLY_TIMEOUT_S = 30.0, 900.0
"""A server that others use as well may let a short question wait."""
_PROBE_TOKENS = 64
_PROBE_SEED = 2**62 + 1
"""As large as the seeds of samples: some servers take 32 bits only."""
_GREEDY_PATIENCE_S = 10.0
"""How long a server may be busy when it is asked for its greedy answer, right behind the first one."""
_NAMES_SHOWN = 5
_VERSION_PAGES = {
    "vllm": ("/version", "version"),
    "sglang": ("/get_server_info", "version"),
    "llamacpp": ("/props", "build_info"),
}
"""Kind of server, as its list of models names it, to the page and the field that hold its version."""
_TAIL = 24
"""Tokens at the end of a prompt that an opening tag fits in."""


@dataclass(frozen=True)
class Findings:
    """What is known of the servers."""

    dialect: Dialect
    context_tokens: int | None
    """Of prompt and reply together; null where no server says so."""
    versions: tuple[str, ...]
    """Like `vllm 0.32.0`."""
    replies: tuple[Reply, ...]
    """One of each server."""
    thinking_prefilled: bool
    """Prompts end in an opening thinking tag, and replies come as they were generated."""
    endpoints: tuple[Endpoint, ...]
    """What is known of each server, in the order of the addresses."""


class Probe:
    """Asks each server in turn.

    Raises:
        EngineError: a server cannot be reached, does not serve the model or refuses a short request.
    """

    def __init__(self, servers: Servers, config: RunConfig, secrets: Secrets) -> None:
        self._servers = servers
        self._config = config
        self._secrets = secrets
        system = (Message(role="system", content=config.system_prompt),) if config.system_prompt else ()
        self._messages = (*system, Message(role="user", content="What is 2 + 3?"))
        self._greedy_messages = (*system, Message(role="user", content=GREEDY_QUESTION))

    async def run(self, fields: Mapping[str, object]) -> Findings:
        """Return what is found with these fields of a request."""
        dialect = Dialect()
        contexts: list[int] = []
        versions: dict[str, None] = {}
        replies: list[Reply] = []
        endpoints: list[Endpoint] = []
        prefilled = True
        for server in self._servers.all:
            card = await self._find_model(server)
            contexts += [length for length in (card.get("max_model_len"),) if length and is_count(length)]
            if version := await self._find_version(server, str(card.get("owned_by"))):
                versions[version] = None
            reply, dialect = await self._try_parameters(server, fields, dialect)
            replies.append(reply)
            prefilled = prefilled and reply.reasoning is None and await self._is_prefilled(server)
            endpoints.append(await self._describe(server, card, fields, dialect))
        return Findings(
            dialect, min(contexts, default=None), tuple(versions), tuple(replies), prefilled, tuple(endpoints)
        )

    # --- models and versions ------------------------------------------------------------------------------------------

    async def _find_model(self, server: Server) -> Mapping[str, Any]:
        """Return what the list of models says of ours; nothing where there is no such list."""
        try:
            answer = await self._get(server, "/models")
        except ServerError as fault:
            if fault.kind in (Kind.MISSING, Kind.REFUSED):
                return {}
            raise self._error(fault) from None
        listed = answer.get("data")
        cards: list[dict[str, Any]] = []
        if isinstance(listed, list):
            cards = [card for card in listed if isinstance(card, dict)]
        for card in cards:
            if card.get("id") == self._config.model:
                return card
        if not cards:
            return {}
        names = ", ".join(self._secrets.scrub(str(card.get("id")))[:100] for card in cards[:_NAMES_SHOWN])
        more = f" and {len(cards) - _NAMES_SHOWN} more" if len(cards) > _NAMES_SHOWN else ""
        raise EngineError(
            f"--model {self._config.model}: {server.name} does not serve it, but {names}{more}; name one of these"
        )

    async def _find_version(self, server: Server, owner: str) -> str | None:
        """Return the kind of a server with its version, and note the kind."""
        server.kind = owner if owner in _VERSION_PAGES else None
        kind = server.kind or "vllm"
        page, field = _VERSION_PAGES[kind]
        try:
            version = (await self._get(server, page, at_root=True)).get(field)
        except ServerError:
            version = None
        if not isinstance(version, str):
            return server.kind
        server.kind = kind
        return f"{kind} {self._secrets.scrub(version)[:50]}"

    async def _get(self, server: Server, page: str, *, at_root: bool = False) -> dict[str, Any]:
        """Return a page's JSON object, or an empty one where it holds something else.

        Pages at the root are a server's own extras: nobody waits for them.
        """

        async def ask(server: Server) -> Any:
            url = server.root + page if at_root else page
            return await server.client.get(url, cast_to=http_library().Response)

        sender = self._sender(server, _PAGE_TIMEOUT_S)
        answer = (await sender.send(ask, 0.0 if at_root else STARTUP_PATIENCE_S)).result
        return _json_object(answer.content)

    # --- parameters ---------------------------------------------------------------------------------------------------

    async def _try_parameters(
        self, server: Server, fields: Mapping[str, object], dialect: Dialect
    ) -> tuple[Reply, Dialect]:
        """Ask a short question, with one parameter less each time that one is refused."""
        budget = min(_PROBE_TOKENS, self._config.max_tokens)
        while True:
            body = dialect.body(fields, _PROBE_SEED, budget)
            try:
                ask = chat(self._config.model, self._messages, body)
                return (await self._sender(server, _REPLY_TIMEOUT_S).send(ask, STARTUP_PATIENCE_S)).result, dialect
            except ServerError as fault:
                if fault.kind is not Kind.REFUSED:
                    raise self._error(fault) from None
                smaller = _smaller(dialect, body, fault)
                if smaller == dialect:
                    raise self._error(fault) from None
                dialect = smaller

    async def _describe(
        self, server: Server, card: Mapping[str, Any], fields: Mapping[str, object], dialect: Dialect
    ) -> Endpoint:
        """Return what tells its model from another: asked as the run asks, but greedily."""
        body = dialect.body({**fields, "temperature": 0.0}, _PROBE_SEED, min(_PROBE_TOKENS, self._config.max_tokens))

        async def ask() -> Reply:
            request = chat(self._config.model, self._greedy_messages, body)
            reply: Reply = (await self._sender(server, _REPLY_TIMEOUT_S).send(request, _GREEDY_PATIENCE_S)).result
            return reply

        return await describe(server.name, card, ask, self._secrets)

    def _sender(self, server: Server, timeout_s: float) -> Sender:
        return Sender(Servers((server,)), self._config, self._secrets, timeout_s)

    def _error(self, fault: ServerError) -> EngineError:
        return engine_error(fault, self._config, has_key=self._secrets.key is not None)

    # --- thinking -----------------------------------------------------------------------------------------------------

    async def _is_prefilled(self, server: Server) -> bool:
        """Return whether the chat template ends in an opening thinking tag; only vLLM tells."""
        if server.kind != "vllm":
            return False
        body = {
            "model": self._config.model,
            "messages": [message.model_dump() for message in self._messages],
            "chat_template_kwargs": json.loads(self._config.chat_template_kwargs),
            "return_token_strs": True,
        }

        async def ask(server: Server) -> Any:
            return await server.client.post(server.root + "/tokenize", body=body, cast_to=http_library().Response)

        try:
            answer = (await self._sender(server, _PAGE_TIMEOUT_S).send(ask, 0.0)).result
        except ServerError:
            return False
        tokens = _json_object(answer.content).get("token_strs")
        if not isinstance(tokens, list):
            return False
        # Tokens are spelled as in the vocabulary, where blanks and line feeds are letters.
        tail = "".join(map(str, tokens[-_TAIL:])).replace("Ċ", "\n").replace("Ġ", " ").replace("▁", " ")
        return thinking_prefilled(tail)


def _json_object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _smaller(dialect: Dialect, body: Mapping[str, object], fault: ServerError) -> Dialect:
    """Return the dialect without what was refused; the same one where nothing can be left out."""
    name = refused_parameter(fault, body)
    if name == "max_tokens" and wants_completion_budget(fault):
        return Dialect(dialect.refused, "max_completion_tokens")
    if name is not None:
        return dialect.without(name)
    # The sentence names none: perhaps it is one of those that are off anyway.
    return dialect.without(*(name for name, value in body.items() if is_neutral(name, value)))


def warn_of_refusals(findings: Findings, fields: Mapping[str, object], where: str) -> None:
    """Say once what is left out of every request."""
    refused = sorted(findings.dialect.refused)
    felt = [name for name in refused if not is_neutral(name, fields.get(name))]
    if not refused:
        return
    if not felt:
        LOG.info("--base-url %s: does not know %s; all are off in this run, nothing changes", where, ", ".join(refused))
        return
    missed = [name for name in PROTOCOL if name in felt]
    LOG.warning(
        "--base-url %s: refuses %s, so every request goes without%s",
        where,
        ", ".join(felt),
        f"; without {' and '.join(missed)} this run does not follow the protocol" if missed else "",
    )
