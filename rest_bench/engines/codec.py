"""Between prompts and tokens, and back: the same for every engine that loads a tokenizer itself."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from rest_bench.engines.tokens import count_line_tokens, refuse, respond
from rest_bench.errors import EngineError
from rest_bench.parsing import thinking_prefilled
from rest_bench.schema import EngineInfo, Prompt, Response, Sampling

LOG = logging.getLogger(__name__)

_TAIL = 4
"""Prompt tokens decoded before the reply, so that a blank at its beginning is kept as the tokenizer means it."""


@dataclass(frozen=True)
class EncodedPrompt:
    """One prompt as the model sees it."""

    prompt: Prompt
    token_ids: list[int]
    budget_tokens: int
    """What may be generated: `max_tokens`, or less where the context ends sooner."""
    seed: int
    thinking_prefilled: bool

    def refuse(self, sentence: str) -> Response:
        """Return the `error` response of this prompt; `sentence` says why and what to do."""
        return refuse(
            self.prompt, sentence, prompt_tokens=len(self.token_ids), thinking_prefilled=self.thinking_prefilled
        )


class RenderedPrompt(NamedTuple):
    """A prompt behind the chat template."""

    text: str
    token_ids: list[int]


def render_tokens(tokenizer: Any, prompt: Prompt, chat_template_kwargs: str) -> RenderedPrompt:
    """Return a prompt as a model reads it; without chat template, the text of the messages joined by blank lines.

    Args:
        tokenizer: of transformers.
        prompt: its messages are rendered.
        chat_template_kwargs: variables of the chat template, a JSON object.

    Raises:
        EngineError: the chat template refuses the prompt.
    """
    from jinja2 import TemplateError

    bos: list[int] = []  # a chat template has written it where the model wants one
    if tokenizer.chat_template:
        messages = [message.model_dump() for message in prompt.messages]
        variables = json.loads(chat_template_kwargs)
        try:
            text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True, **variables)
        except (TemplateError, TypeError) as error:
            name = tokenizer.name_or_path
            raise EngineError(f"--model {name}: its chat template refuses the prompt ({error})") from error
    else:
        text = "\n\n".join(message.content for message in prompt.messages)
        # Of all that a tokenizer would add on its own, only the first BOS belongs before a text to be continued.
        bos = [tokenizer.bos_token_id] if tokenizer.bos_token_id in tokenizer("")["input_ids"][:1] else []
    return RenderedPrompt(text, [*bos, *tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]])


class Codec:
    """A tokenizer with its chat template.

    Args:
        tokenizer: of transformers.
        info: names the model, says whether it has a chat template and how many tokens it holds.
        end_token_ids: the tokens that end a reply.
        chat_template_kwargs: variables of the chat template, a JSON object.
    """

    def __init__(
        self, tokenizer: Any, info: EngineInfo, end_token_ids: Sequence[int], chat_template_kwargs: str = "{}"
    ) -> None:
        self._tokenizer = tokenizer
        self._chat_template_kwargs = chat_template_kwargs
        self._info = info
        self._end_token_ids = frozenset(end_token_ids)
        self._cut_is_said = False
        self._newlines_in = cache(lambda token_id: self._decode([token_id]).count("\n"))
        if info.chat_template_sha256 is None:
            LOG.warning(
                "%s has no chat template: its prompts are the text of the messages, joined by blank lines", info.model
            )

    # --- prompts ------------------------------------------------------------------------------------------------------

    def encode(self, prompt: Prompt, sampling: Sampling) -> EncodedPrompt | Response:
        """Return a prompt with its budget, or the response that says why it does not fit.

        Raises:
            EngineError: the chat template refuses the prompt.
        """
        if prompt.seed is None:
            raise ValueError(f"pack {prompt.pack_id} reached the engine without a seed")
        rendered = render_tokens(self._tokenizer, prompt, self._chat_template_kwargs)
        context, n_tokens = self._info.max_context_tokens, len(rendered.token_ids)
        budget = sampling.max_tokens if context is None else min(sampling.max_tokens, context - n_tokens)
        encoded = EncodedPrompt(prompt, rendered.token_ids, budget, prompt.seed, thinking_prefilled(rendered.text))
        if budget <= 0:
            return encoded.refuse(
                f"the prompt has {n_tokens} tokens, but {self._info.model} holds {context} with its reply; "
                "use a lower level or a model with a longer context"
            )
        if budget < sampling.max_tokens and not self._cut_is_said:
            self._cut_is_said = True
            LOG.warning(
                "--max-tokens %d: %s holds %d tokens with the prompt, so replies get what is left (here %d after %d)",
                *(sampling.max_tokens, self._info.model, context, budget, n_tokens),
            )
        return encoded

    # --- replies ------------------------------------------------------------------------------------------------------

    def respond(self, encoded: EncodedPrompt, token_ids: Sequence[int], latency_s: float) -> Response:
        """Return the response of what was generated; whatever follows the budget or the first end token is cut off."""
        reply = self.cut(encoded, token_ids)
        ended = bool(reply) and reply[-1] in self._end_token_ids
        text = self._decode_reply(encoded.token_ids[-_TAIL:], reply[:-1] if ended else reply)
        return respond(
            encoded.prompt,
            text,
            "stop" if ended else "length",
            prompt_tokens=len(encoded.token_ids),
            completion_tokens=len(reply),
            line_tokens=count_line_tokens(reply, self._newlines_in, text),
            thinking_prefilled=encoded.thinking_prefilled,
            latency_s=latency_s,
        )

    def cut(self, encoded: EncodedPrompt, token_ids: Sequence[int]) -> list[int]:
        """Return the tokens up to the budget or the first end token, which is kept."""
        within = list(token_ids[: encoded.budget_tokens])
        end = next((index for index, token in enumerate(within) if token in self._end_token_ids), len(within))
        return within[: end + 1]

    def _decode_reply(self, tail: list[int], token_ids: list[int]) -> str:
        """Decode a reply behind the end of its prompt: sentencepiece tokenizers drop a blank that begins a text."""
        head, whole = self._decode(tail), self._decode(tail + token_ids)
        return whole[len(head) :] if whole.startswith(head) else self._decode(token_ids)

    def _decode(self, token_ids: list[int]) -> str:
        return str(self._tokenizer.decode(token_ids, skip_special_tokens=False, clean_up_tokenization_spaces=False))
