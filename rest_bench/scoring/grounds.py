r"""Conditions with a ground set: over the reals it says nothing, `x > 2, x \in \mathbb{R}`; any other one counts."""

import re
from collections.abc import Sequence

_NAME = r"(?P<name>[A-Za-z])"
_REALS = r"(?:\\mathbb\{R\}|R(?![A-Za-z_(^])|\\Re|\\text\{(?:the )?(?:set of )?(?:all )?real(?: number)?s\})"
_GROUND = re.compile(
    rf"(?:\\text\{{(?:for|where|with)?\s?(?:all|any|every)?\s?(?:real)?\}}\s*)?{_NAME}\s*"
    rf"(?:\\in\s*{_REALS}|\\text\{{(?:is )?(?:a |any )?real(?: number)?\}})"
)
_BEFORE = re.compile(
    rf"{_NAME}\s*\\in\s*{_REALS}\s*(?:[:|]|\\text\{{(?:with|where|such that|for which|and)\}})\s*(?P<condition>\S.*)"
)
_BEHIND = re.compile(rf"(?P<condition>.*[^\s,])\s*\(\s*{_NAME}\s*\\in\s*{_REALS}\s*\)")
_EXCEPT = re.compile(
    rf"(?:{_NAME}\s*\\in\s*)?(?:{_REALS}|\\text\{{(?:any |the )?real numbers?\}})\s*"
    r"(?:\\text\{(?:except|excluding|other than|but|but not)(?: for)?\})\s*(?:[A-Za-z]\s*=\s*)?(?P<out>.+)"
)
_ALL_EXCEPT = re.compile(
    r"\\text\{(?:all |any )?real(?: number)?s? (?:except|excluding|other than|but|but not)(?: for)?\}\s*"
    r"(?:[A-Za-z]\s*=\s*)?(?P<out>.+)"
)
_QUANTIFIED = re.compile(
    r"^\\text\{(?:for|for all|for any|for every|for all real|for real|real|all real)\}\s*"
    r"(?=[A-Za-z]\s*(?:[<>]|\\(?:le|ge|ne)(?![A-Za-z]))[^,;]*$)"
)
"""In front of a condition by itself."""
_BUILT = re.compile(
    r"^([A-Za-z])\s*[|:]\s*(?=[^|:]*(?<![\\A-Za-z])\1(?![A-Za-z]))(?=[^|:]*(?:[<>]|\\(?:le|ge|ne)(?![A-Za-z]))[^|:]*$)"
)
"""Of a set whose braces are no LaTeX: `{x | x > 2}`."""
_SIGN = re.compile(r"[<>]|\\(?:le|ge|ne|in)(?![A-Za-z])")


def without_ground(text: str) -> str:
    r"""Drop the reals in front of a condition: `x \in \mathbb{R} : x > 2`, `all real numbers except 2`."""
    text = _BUILT.sub("", _QUANTIFIED.sub("", text))
    if match := _BEFORE.fullmatch(text):
        return match["condition"]
    if match := _BEHIND.fullmatch(text):
        return match["condition"]
    match = _EXCEPT.fullmatch(text) or _ALL_EXCEPT.fullmatch(text)
    return rf"\mathbb{{R}}\setminus \{{{match['out'].replace(chr(92) + 'text{and}', ',')}\}}" if match else text


def without_grounds(parts: Sequence[str]) -> list[str]:
    """Drop from a list of conditions those that only say that a name is real, where another one speaks of it."""
    grounds = {part: match["name"] for part in parts if (match := _GROUND.fullmatch(part))}
    others = [part for part in parts if part not in grounds]
    spoken_of = {name for part in others if _SIGN.search(part) for name in re.findall(r"(?<![\\A-Za-z])[A-Za-z]", part)}
    if not others:
        return list(parts)
    return [part for part in parts if part not in grounds or grounds[part] not in spoken_of]


def ground_of(condition: str) -> str | None:
    r"""Return the ground set before the bar of a set, as in `x \in \mathbb{Z}`; null where it is the reals or none."""
    match = re.fullmatch(r"\(?[^\\]*?\s*\\in\s*(?P<ground>\S.*)", condition)
    return None if match is None or re.fullmatch(_REALS, match["ground"]) else match["ground"]
