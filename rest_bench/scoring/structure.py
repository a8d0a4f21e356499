"""Read the shape of a cleaned answer: where its commas, brackets and equals signs are, not what they come to."""

import re
from collections.abc import Callable
from dataclasses import replace

from rest_bench.scoring.latex import WORDS, inside, plain, split
from rest_bench.scoring.numbers import read_number
from rest_bench.scoring.regions import (
    as_region,
    condition_list,
    read_bracketed,
    read_relation,
    read_union,
)
from rest_bench.scoring.shapes import (
    Assignment,
    Collection,
    Equation,
    Matrix,
    Parts,
    Shape,
    Value,
    Words,
    is_name,
)
from rest_bench.scoring.units import split_unit

_AND, _OR = r"\text{and}", r"\text{or}"
_SEPARATORS = frozenset({",", ";", _AND, _OR})
_OXFORD = re.compile(r"[,;]\s*(?=\\text\{(?:and|or)\})")
_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?!\d|,\d)")


def read_shape(text: str, *, join_thousands: bool = True) -> Shape:
    """Return the shape of a text that `clean` returned.

    Args:
        text: not nested too deeply: every bracket costs a call.
        join_thousands: read `1,234` outside brackets as one number and not as a list.
    """
    text = _one_form(without_remark(unwrap(text)))
    if join_thousands:
        text = _join_thousands(text)
    texts, separators = split(_OXFORD.sub(" ", text), _SEPARATORS.__contains__)
    parts = [part for part in texts if part]
    if len(parts) < 2:
        return _read_one(parts[0] if parts else text)
    return _read_list([_read_one(without_remark(unwrap(part))) for part in parts], is_hedge=_OR in separators)


# --- what stands round an answer --------------------------------------------------------------------------------------


def unwrap(text: str) -> str:
    """Drop round brackets and braces round the whole of a single thing."""
    while (enclosed := inside(text)) and enclosed[0] in ("(", "{") and enclosed[2] in (")", "}"):
        if len(split(enclosed[1], lambda token: token in (",", ";"))[0]) > 1:
            break
        text = enclosed[1]
    return text


_REMARKS = frozenset(
    {
        "since", "because", "as", "where", "so", "which", "from", "with", "using", "by", "check", "namely",
    }
)  # fmt: skip
_HEDGES = frozenset(["or", "maybe", "possibly", "perhaps", "not"])
_TRAILING_BRACKET = re.compile(r"(?P<before>.*\S)\s*\((?P<inside>\\text\{(?P<words>[^{}]*)\}[^()]*)\)", re.DOTALL)


def without_remark(text: str) -> str:
    """Cut what only explains a value: `5 (since x > 0)`. A hedge stays; `(base 8)` and `(cm)` lose their brackets."""
    if match := _TRAILING_BRACKET.fullmatch(text):
        words = match["words"].lower().split()
        if words[:1] == ["base"] or split_unit(f"1 {match['inside']}").unit in _BRACKETED_UNITS:
            text = f"{match['before']} {match['inside']}"
        elif not _HEDGES & set(words):
            text = match["before"]
    parts, separators = split(
        text, lambda token: bool((words := WORDS.fullmatch(token)) and _is_remark(words.group(1)))
    )
    return parts[0] if separators and parts[0] else text


_BRACKETED_UNITS = frozenset(
    {
        "mm", "cm", "m", "km", "in", "ft", "yd", "mi", "mg", "g", "kg", "lb", "oz", "s", "min", "h", "day", "year",
        "degree", "rad", "cent", "$", "%",
    }
)  # fmt: skip


def _is_remark(words: str) -> bool:
    return words.lower().split()[:1] != [] and words.lower().split()[0] in _REMARKS


def _one_form(text: str) -> str:
    """Of `a = b, that is about c` keep the exact form, of a chain of conclusions the last."""
    conclusions, _ = split(text, lambda token: token == r"\Rightarrow")
    forms, _ = split(next((part for part in reversed(conclusions) if part), text), lambda token: token == r"\approx")
    return next((form for form in forms if form), text)


