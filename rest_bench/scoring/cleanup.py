r"""Bring an answer into one dialect of LaTeX: style, spacing and Unicode gone, words told apart from symbols.

What comes out has commands for all symbols, braces round all arguments, and every run of words as `\\text{...}`, which
then holds letters only. Nothing here computes or guesses.
"""

import re
from collections.abc import Callable

from rest_bench.scoring.characters import LETTER, plain_characters
from rest_bench.scoring.counted import is_thing
from rest_bench.scoring.labels import without_label
from rest_bench.scoring.latex import brace_end, group_end
from rest_bench.scoring.measures import unit_of
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


_DOUBLED_BACKSLASH = re.compile(r"\\\\(?=[A-Za-z]{2}|[%$,;!{}])")

_LAYOUT = _rules(
    (r"(\\mathbb\s*\{?R\}?|(?<![A-Za-z\\])R)\s*\\\s*\\?\{([^{}\\]*)\\?\}", r"\1 \\setminus \\{\2\\}"),
    (r"\s*\\!\s*", ""),
    (r"\\ang\{([^{}]*)\}", r"\1^\\circ "),
    (r"\\num\{([^{}]*)\}", r"\1"),
    (r"\\cr\b|\\\\\s*\[\s*-?[\d.]+\s*[a-z]{2}\s*\]", r"\\\\"),
    (r"\\q?quad\b\s*(?=[A-Za-z]\s*=)", ", "),
    (r"\\[hv]space\*?\{[^{}]*\}|\\phantom\{[^{}]*\}|\\label\{[^{}]*\}|\\tag\*?\{[^{}]*\}", " "),
    (r"(?<!\\)\\(?:[,:;> ]|qquad\b|quad\b|enspace\b|thinspace\b|medspace\b|thickspace\b|newline\b)|~", " "),
    (r"\\(?:left|right|[bB]igg?[lrm]?)\s*(?![A-Za-z])\.?", ""),
    (r"\\(?:display|text|script)style\b|\\(?:no)?limits\b", ""),
    (r"\\(?:tiny|small|normalsize|large|Large|LARGE|huge|Huge)\b", ""),
    (r"\\fcolorbox\s*\{[^{}]*\}\s*\{[^{}]*\}", ""),
    (r"\\(?:text|f)?color(?:box)?(?:\[[^\[\]]*\])?\s*\{[^{}]*\}", ""),
    (r"\\(?:boxed|fbox|underline|ensuremath)\b", ""),
    (r"\\(?:mathbf|boldsymbol|bm|pmb|mathit|mathsf|mathcal|mathnormal|mathstrut|bf|it|rm|tt|sf)\b", ""),
    (r"\\mathrm\s*\{\s*([eid])\s*\}", r"\1"),
    (r"(?<![\d.,/])(\d+\s*/\s*\d+)\s*-?(?:ths?|rds?|nds?)(?![A-Za-z])", r"\1"),
    (r"\\setminus\s*\{([^{}\\]*)\}", r"\\setminus \\{\1\\}"),
    (r"\\forall\b", r"\\text{for all} "),
    (
        r"(?<=\d)(?:\s*\^\s*\{\s*(?:\\(?:text|mathrm)\{)?(?:th|st|nd|rd)\}?\s*\}|(?:th|st|nd|rd)(?![A-Za-z]))",
        r" \\text{th}",
    ),
    (r"\\(?:checkmark|blacksquare|square|qed|therefore)\b|__", ""),
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
    (r"\\(?:[dtcs]|nice)frac\b", r"\\frac"),
    (r"\\d?binom\b|\\tbinom\b", r"\\binom"),
    (r"\*\*", "^"),
    (r"(?<=\d)\\?_(?=\d{3}(?!\d))", ","),
    (r"(?<=\d)'(?=\d{3}(?!\d))", ","),
    (r"(?<=\d)\s*o'clock\b", r" \\text{uhr}"),
    (r"(?<=[a-zé]{4} )[dl]'(?=[^\W\d_]{3})", ""),
    (r"(?<=\d)\s*x\s*(?=10\s*\^)", r" \\cdot "),
    (r"(?<=\d)\\text\{([eE])\}(?=[+-]?\d)", r"\1"),
    (r"\+\s*/\s*-|^\s*\+-", r"\\pm "),
    (r"\\times\b|\\ast\b|\*|\\cdotp\b|\\bullet\b", r"\\cdot "),
    (r"\\div\b", "/"),
    (r"\\leq(?:slant|q)?\b|\\le\b|<=|=<", r"\\le "),
    (r"\\geq(?:slant|q)?\b|\\ge\b|>=", r"\\ge "),
    (r"\\neq?\b|(?<![\d)}\]!])!=|\\not\s*=", r"\\ne "),
    (r"\\lt\b|&lt;", "<"),
    (r"\\gt\b|&gt;", ">"),
    (r"\\(?:thick)?approx\b|\\simeq\b|\\doteq\b|\\sim\b|~=", r"\\approx "),
    (r"\\(?:implies|iff|to|rightarrow|Longrightarrow|longrightarrow)\b|=>", r"\\Rightarrow "),
    (r"\\(?:varnothing|empty)\b", r"\\emptyset "),
    (r"\\infin\b|\\infty\b", r"\\infty "),
    (r"\\[cl]?dots[a-z]?\b|\.\.\.", r"\\ldots "),
    (r"\\lor\b|\\vee\b", r"\\text{or}"),
    (r"\\land\b|\\wedge\b", r"\\text{and}"),
    (r"\\b?mod\b|\\pmod\b|\\text\{mod(?:ulo)?\}", r"\\mod "),
    (
        r"(?<=\d)\s*,?\s*(?:[rR]|\\text\{[rR]\}|(?:\\text\{)?(?:with (?:a )?)?"
        r"(?:remainder|[rR]est|reste|resto|rem)(?: of)?\}?)"
        r"\.?\s*(?=\d+\s*\.?$)",
        r" \\text{remainder} ",
    ),
    (r"\\degree\b|\^\s*(?:\{\s*\\circ\s*\}|\\circ\b)", r"^\\circ "),
    (r"(?<!\\)%", r"\\%"),
    (r"\\R\b|\\mathbb\s*R\b", r"\\mathbb{R}"),
    (r"\\bigcup\b|(?<=[\])}])\s*U\s*(?=[\[(\\])", r"\\cup "),
    (r"\\colon\b", ":"),
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
    text = re.sub(r"\{([^{}]*)\\choose(?![A-Za-z])([^{}]*)\}", r"\\binom{\1}{\2}", text)
    return re.sub(r"\{([^{}]*)\\over\b([^{}]*)\}", r"\\frac{\1}{\2}", text)


_ARGUMENT = r"\s*(\{|\d|[A-Za-z]|\\[A-Za-z]+)"
_NAKED = (
    re.compile(r"(\\frac)\s*(\d|[A-Za-z](?![A-Za-z]))"),
    re.compile(r"(\\frac\{[^{}]*\})\s*(\d|[A-Za-z](?![A-Za-z]))"),
    re.compile(r"(\\sqrt(?:\[[^\[\]]*\])?)\s*(\d|[A-Za-z](?![A-Za-z]))"),
    re.compile(r"(\^)\s*(\d+|[A-Za-z](?![A-Za-z])|[+-]\d+)"),
    re.compile(r"(_)\s*(\d+|[A-Za-z](?![A-Za-z])|\\text\{[^{}]*\})"),
)
"""Arguments without braces: one digit or letter; of a power all digits, as `2^10` is meant and not as it is set."""


def _arguments(text: str) -> str:
    """Give every argument its braces, `sqrt(50)` and `√50` included."""
    text = re.sub(
        r"(?<![\\A-Za-z])sqrt|√", r"\\sqrt", re.sub(r"(√|(?<![\\A-Za-z])sqrt)\s*(\d+(?:\.\d+)?)", r"\\sqrt{\2}", text)
    )
    text = _round_to_curly(text, re.compile(r"\\sqrt\s*\(|\^\s*\("))
    for pattern in _NAKED:
        text = pattern.sub(r"\1{\2}", text)
    return _PRIMES.sub(lambda match: "'" * match[1].count("prime"), text)


_PRIMES = re.compile(r"\^\s*\{\s*((?:\\prime\s*)+)\}")
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
_WORD = re.compile(rf"(?<!\\){LETTER}+(?:[.'’ -]+{LETTER}+)*\.?")
_FUNCTIONS = frozenset(
    {
        "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "log",
        "ln", "lg", "exp", "gcd", "lcm", "min", "max", "mod", "det",
    }
)  # fmt: skip
_NAMES = {"pi": r"\pi ", "infinity": r"\infty ", "infty": r"\infty ", "inf": r"\infty ", "oo": r"\infty ",
    "modulo": r"\mod ",
}  # fmt: skip
_SHORT_WORDS = frozenset(
    {
        "and", "or", "the", "is", "are", "yes", "no", "not", "odd", "for", "all", "any", "per", "of", "if", "as",
        "to", "base", "old", "und", "oder", "so", "set", "one", "two", "six", "ten", "por", "dos", "due", "tre",
    }
)  # fmt: skip
_LETTERS = re.compile(r"\\(?:begin|end|mathbb)\{[^{}]*\}|\\text\{[^{}]*\}|\\[A-Za-z]+|[^\W\d_]{2,}|[^\W\d_A-Za-z]")
_ALL_LETTERS = re.compile(
    rf"\\(?:begin|end|mathbb)\{{[^{{}}]*\}}|\\text\{{[^{{}}]*\}}|\\[A-Za-z]+|{LETTER}{{2,}}|[^\W\d_A-Za-z]"
)


def _text_commands(text: str) -> str:
    """Wrap the words inside text commands, and set free the numbers and signs between them."""
    parts, position = [], 0
    while match := _TEXT_COMMAND.search(text, position):
        end = brace_end(text, match.end() - 1)
        content = text[match.end() : end - 1]
        is_function = "operatorname" in match.group() and content.strip() in _FUNCTIONS
        if is_function:
            words = rf"\{content.strip()} "
        elif "\\" in content:
            words = _text_commands(content)
        else:
            words = _WORD.sub(lambda word: _wrap(word.group()), content)
        parts += [text[position : match.start()], words]
        position = end
    return "".join([*parts, text[position:]])


_CONJUNCTIONS = {
    "as well as": "and", "et": "and", "und": "and", "和": "and", "与": "and", "及": "and", "ou": "or", "oder": "or",
    "或": "or",
}  # fmt: skip
_CONJUNCTION = re.compile(rf"(?<![^\s])({'|'.join(['and', 'or', *_CONJUNCTIONS])})(?![^\s])")


def _wrap(words: str) -> str:
    """Mark words as such; "and" and "or" stand alone, as they may part a list."""
    runs = [run.strip() for run in _CONJUNCTION.split(" ".join(words.split())) if run.strip()]
    return " ".join(rf"\text{{{_CONJUNCTIONS.get(run, run.rstrip('.'))}}}" for run in runs)


def _bare_words(text: str) -> str:
    """Wrap words that stand among the symbols: four letters or a known word; shorter runs are products."""
    letters = _LETTERS if text.isascii() else _ALL_LETTERS
    text = _SECONDS.sub(
        r" \\text{s}", _MINUTES.sub(r" \\text{min}", letters.sub(lambda match: _bare_word(match.group()), text))
    )
    text = _BARE_THING.sub(
        lambda match: rf"\text{{{match[1]}}}" if is_thing(match[1]) or unit_of(match[1]) else match[1], text
    )
    text = _ARTICLE.sub(r" \\text{\1} ", text)
    while (joined := _NEIGHBOURS.sub(r"\\text{\1 \2}", text)) != text:
        text = joined
    return text


_NEIGHBOURS = re.compile(r"\\text\{(?!and\}|or\})([^{}]*)\}\s*\\text\{(?!and\}|or\})([^{}]*)\}")
_BARE_THING = re.compile(r"(?<=\d )([a-z]{3})(?=$|\.$| \\text\{(?!and\}|or\}))")
"""Three letters behind a number: `42 red balls`, `3 men`."""
_ARTICLE = re.compile(r"(?<=\}) (an?|de|di|du|of) (?=\\text\{)")
_MINUTES = re.compile(r"(?<=[\d}/])\s*\\min(?!\s*[\\({_A-Za-z\d])")

_SECONDS = re.compile(r"(?<=[\d}/])\s*\\sec(?!\s*[\\({_^A-Za-z\d])")


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
_EDGES = " \t\n.,;:`*"
_QUOTES = "\"'`"


def _tidy(text: str) -> str:
    """Drop braces that group nothing, blanks in a row, and punctuation at the ends."""
    for _ in range(8):
        if (tidied := _LOOSE_BRACES.sub(r"\1\2", text)) == text:
            break
        text = tidied
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\\\\\s*$", "", text).rstrip(_EDGES).lstrip(" \t\n,;:=`*")
    if text[:1] and text[0] in _QUOTES and text[-1] in _QUOTES:
        text = text.strip(_QUOTES)
    return text.rstrip(_EDGES)


_SI_UNIT = re.compile(r"\\(?:SI|qty)\s*(?:\[[^\[\]]*\])?\{([^{}]*)\}\s*\{([^{}]*)\}")
_OUTWARD = re.compile(r"([\[\]])([^\[\]()]*[^\s\[\]()]\s*[,;]\s*[^\s\[\]()][^\[\]()]*)([\[\]])")
_PARTING = _rules(
    (r"\\\\", ", "),
    (r"\\&|(?<=\d)\s*&\s*(?=[\d\\-])|(?<=[\d})])\s+et\s+(?=[\d\\(+-])", r" \\text{and} "),
    (r"(?<=[\d})])\s+ou\s+(?=[\d\\(+-])", r" \\text{or} "),
)
"""What parts the things of a list, line breaks among it; a matrix keeps its own."""


def _si_units(text: str) -> str:
    r"""Write `\SI{5}{\meter}` as a number and words."""
    return _SI_UNIT.sub(lambda match: rf"{match[1]} \text{{{match[2].replace(chr(92), ' ')}}}", text)


def _outward_brackets(text: str) -> str:
    """Write intervals with brackets turned outward, `]0, 9[`, with round ones."""
    return _OUTWARD.sub(
        lambda match: f"{'(' if match[1] == ']' else '['}{match[2]}{')' if match[3] == '[' else ']'}", text
    )


def _backslashes(text: str) -> str:
    return text if r"\begin" in text else _DOUBLED_BACKSLASH.sub(r"\\", text)


STEPS: tuple[Callable[[str], str], ...] = (
    plain_characters,
    _backslashes,
    _si_units,
    _dollars,
    lambda text: _apply(_LAYOUT, text),
    lambda text: text if r"\begin" in text else _apply(_PARTING, text),
    _outward_brackets,
    _text_commands,
    lambda text: _apply(_SYMBOLS, text),
    _over,
    _arguments,
    _bare_words,
    _tidy,
    without_label,
    _tidy,
)


def clean(text: str) -> str:
    """Return an answer of at most MAX_LENGTH characters in the common dialect."""
    for step in STEPS:
        text = step(text)
    return text
