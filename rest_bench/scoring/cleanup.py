r"""Bring an answer into one dialect of LaTeX: style, spacing and Unicode gone, words told apart from symbols.

What comes out has commands for all symbols, braces round all arguments, and every run of words as `\\text{...}`, which
then holds letters only. Nothing here computes or guesses.
"""

import re
from collections.abc import Callable

from rest_bench.scoring.characters import plain_characters
from rest_bench.scoring.latex import group_end
from rest_bench.scoring.units import is_unit_word

MAX_LENGTH = 2000
"""Characters of an answer that are looked into; longer ones are compared as they stand."""

# --- commands ---------------------------------------------------------------------------------------------------------

Rule = tuple[re.Pattern[str], str]


_COMMAND_END = re.compile(r"(?<!\\)\\b")


def _rules(*pairs: tuple[str, str]) -> tuple[Rule, ...]:
    r"""Compile replacements; `\b` ends a command: a digit may follow it (`\times10`), a letter may not."""
    return tuple((re.compile(_COMMAND_END.sub("(?![A-Za-z])", pattern)), replacement) for pattern, replacement in pairs)


def _apply(rules: tuple[Rule, ...], text: str) -> str:
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text


_DOUBLED_BACKSLASH = re.compile(r"\\\\(?=[A-Za-z%$,;!{}])")

_LAYOUT = _rules(
    (r"\s*\\!\s*", ""),
    (r"\\[hv]space\*?\{[^{}]*\}|\\phantom\{[^{}]*\}|\\label\{[^{}]*\}|\\tag\*?\{[^{}]*\}", " "),
    (r"(?<!\\)\\(?:[,:;> ]|qquad\b|quad\b|enspace\b|thinspace\b|medspace\b|thickspace\b|newline\b)|~", " "),
    (r"\\(?:left|right|[bB]igg?[lrm]?)\s*(?![A-Za-z])\.?", ""),
    (r"\\(?:display|text|script)style\b|\\(?:no)?limits\b", ""),
    (r"\\(?:tiny|small|normalsize|large|Large|LARGE|huge|Huge)\b", ""),
    (r"\\(?:text|f)?color(?:box)?(?:\[[^\[\]]*\])?\s*\{[^{}]*\}", ""),
    (r"\\(?:boxed|fbox|underline|cancel)\b", ""),
    (r"\\(?:mathbf|boldsymbol|bm|pmb|mathit|mathsf|mathcal|mathnormal|mathstrut|bf|it)\b", ""),
    (r"\\mathrm\s*\{\s*([eid])\s*\}", r"\1"),
    (r"(?<=\d)\s*\^\s*\{\s*(?:\\(?:text|mathrm)\{)?(?:th|st|nd|rd)\}?\s*\}|\\checkmark\b", ""),
    (r"\\(?:lbrace|left\\lbrace)\b", r"\\{"),
    (r"\\rbrace\b", r"\\}"),
    (r"\\lbrack\b", "["),
    (r"\\rbrack\b", "]"),
    (r"\\[lr]?vert\b|\\[lr]Vert\b|\\mid\b", "|"),
    (r"(?<!\\)\\[\[\]()]", " "),
    (r"(?<=\d)\s*([ap])\.m\.?", r" \\text{\1m}"),
)  # fmt: skip
"""How a formula looks and not what it says."""