def _join_thousands(text: str) -> str:
    """Take the commas out of `1,234,567`, but not inside brackets: `(100,200)` is a pair."""
    return _THOUSANDS.sub(
        lambda match: match.group() if _inside_brackets(text, match.start()) else match.group().replace(",", ""), text
    )


def _inside_brackets(text: str, index: int) -> bool:
    return len(re.findall(r"[(\[{]", text[:index])) > len(re.findall(r"[)\]}]", text[:index]))


# --- lists ------------------------------------------------------------------------------------------------------------


def _read_list(parts: list[Shape], is_hedge: bool) -> Shape:
    if (region := condition_list(parts, is_hedge)) is not None:
        return region
    equations = [part for part in parts if isinstance(part, Equation) and part.name and len(part.sides) == 2]
    names = [equation.name or "" for equation in equations]
    if parts[0] in equations and (len(equations) == 1 or (set(names) == {names[0]} and len(names) == len(parts))):
        values = [part.sides[1] if isinstance(part, Equation) else part for part in parts]
        return Equation((equations[0].sides[0], _list(values, is_hedge)), (equations[0].texts[0], ""))
    if len(names) == len(parts) == len(set(names)):
        return Assignment(tuple((name, equation.sides[1]) for name, equation in zip(names, equations, strict=True)))
    return _list(parts, is_hedge)


def _list(parts: list[Shape], is_hedge: bool = False) -> Collection:
    """Make a bare list; a part with ± counts for both of its values."""
    return Collection("list", _flat(parts), is_hedge=is_hedge)


def _flat(parts: list[Shape]) -> tuple[Shape, ...]:
    return tuple(
        value
        for part in parts
        for value in (part.parts if isinstance(part, Collection) and part.kind == "list" else (part,))
    )


# --- one thing --------------------------------------------------------------------------------------------------------


def _read_one(text: str) -> Shape:
    for read in _READERS:
        if (shape := read(text)) is not None:
            return shape
    return _read_value(text)


def _read_equation(text: str) -> Shape | None:
    texts, equals_signs = split(text, lambda token: token == "=")
    if not equals_signs or not all(texts):
        return None
    sides = tuple(_read_one(_one_form(unwrap(side))) for side in texts)
    names, values = sides[0], sides[1]
    if isinstance(names, Collection) and isinstance(values, Collection) and len(names.parts) == len(values.parts):
        named = [part.text for part in names.parts if isinstance(part, Value) and is_name(part.text)]
        if len(named) == len(values.parts):
            return Assignment(tuple(zip(named, values.parts, strict=True)))
    return Equation(sides, tuple(texts))


def _read_membership(text: str) -> Shape | None:
    parts, _signs = split(text, lambda token: token == r"\in")
    if len(parts) != 2 or not is_name(parts[0]):
        return None
    shape = _read_one(parts[1])
    region = None if isinstance(shape, Collection) and shape.kind == "set" else as_region(shape)
    return replace(region, variable=plain(parts[0])) if region is not None else shape


_MATRIX = re.compile(
    r"[(\[]?\s*\\begin\{(?:[pbB]|small)?matrix\}(?P<m>.*)\\end\{(?:[pbB]|small)?matrix\}\s*[)\]]?"
    r"|[(\[]?\s*\\begin\{array\}(?:\{[^{}]*\})?(?P<a>.*)\\end\{array\}\s*[)\]]?",
    re.DOTALL,
)
_LINES = re.compile(r"\\begin\{(?P<kind>cases|aligned|align\*?|gathered)\}(?P<lines>.*)\\end\{(?P=kind)\}", re.DOTALL)


