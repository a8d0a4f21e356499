"""What is said of a server's replies: once in words when it is first seen, and in numbers at the end."""

import logging
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from rest_bench.config import RunConfig
from rest_bench.engines.openai_replies import Reply, shows_thinking
from rest_bench.engines.openai_servers import Secrets
from rest_bench.profiles import expects_thinking

LOG = logging.getLogger(__name__)

_SHOWN = 100
_SNAPSHOT = re.compile(r"[-@:](?:latest|\d{3,4}|\d{4}-?\d{2}-?\d{2})")
"""What hosted servers add to the name of a model that they keep under several dates."""


@dataclass(frozen=True)
class Seen:
    """One reply, beside what the run knows of its server."""

    reply: Reply
    model: str
    max_tokens: int
    context_tokens: int | None
    """Of prompt and reply together; null where no server says so."""


class Notice(NamedTuple):
    """Something about replies that users must hear of."""

    name: str
    of: Callable[[Seen], str | None]
    """Return what is said at first; null where it does not hold of this reply."""
    total: str
    """What is said of all of them at the end, behind their number; empty where the first word was enough."""
    word: Callable[[Reply], str | None] = lambda _: None
    """Said once for each of these words of the server."""


def _unknown_ending(seen: Seen) -> str | None:
    reason = str(seen.reply.finish_reason)
    match seen.reply.ending:
        case "unsaid":
            return "the server does not say how a reply ended, so that it is not known whether it was cut off"
        case "unknown":
            return f"the server ends a reply with finish_reason {reason!r}, which says nothing here: kept as not known"
    return None


def _relabelled(seen: Seen) -> str | None:
    reply = seen.reply
    if reply.ending != "length" or reply.completion_tokens != reply.budget or _says_length(reply):
        return None
    return (
        f"the server ends a reply of {reply.completion_tokens} tokens, all that it was allowed, with finish_reason "
        f"{reply.finish_reason}: such replies count as cut off"
    )


def _says_length(reply: Reply) -> bool:
    return Reply("", None, reply.finish_reason, None, None).ending == "length"


def _only_thinking(seen: Seen) -> str | None:
    reply = seen.reply
    if reply.ending not in ("stop", "unsaid", "unknown") or reply.text.strip() or not reply.reasoning:
        return None
    return (
        "a reply that was not cut off stands in the field of the thinking as a whole, and so gives no answer: the "
        "server's reasoning parser does not find where the thinking ends; start the server without a reasoning parser, "
        "or with another (docs/engines.md)"
    )


def _lost_text(seen: Seen) -> str | None:
    reply = seen.reply
    if reply.ending != "stop" or reply.text.strip() or reply.reasoning or reply.completion_tokens == 1:
        return None
    tokens = "a reply" if reply.completion_tokens is None else f"a reply of {reply.completion_tokens} tokens"
    return (
        f"the text of {tokens} that ended by itself is empty: where a parser of the server took it, start the server "
        "without"
    )


def _capped(seen: Seen) -> str | None:
    reply = seen.reply
    if reply.ending != "length" or None in (reply.completion_tokens, reply.budget) or _fills_context(seen):
        return None
    if (reply.completion_tokens or 0) >= (reply.budget or 0):
        return None
    or_context = f" (or its context ends, after {reply.prompt_tokens} of the prompt)"
    return (
        f"the server caps replies at {reply.completion_tokens} tokens, --max-tokens asked for {seen.max_tokens}"
        f"{or_context if seen.context_tokens is None and reply.prompt_tokens else ''}; raise the server's limit, or "
        "lower --max-tokens to what holds"
    )


def _fills_context(seen: Seen) -> bool:
    """Whether prompt and reply fill the context, but for a token that some servers keep for themselves."""
    reply = seen.reply
    if seen.context_tokens is None or reply.prompt_tokens is None or reply.completion_tokens is None:
        return False
    return reply.prompt_tokens + reply.completion_tokens >= seen.context_tokens - 1


def _over_budget(seen: Seen) -> str | None:
    reply = seen.reply
    if reply.budget is None or reply.completion_tokens is None or reply.completion_tokens <= reply.budget:
        return None
    return (
        f"the server counts {reply.completion_tokens} tokens in a reply that was allowed {reply.budget}: it does not "
        "keep --max-tokens, or counts something else as well"
    )


def _no_count(seen: Seen) -> str | None:
    if seen.reply.no_count is None:
        return None
    return (
        f"the server counts the tokens of a reply as {seen.reply.no_count}, which is no number of tokens: not counted"
    )


