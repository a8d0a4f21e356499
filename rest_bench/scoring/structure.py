"""Read the shape of a cleaned answer: where its commas, brackets and equals signs are, not what they come to."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from rest_bench.scoring.grounds import ground_of, without_ground, without_grounds
from rest_bench.scoring.latex import WORDS, inside, plain, split
from rest_bench.scoring.numbers import read_number
from rest_bench.scoring.regions import (
    as_region,
    condition_list,
    read_bracketed,
    read_relation,
    read_union,
)
from rest_bench.scoring.remarks import SEPARATORS, unwrap, without_remark
from rest_bench.scoring.shapes import (
    EMPTY_SET,
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
from rest_bench.scoring.spoken import in_digits, without_and
from rest_bench.scoring.units import split_unit

Joint = Literal["or", "and", ","]
"""What joins the things of a list."""
_AND, _OR = r"\text{and}", r"\text{or}"
_OXFORD = re.compile(r"[,;]\s*(?=\\text\{(?:and|or)\})")
_LAKHS = re.compile(r"(?<![\d.,])\d{1,2}(?:,\d{2})+,\d{3}(?!\d|,\d)")
_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?!\d|,\d)")


def read_shape(text: str, *, join_thousands: bool = True) -> Shape:
    """Return the shape of a text that `clean` returned.

    Args:
        text: not nested too deeply: every bracket costs a call.
        join_thousands: read `1,234` outside brackets as one number and not as a list.
    """
    text = without_and(text)
    text = without_ground(unwrap(text)) if _MAY_HAVE_GROUND.search(text) else text
    text = _one_form(without_remark(unwrap(_as_equation(text))))
    if join_thousands:
        text = _join_thousands(text)
    texts, separators = split(_OXFORD.sub(" ", text), SEPARATORS.__contains__)
    parts = _without_exceptions(without_grounds([part for part in texts if part]) if len(texts) > 1 else texts)
    if len(parts) < 2:
        return _read_one(parts[0] if parts else text)
    joined_by: Joint = "or" if _OR in separators else "and" if _AND in separators else ","
    return _read_list([_read_one(without_remark(unwrap(part))) for part in parts], joined_by)


_IS = re.compile(r"\\text\{(?:([^{}]+) )?(?:is|equals|is equal to|i\.e|that is|equivalently)\}\s*,?\s*(?=\S)")
_EXCEPTION = re.compile(r"[A-Za-z]\s*\\ne(?![A-Za-z]).*")


def _as_equation(text: str) -> str:
    """Write `x is 5` and `3/2, i.e. 1.5` with an equals sign."""
    signed = _IS.sub(lambda match: (rf"\text{{{match[1]}}}" if match[1] else "") + "=", text)
    return re.sub(r",\s*(?==)", "", signed) if signed != text else text


def _without_exceptions(parts: list[str]) -> list[str]:
    r"""Drop where an expression is not defined: `x + 1, x \ne 1`."""
    rest = [part for part in parts if not _EXCEPTION.fullmatch(part)]
    return rest or parts


def _one_form(text: str) -> str:
    """Of `a = b, that is about c` keep the exact form, of a chain of conclusions the last."""
    conclusions, _ = split(text, lambda token: token == r"\Rightarrow")
    stated = [part for part in conclusions if part]
    numbers = [number.value for part in stated if (number := read_number(part))]
    if not all(map(_STATES.search, stated[:-1])) and (len(numbers) < len(stated) or len(set(numbers)) > 1):
        return text  # 5 \to 6 goes from one value to another, and concludes nothing
    forms, _ = split(next((part for part in reversed(conclusions) if part), text), lambda token: token == r"\approx")
    return next((form for form in forms if form), text)


_MAY_HAVE_GROUND = re.compile(r"R|real|\\text\{for|^\{?[A-Za-z]\s*[|:]")
_STATES = re.compile(r"[=<>]|\\(?:le|ge|ne|in|equiv)(?![A-Za-z])")


def _join_thousands(text: str) -> str:
    """Take the commas out of `1,234,567`, but not inside brackets: `(100,200)` is a pair; rupees go by the lakh."""
    if "₹" in text or "৳" in text:
        text = _LAKHS.sub(lambda match: match.group().replace(",", ""), text)
    return _THOUSANDS.sub(
        lambda match: match.group() if _inside_brackets(text, match.start()) else match.group().replace(",", ""), text
    )


def _inside_brackets(text: str, index: int) -> bool:
    return len(re.findall(r"[(\[{]", text[:index])) > len(re.findall(r"[)\]}]", text[:index]))


# --- lists ------------------------------------------------------------------------------------------------------------


def _read_list(parts: list[Shape], joined_by: Joint) -> Shape:
    if (region := condition_list(parts, joined_by)) is not None:
        return region
    is_hedge = joined_by == "or"
    equations = [part for part in parts if isinstance(part, Equation) and part.name and len(part.sides) == 2]
    names = [equation.name or "" for equation in equations]
    if parts[0] in equations and (len(equations) == 1 or (set(names) == {names[0]} and len(names) == len(parts))):
        values = [part.sides[1] if isinstance(part, Equation) else part for part in parts]
        several = _list(values, is_hedge)
        if len(names) > 1:  # values of one name are no tuple
            several = replace(several, kind="set")
        return Equation((equations[0].sides[0], several), (equations[0].texts[0], ""))
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
    if transposed := _TRANSPOSED.fullmatch(text):
        return _transpose(_read_one(transposed["base"]))
    scalar, begin, rest = text.partition(r"\begin")
    scalar = scalar.removesuffix("(").removesuffix("[").strip()
    match = _MATRIX.fullmatch(text.removeprefix(scalar).strip()) if begin and rest else None
    if match is None or r"\begin" in (content := match["m"] or match["a"] or ""):
        return None
    rows = [row for row in content.split(r"\\") if row.strip()]
    before = f"{scalar}" if scalar in ("", "-") else rf"{scalar.removesuffix(chr(92) + 'cdot').strip()}\cdot "
    cells = [[f"{before}({cell.strip()})" if before else cell.strip() for cell in row.split("&")] for row in rows]
    return Matrix(tuple(tuple(_read_one(cell) for cell in row) for row in cells))


_TRANSPOSED = re.compile(r"(?P<base>.*[)}\]])\s*\^\{\s*(?:T|\\top|\\intercal)\s*\}", re.DOTALL)


def _transpose(shape: Shape) -> Shape | None:
    if isinstance(shape, Collection) and shape.kind == "tuple":
        return Matrix(tuple((part,) for part in shape.parts))
    is_regular = isinstance(shape, Matrix) and len({len(row) for row in shape.rows}) == 1
    return Matrix(tuple(zip(*shape.rows, strict=True))) if isinstance(shape, Matrix) and is_regular else None


def _read_brackets(text: str) -> Shape | None:
    enclosed = inside(_POINT_NAME.sub("", text))
    if enclosed is None:
        return None
    opening, content, closing = enclosed
    if opening == r"\{":
        return _read_set(content)
    texts, _ = split(content, lambda token: token in (",", ";"))
    if opening == "{" or len(texts) < 2 or not all(texts):
        return None
    if opening == "[" and all(part[0] == "[" and part[-1] == "]" for part in texts):
        return Matrix(tuple(tuple(_read_one(cell) for cell in split(part[1:-1], ",".__eq__)[0]) for part in texts))
    return read_bracketed(opening, [read_shape(part) for part in texts], closing)


_POINT_NAME = re.compile(r"^[A-Z]\s*(?=\([+-]?[\d\\][^()]*,[^()]*\)$)")


def _read_set(content: str) -> Shape:
    condition, bars = split(content, lambda token: token in ("|", ":"))
    if len(bars) == 1:
        ground = ground_of(condition[0])
        shape = read_shape(condition[1])
        return shape if ground is None else Collection("tuple", (Words(plain(ground)), shape))
    texts, _ = split(content, SEPARATORS.__contains__)
    parts = [_read_one(part) for part in texts if part]
    if len(parts) > 1 and isinstance(named := _read_list(parts, ","), Assignment):
        return named
    return Collection("set", _flat(parts)) if content else EMPTY_SET


def _read_parts(text: str) -> Shape | None:
    quantity = split_unit(text)
    if re.fullmatch(r"\d{1,9}(?:\.\d{1,9}){2,20}", quantity.value):
        return Parts(".", tuple(Words(part) for part in quantity.value.split(".")), quantity.unit, quantity.strange)
    if date := _DATE.fullmatch(quantity.value):
        sign = date["sign"] or date["sign2"]
        return Parts(
            sign, tuple(_read_value(part) for part in quantity.value.split(sign)), quantity.unit, quantity.strange
        )
    parts, colons = split(quantity.value, lambda token: token == ":")
    if not colons or not all(parts):
        return None
    return Parts(":", tuple(_read_value(part) for part in parts), quantity.unit, quantity.strange)


_DATE = re.compile(r"\d{4}(?P<sign>[-/])\d{1,2}(?P=sign)\d{1,2}|\d{1,2}(?P<sign2>[-/])\d{1,2}(?P=sign2)\d{4}")


def _read_plus_minus(text: str) -> Shape | None:
    if r"\pm" not in text:
        text = re.sub(r"\\mp(?![A-Za-z])", r"\\pm", text)
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
    r"\(?(?P<digits>[+-]?[0-9A-Fa-f]+(?:\.[0-9A-Fa-f]+)?)\)?\s*"
    r"(?:_\{\s*\(?(?:\\text\{base\}\s*)?(?:\\text\{(?:base )?)?(?P<sub>\d+|[a-z]+)\}?\)?\s*\}"
    r"|\\text\{(?:in )?base\}\s*(?P<word>\d+)|\\text\{(?:in )?base (?P<spelled>[a-z]+)\})"
)
_BASE_WORDS = {word: str(base) for base, word in enumerate(
    ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
     "fifteen", "sixteen"), start=2
)}  # fmt: skip
_LOOSE_DIGITS = re.compile(r"\d\s+[\d.]")
"""Algebra would read `4 2` as 42."""
_REALS = frozenset({r"\mathbb{r}", "allrealnumbers", "realnumbers", "allreals", "anyrealnumber", "allreal"})
_EMPTY = frozenset({r"\emptyset", "emptyset", "theemptyset", "nosolution", "nosolutions"})


def _read_value(text: str) -> Shape:
    if not text.startswith((r"\text{", r"a \text{")) and r"\text{分" not in text and r"\text{분의" not in text:
        return _read_spoken_or_number(text)
    return _read_spoken_or_number(in_digits(text) or text)


def _read_spoken_or_number(text: str) -> Shape:
    return _read_spoken(plain(text).casefold()) or _read_in_base(text) or _read_quantity(text)


def _read_spoken(words: str) -> Shape | None:
    if words in _REALS:
        return read_bracketed("(", [Value(r"-\infty"), Value(r"\infty")], ")")
    if words in _EMPTY:
        return EMPTY_SET
    return None


def _read_in_base(text: str) -> Value | None:
    match = _BASE.fullmatch(text)
    if match is None:
        return None
    base = match["word"] or match["sub"] or match["spelled"]
    base = _BASE_WORDS.get(base, base)
    number = read_number(match["digits"]) if base == "10" else None
    return Value(match["digits"].upper(), number, base=base) if base.isdigit() else None


def _read_quantity(text: str) -> Shape:
    value, scale, unit, strange = split_unit(text)
    value = unwrap(value)
    number = read_number(value)
    if not value or WORDS.search(value) or (number is None and _LOOSE_DIGITS.search(value)):
        return Words(plain(text))
    if scale != 1:
        number = number and number._replace(value=number.value * scale)
        value = (
            rf"{scale}({value})"
            if scale.denominator == 1
            else rf"\frac{{1}}{{{scale.denominator}}}({scale.numerator})({value})"
        )
    return Value(value, number, unit, strange=strange)
