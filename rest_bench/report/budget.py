"""What a reply could have, in words: the setting, or what the context left of it."""

from collections.abc import Mapping


def budget_words(
    max_tokens: int, context_tokens: int | None = None, shortest_prompts: Mapping[int, int] | None = None
) -> str:
    """Return how long a reply could be, such as `at most 963 tokens, what the context of 1,024 leaves of 32,768`.

    Args:
        max_tokens: the setting.
        context_tokens: of prompt and reply together; null where it is unknown or has no end.
        shortest_prompts: level to the tokens of its shortest prompt, which leaves most; levels whose prompts nobody
            counted are not there.
    """
    setting = f"at most {max_tokens:,} tokens"
    if context_tokens is None:
        return setting
    left = {level: max(0, context_tokens - tokens) for level, tokens in sorted((shortest_prompts or {}).items())}
    if not left:
        return setting if max_tokens < context_tokens else f"{setting} or what the context of {context_tokens:,} leaves"
    held = {level: min(max_tokens, tokens) for level, tokens in left.items()}
    if min(held.values()) == max_tokens:
        return setting
    return f"at most {_by_level(held)}, what the context of {context_tokens:,} leaves of {max_tokens:,}"


def _by_level(held: Mapping[int, int]) -> str:
    """Return the budgets of the lowest and the highest level, which has the longest prompts; one where they agree."""
    (low, most), *others = held.items()
    if not others or others[-1][1] == most:
        return f"{most:,} tokens"
    high, least = others[-1]
    return f"{most:,} tokens at level {low} and {least:,} at level {high}"
