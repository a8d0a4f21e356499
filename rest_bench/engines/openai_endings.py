"""How a server says that a reply ended: one table of the spellings in use."""

import re
from typing import Literal

from rest_bench.schema import FinishReason

Ending = Literal["stop", "length", "repetition", "filtered", "called", "aborted", "failed", "unsaid", "unknown"]
"""What a finish reason means.

stop, length and repetition are those of a response. `filtered`: a content filter ended it; `called`: it was read as a
call of a tool; `aborted`: the server ended it; `failed`: the server broke down over it; `unsaid`: nothing is said;
`unknown`: in a word that the table lacks.
"""

FINISH_REASONS: dict[Ending, FinishReason | None] = {
    "stop": "stop",
    "length": "length",
    "repetition": "repetition",
    "filtered": "error",
    "called": "error",
    "aborted": "error",
    "failed": "error",
    "unsaid": None,
    "unknown": None,
}
"""An ending to the finish reason of the response; null where nobody said how it ended."""

_SPELLINGS: dict[Ending, str] = {
    "stop": """
        stop stopped stop_sequence stop_token stop_str stop_string stop_word stop_criteria matched_stop
        eos eos_token eos_found eot eot_token end end_turn end_of_turn end_of_text end_of_sequence endoftext
        complete completed completion finish finished done success natural normal
    """,
    "length": """
        length max_length max_len length_limit length_exceeded length_cap
        max_tokens max_token max_new_tokens max_output_tokens max_completion_tokens max_generated_tokens
        maximum_tokens max_tokens_reached max_tokens_exceeded token_limit tokens_limit token_limit_reached
        output_limit output_length limit incomplete truncated truncation cutoff
        model_length context_length context_length_exceeded context_window_exceeded model_context_window_exceeded
        context_limit num_ctx num_predict budget
    """,
    "repetition": "repetition repetitions repetition_detected repetition_stop repeat repeated loop loop_detected",
    "filtered": """
        content_filter content_filtered content_filter_result filter filtered safety image_safety unsafe
        refusal refused recitation image_recitation blocked blocklist block prohibited_content spii sensitive
        sensitive_content moderation moderated policy policy_violation content_policy content_policy_violation
        guardrail guardrails guardrail_intervened error_toxic malicious language
    """,
    "called": """
        tool_calls tool_call tool_use tool function_call function_calls
        malformed_function_call unexpected_tool_call malformed_tool_call
    """,
    "aborted": """
        abort aborted cancel cancelled canceled user_cancel user_cancelled interrupted disconnect disconnected
        stopped_by_user preempted killed shutdown unload unloaded load timeout timed_out time_limit other
    """,
    "failed": """
        error errored failed failure internal_error server_error network_error error_network model_error upstream_error
        provider_error exception insufficient_system_resource overloaded unavailable
    """,
    "unsaid": "null none nil undefined unknown unspecified n_a not_finished running in_progress",
}
"""An ending to the words of vLLM, SGLang, TGI, llama.cpp, Together, Anthropic, Gemini, Cohere, Mistral, DeepSeek, xAI,
Z.ai, Bedrock, watsonx and of gateways before them; compared without case, blanks and punctuation."""


def _key(spelling: str) -> str:
    """Return a spelling as it is compared: `FinishReason.MAX_TOKENS`, `max-tokens` and `maxTokens` are one."""
    bare = re.sub(r"[\W_]", "", spelling.rpartition(".")[2].casefold())
    return bare.removeprefix("finishreason") or bare


_ENDINGS: dict[str, Ending] = {_key(word): ending for ending, words in _SPELLINGS.items() for word in words.split()}


def read_ending(finish_reason: str | None) -> Ending:
    """Return what a server's finish reason means."""
    key = _key(finish_reason or "")
    return _ENDINGS.get(key, "unknown") if key else "unsaid"