_SYMBOLS = _rules(
    (r"\\[dtc]frac\b", r"\\frac"),
    (r"\\d?binom\b|\\tbinom\b", r"\\binom"),
    (r"\*\*", "^"),
    (r"\\times\b|\\ast\b|\*|\\cdotp\b|\\bullet\b", r"\\cdot "),
    (r"\\div\b", "/"),
    (r"\\leq(?:slant|q)?\b|\\le\b|<=|=<", r"\\le "),
    (r"\\geq(?:slant|q)?\b|\\ge\b|>=", r"\\ge "),
    (r"\\neq?\b|!=|\\not\s*=", r"\\ne "),
    (r"\\lt\b|&lt;", "<"),
    (r"\\gt\b|&gt;", ">"),
    (r"\\(?:thick)?approx\b|\\simeq\b|\\doteq\b|\\sim\b|~=", r"\\approx "),
    (r"\\(?:implies|iff|to|rightarrow|Longrightarrow|longrightarrow)\b|=>", r"\\Rightarrow "),
    (r"\\(?:varnothing|empty)\b", r"\\emptyset "),
    (r"\\infin\b|\\infty\b", r"\\infty "),
    (r"\\[cl]?dots[a-z]?\b|\.\.\.", r"\\ldots "),
    (r"\\lor\b|\\vee\b", r"\\text{or}"),
    (r"\\land\b|\\wedge\b", r"\\text{and}"),
    (r"\\b?mod\b|\\pmod\b", r"\\mod "),
    (r"\\degree\b|\^\s*\{?\s*\\circ\s*\}?", r"^\\circ "),
    (r"(?<!\\)%", r"\\%"),
    (r"\\R\b", r"\\mathbb{R}"),
    (r"\\(?:textdollar|dollar)\b", r"\\$"),
    (r"\\(?:pounds|textsterling)\b", "£"),
    (r"\\(?:euro|texteuro)\b", "€"),
    (r"\{,\}(?=\d)", ","),
)
"""One spelling for each sign."""


def _dollars(text: str) -> str:
    """Remove the dollars round mathematics and keep those that are money."""
    if len(re.findall(r"(?<!\\)\$", text)) % 2:
        return re.sub(r"(?<!\\)\$", r"\\$", text)
    return re.sub(r"(?<!\\)\$", " ", text)


def _over(text: str) -> str:
    return re.sub(r"\{([^{}]*)\\over\b([^{}]*)\}", r"\\frac{\1}{\2}", text)


_ARGUMENT = r"\s*(\{|\d|[A-Za-z]|\\[A-Za-z]+)"
_NAKED = (
    re.compile(r"(\\frac)\s*(\d|[A-Za-z](?![A-Za-z]))"),
    re.compile(r"(\\frac\{[^{}]*\})\s*(\d|[A-Za-z](?![A-Za-z]))"),
    re.compile(r"(\\sqrt(?:\[[^\[\]]*\])?)\s*(\d|[A-Za-z](?![A-Za-z]))"),
    re.compile(r"(\^)\s*(\d+|[A-Za-z](?![A-Za-z])|[+-]\d+)"),
    re.compile(r"(_)\s*(\d+|[A-Za-z](?![A-Za-z]))"),
)
"""Arguments without braces: one digit or letter; of a power all digits, as `2^10` is meant and not as it is set."""


def _arguments(text: str) -> str:
    """Give every argument its braces, `sqrt(50)` and `√50` included."""
    text = re.sub(r"(?<!\\)\bsqrt|√", r"\\sqrt", re.sub(r"(√|(?<!\\)\bsqrt)\s*(\d+(?:\.\d+)?)", r"\\sqrt{\2}", text))
    text = _round_to_curly(text, re.compile(r"\\sqrt\s*\(|\^\s*\("))
    for pattern in _NAKED:
        text = pattern.sub(r"\1{\2}", text)
    return re.sub(r"\^\s*\{\s*\\prime\s*\}", "'", text)


_MAX_ROUND = 40


def _round_to_curly(text: str, before: re.Pattern[str]) -> str:
    """Write the round brackets that are an argument as braces."""
    for _ in range(_MAX_ROUND):
        if (match := before.search(text)) is None:
            break
        start, end = match.end() - 1, group_end(text, match.end() - 1)
        text = f"{text[: match.start()]}{match.group()[:-1].strip()}{{{text[start + 1 : end - 1]}}}{text[end:]}"
    return text


# --- words ------------------------------------------------------------------------------------------------------------

_TEXT_COMMAND = re.compile(
    r"\\(?:text(?:bf|it|rm|sf|tt|sc|up|normal)?|[mh]box|mathrm|operatorname\*?|emph|mathtt|textnormal)\s*\{"
)
_WORD = re.compile(r"(?<!\\)[^\W\d_]+(?:[.'’ -]+[^\W\d_]+)*\.?")
_FUNCTIONS = frozenset(
    {
        "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "log",
        "ln", "lg", "exp", "gcd", "lcm", "min", "max", "mod", "det",
    }
)  # fmt: skip
_NAMES = {"pi": r"\pi ", "infinity": r"\infty ", "infty": r"\infty ", "inf": r"\infty ", "oo": r"\infty "}
_SHORT_WORDS = frozenset(
    {
        "and", "or", "the", "is", "are", "yes", "no", "not", "odd", "for", "all", "any", "per", "of", "if", "as",
        "to", "base",
    }
)  # fmt: skip
_LETTERS = re.compile(r"\\(?:begin|end|mathbb)\{[^{}]*\}|\\text\{[^{}]*\}|\\[A-Za-z]+|[^\W\d_]{2,}")