def _read_matrix(text: str) -> Shape | None:
    if lines := _LINES.fullmatch(text):
        return read_shape(
            ", ".join(line.replace("&", " ").strip(" ,") for line in lines["lines"].split(r"\\") if line.strip())
        )
    match = _MATRIX.fullmatch(text)
    if match is None or r"\begin" in (content := match["m"] or match["a"] or ""):
        return None
    rows = [row for row in content.split(r"\\") if row.strip()]
    return Matrix(tuple(tuple(_read_one(cell.strip()) for cell in row.split("&")) for row in rows))


def _read_brackets(text: str) -> Shape | None:
    enclosed = inside(text)
    if enclosed is None:
        return None
    opening, content, closing = enclosed
    if opening == r"\{":
        return _read_set(content)
    texts, _ = split(content, lambda token: token in (",", ";"))
    if opening == "{" or len(texts) < 2 or not all(texts):
        return None
    return read_bracketed(opening, [read_shape(part) for part in texts], closing)


def _read_set(content: str) -> Shape:
    condition, bars = split(content, lambda token: token in ("|", ":"))
    if len(bars) == 1:
        return read_shape(condition[1])
    texts, _ = split(content, _SEPARATORS.__contains__)
    return Collection("set", _flat([_read_one(part) for part in texts if part])) if content else Words(r"\emptyset")


def _read_parts(text: str) -> Shape | None:
    quantity = split_unit(text)
    if re.fullmatch(r"\d{1,9}(?:\.\d{1,9}){2,20}", quantity.value):
        return Parts(".", tuple(Words(part) for part in quantity.value.split(".")), quantity.unit)
    parts, colons = split(quantity.value, lambda token: token == ":")
    if not colons or not all(parts):
        return None
    return Parts(":", tuple(_read_value(part) for part in parts), quantity.unit)


def _read_plus_minus(text: str) -> Shape | None:
    if len(re.findall(r"\\pm(?![A-Za-z])", text)) != 1:
        return None
    signs = (("+", "-"), ("-", "+"))
    both = [re.sub(r"\\mp(?![A-Za-z])", down, re.sub(r"\\pm(?![A-Za-z])", up, text)) for up, down in signs]
    return _list([_read_one(value.strip().removeprefix("+").strip()) for value in both])


_READERS: tuple[Callable[[str], Shape | None], ...] = (
    _read_equation,
    _read_membership,
    lambda text: read_relation(text, _read_value),
    lambda text: read_union(text, _read_one),
    _read_matrix,
    _read_brackets,
    _read_parts,
    _read_plus_minus,
)
"""Tried in order; the first that knows the text reads it."""

_BASE = re.compile(
    r"(?P<digits>[+-]?[0-9A-Fa-f]+(?:\.[0-9A-Fa-f]+)?)\s*(?:_\{\s*(?:\\text\{)?(?P<sub>\d+|[a-z]+)\}?\s*\}"
    r"|\\text\{base\}\s*(?P<word>\d+))"
)
_BASE_WORDS = {word: str(base) for base, word in enumerate(
    ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
     "fifteen", "sixteen"), start=2
)}  # fmt: skip
_LOOSE_DIGITS = re.compile(r"\d\s+[\d.]")
"""Algebra would read `4 2` as 42."""
_REALS = frozenset({r"\mathbb{R}", "allrealnumbers", "realnumbers", "allreals", "anyrealnumber", "allreal"})


def _read_value(text: str) -> Shape:
    if plain(text) in _REALS:
        infinity = (Value(r"-\infty"), Value(r"\infty"))
        return read_bracketed("(", list(infinity), ")")
    if (match := _BASE.fullmatch(text)) and (match["word"] or match["sub"].isdigit() or match["sub"] in _BASE_WORDS):
        base = match["word"] or match["sub"]
        return Value(match["digits"].upper(), base=_BASE_WORDS.get(base, base))
    value, scale, unit = split_unit(text)
    value = unwrap(value)
    number = read_number(value)
    if not value or WORDS.search(value) or (number is None and _LOOSE_DIGITS.search(value)):
        return Words(plain(text))
    if scale != 1:
        number = number and number._replace(value=number.value * scale)
        value = rf"{scale}({value})"
    return Value(value, number, unit)