def _other_model(seen: Seen) -> str | None:
    said = seen.reply.model or ""
    if not said or _is_same_model(seen.model, said):
        return None
    return f"the server answers as {said!r}; make sure that this is the model meant"


def _is_same_model(asked: str, said: str) -> bool:
    """Whether two names are one, but for a path before them or the date of a snapshot behind."""
    longer, shorter = sorted((asked.casefold(), said.casefold()), key=len, reverse=True)
    shorter, longer = shorter.rpartition("/")[2], longer.rpartition("/")[2]
    return longer.removesuffix(".gguf") == shorter.removesuffix(".gguf") or (
        longer.startswith(shorter) and _SNAPSHOT.fullmatch(longer[len(shorter) :]) is not None
    )


def _reason(reply: Reply) -> str | None:
    return reply.finish_reason


NOTICES = (
    Notice("only_thinking", _only_thinking, "stand in the field of the thinking as a whole and give no answer"),
    Notice("lost_text", _lost_text, "ended by themselves and are empty"),
    Notice("unknown_ending", _unknown_ending, "ended in a way that the server does not say", _reason),
    Notice(
        "relabelled", _relabelled, "took all tokens that they were allowed, whatever finish_reason they have", _reason
    ),
    Notice("capped", _capped, "were cut off below --max-tokens by the server"),
    Notice("over_budget", _over_budget, "are longer than --max-tokens by the server's own count"),
    Notice("no_count", _no_count, "have numbers of tokens that no reply has: they are not counted"),
    Notice("other_model", _other_model, "", lambda reply: reply.model),
)


class Notices:
    """Looks at every reply of a run."""

    def __init__(self, config: RunConfig, secrets: Secrets, context_tokens: int | None) -> None:
        self._config = config
        self._secrets = secrets
        self._context_tokens = context_tokens
        self._said: set[object] = set()
        self._counts: Counter[str] = Counter()
        self._n_replies = 0
        self._checks_thinking = expects_thinking(config)

    def look(self, reply: Reply, *, is_probe: bool = False) -> None:
        """Say what is new in a reply, and count it unless it answers the short question before the first sample."""
        reply = replace(
            reply,
            finish_reason=self._shown(reply.finish_reason),
            model=self._shown(reply.model),
            no_count=self._shown(reply.no_count),
        )
        seen = Seen(reply, self._config.model, self._config.max_tokens, self._context_tokens)
        self._n_replies += not is_probe
        for notice in NOTICES:
            if sentence := notice.of(seen):
                self._counts[notice.name] += not is_probe
                self._say((notice.name, notice.word(reply)), f"{self._config.model}: {sentence}")
        if (
            not is_probe
            and reply.ending == "length"
            and _fills_context(seen)
            and (reply.completion_tokens or 0) < seen.max_tokens
        ):
            self.say_cut(None, f"here {reply.completion_tokens} after {reply.prompt_tokens}")
        self._check_thinking(reply)

    def say_cut(self, context_tokens: int | None, example: str) -> None:
        """Say once that the context leaves less than the budget.

        Args:
            context_tokens: of prompt and reply together, where the server said so.
            example: what one reply gets.
        """
        self._say(
            "cut",
            f"--max-tokens {self._config.max_tokens}: {self._config.model} holds "
            f"{context_tokens or self._context_tokens or 'fewer'} tokens with the prompt, so replies get what is left "
            f"({example})",
        )

    def say_totals(self) -> None:
        """Say how many replies each notice held of, where there was more than one."""
        for notice in NOTICES:
            if self._counts[notice.name] > 1 and notice.total:
                n_replies = f"{self._counts[notice.name]} of {self._n_replies} replies"
                LOG.warning("%s: %s %s", self._config.model, n_replies, notice.total)

    def _say(self, key: object, sentence: str) -> None:
        if key not in self._said:
            self._said.add(key)
            LOG.warning("%s", sentence)

    def _shown(self, words: str | None) -> str | None:
        """Return a server's own words without secrets, which are taken out before half of one may be cut off."""
        return None if words is None else self._secrets.scrub(words)[:_SHOWN]

    def _check_thinking(self, reply: Reply) -> None:
        """Look at the first whole reply of a model that should think."""
        if not self._checks_thinking or reply.ending != "stop":
            return
        self._checks_thinking = False
        if not shows_thinking(reply):
            self._say(
                "thinking",
                f"{self._config.model}: its reply shows no thinking, neither apart nor between tags: either it is "
                "switched off, or the server drops the tags and thinking is read as part of the answer; start the "
                "server with a reasoning parser (docs/engines.md)",
            )