def _text_commands(text: str) -> str:
    """Wrap the words inside text commands, and set free the numbers and signs between them."""
    parts, position = [], 0
    while match := _TEXT_COMMAND.search(text, position):
        end = group_end(text, match.end() - 1)
        content = text[match.end() : end - 1]
        is_function = "operatorname" in match.group() and content.strip() in _FUNCTIONS
        words = rf"\{content.strip()} " if is_function else _WORD.sub(lambda word: _wrap(word.group()), content)
        parts += [text[position : match.start()], words]
        position = end
    return "".join([*parts, text[position:]])


def _wrap(words: str) -> str:
    """Mark words as such; "and" and "or" stand alone, as they may part a list."""
    runs = [run for run in re.split(r"(?<![^\s])(and|or)(?![^\s])", " ".join(words.split())) if run.strip()]
    return " ".join(rf"\text{{{run.strip().rstrip('.')}}}" for run in runs)


def _bare_words(text: str) -> str:
    """Wrap words that stand among the symbols: four letters or a known word; shorter runs are products."""
    text = _MINUTES.sub(r" \\text{min}", _LETTERS.sub(lambda match: _bare_word(match.group()), text))
    while (joined := _NEIGHBOURS.sub(r"\\text{\1 \2}", text)) != text:
        text = joined
    return text


_NEIGHBOURS = re.compile(r"\\text\{(?!and\}|or\})([^{}]*)\}\s*\\text\{(?!and\}|or\})([^{}]*)\}")
_MINUTES = re.compile(r"(?<=[\d}])\s*\\min(?!\s*[\\({_A-Za-z\d])")


def _bare_word(word: str) -> str:
    if word[0] == "\\":
        return word
    if word in _FUNCTIONS:
        return rf"\{word} "
    if word.lower() in _NAMES:
        return _NAMES[word.lower()]
    is_word = len(word) >= 4 or word.lower() in _SHORT_WORDS or is_unit_word(word) or not word.isascii()
    return _wrap(word) if is_word else word


# --- the whole --------------------------------------------------------------------------------------------------------

_LOOSE_BRACES = re.compile(
    r"(?<![\\A-Za-z^_}\]])\{([^{}]*)\}|(?<![A-Za-z^_}\]\\])\{(\\[A-Za-z]+\{[^{}]*\}\{[^{}]*\})\}"
)
_LABEL = re.compile(
    r"^\s*(?:\\text\{(?:the )?(?:final )?(?:answer|ans|solution|result|question|problem|q)(?: to q)?(?: is)?\}"
    r"|[QA](?=\s*\d*\s*:))\s*\d*\s*[:=.]?\s*(?=\S)",
    re.IGNORECASE,
)
_EDGES = " \t\n.,;:`*\"'"


def _tidy(text: str) -> str:
    """Drop braces that group nothing, blanks in a row, and punctuation at the ends."""
    for _ in range(8):
        if (tidied := _LOOSE_BRACES.sub(r"\1\2", text)) == text:
            break
        text = tidied
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\\\\\s*$", "", text)
    return text.rstrip(_EDGES).lstrip(' \t\n,;:`*"')


def _label(text: str) -> str:
    """Drop a label: `Answer: 5`, `Q2: 7`."""
    return _LABEL.sub("", text, count=1)


def _backslashes(text: str) -> str:
    return text if r"\begin" in text else _DOUBLED_BACKSLASH.sub(r"\\", text)


STEPS: tuple[Callable[[str], str], ...] = (
    plain_characters,
    _backslashes,
    _dollars,
    lambda text: _apply(_LAYOUT, text),
    _text_commands,
    lambda text: _apply(_SYMBOLS, text),
    _over,
    _arguments,
    _bare_words,
    _tidy,
    _label,
    _tidy,
)


def clean(text: str) -> str:
    """Return an answer of at most MAX_LENGTH characters in the common dialect."""
    for step in STEPS:
        text = step(text)
    return text
