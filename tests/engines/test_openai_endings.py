from typing import get_args

import pytest

from rest_bench.engines.openai_endings import _SPELLINGS, FINISH_REASONS, Ending, _key, read_ending

SPELLINGS: dict[Ending, str] = {
    "stop": "stop|STOP|Stop|eos|eos_token|EOS_TOKEN|end_turn|endTurn|end-turn|stop_sequence|stop_str|COMPLETE|completed"
    "|finished|FinishReason.STOP|FINISH_REASON_STOP| stop\n",
    "length": "length|max_tokens|MAX_TOKENS|maxTokens|max_new_tokens|max_output_tokens|token_limit|TOKEN_LIMIT"
    "|incomplete|model_length|model_context_window_exceeded|FinishReason.MAX_TOKENS",
    "repetition": "repetition|REPETITION",
    "filtered": "content_filter|SAFETY|RECITATION|refusal|PROHIBITED_CONTENT|SPII|BLOCKLIST|guardrail_intervened"
    "|sensitive|ContentFiltered",
    "called": "tool_calls|tool_use|function_call|MALFORMED_FUNCTION_CALL",
    "aborted": "abort|cancelled|USER_CANCEL|OTHER|time_limit",
    "failed": "error|network_error|insufficient_system_resource",
    "unsaid": "| |null|None|FINISH_REASON_UNSPECIFIED",
    "unknown": "glorp|stopp|1|stop now please",
}


@pytest.mark.parametrize(
    ("said", "ending"), [(said, ending) for ending, all_ in SPELLINGS.items() for said in all_.split("|")]
)
def test_spellings(said: str, ending: Ending) -> None:
    assert read_ending(said) == ending


def test_nothing_said_is_unsaid() -> None:
    assert read_ending(None) == "unsaid"


def test_no_spelling_means_two_things() -> None:
    keys = [_key(word) for words in _SPELLINGS.values() for word in words.split()]
    assert all(keys)
    doubled = {key for key in keys if keys.count(key) > 1}
    assert all(
        len({ending for ending, words in _SPELLINGS.items() if key in map(_key, words.split())}) == 1 for key in doubled
    )


def test_every_ending_has_a_finish_reason() -> None:
    assert set(FINISH_REASONS) == set(get_args(Ending))
