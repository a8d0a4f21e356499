"""Compare the shapes of gold and answer: which spellings of one thing count as equal (one rule per pair of shapes).

Row numbers are those of the table of verdicts, tests/scoring/verdict_table.py.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeGuard

from rest_bench.scoring.latex import plain
from rest_bench.scoring.measures import SHARES
from rest_bench.scoring.numbers import Number, round_to
from rest_bench.scoring.regions import as_region
from rest_bench.scoring.residues import is_residue, same_residue
from rest_bench.scoring.shapes import (
    EMPTY_SET,
    Assignment,
    Collection,
    Equation,
    Interval,
    Matrix,
    Parts,
    Region,
    Relation,
    Shape,
    Value,
    Words,
    is_name,
)

Compare = Callable[[str, str], bool]
"""Whether two expressions, equations or inequalities (gold, answer) are equal by algebra."""

SIGNIFICANT_DIGITS = 6
"""A decimal with so many stands for an exact value that has no end."""


def same(gold: Shape, answer: Shape, compare: Compare) -> bool:
    """Say whether the answer is as good as the gold. Not symmetric: the gold says what was asked for."""
    gold, answer = _align(gold, answer)
    if isinstance(answer, Equation) and not isinstance(gold, Equation):
        return _same_side(gold, answer, compare)
    rule = _RULES.get((type(gold), type(answer)))
    return rule(gold, answer, compare) if rule else False


# --- bringing two shapes together -------------------------------------------------------------------------------------


def _align(gold: Shape, answer: Shape) -> tuple[Shape, Shape]:
    """Read both as the same shape where the policy lets one stand for the other."""
    for step in (_drop_name, _align_names, _align_region, _align_matrix, _align_single):
        gold, answer = step(gold, answer)
    return gold, answer


def _drop_name(gold: Shape, answer: Shape) -> tuple[Shape, Shape]:
    """A gold `x = 5` is met by 5; a gold equation without a name only by an equation."""
    if isinstance(gold, Equation) and not isinstance(answer, Equation) and gold.name and len(gold.sides) == 2:
        return gold.sides[1], answer
    return gold, answer


def _align_names(gold: Shape, answer: Shape) -> tuple[Shape, Shape]:
    """Named parts against a tuple or a list: in the order of the alphabet for x, y, z and a, b, c, else as written."""
    if isinstance(gold, Assignment) and isinstance(answer, Collection):
        return _in_order(gold, answer), answer
    if isinstance(answer, Assignment) and isinstance(gold, Collection):
        return gold, _in_order(answer, gold)
    return gold, answer


def _in_order(assignment: Assignment, beside: Collection) -> Collection:
    names = sorted(name for name, _ in assignment.values)
    neighbours = "".join(names) in "abcdefghijklmnopqrstuvwxyz"
    values = dict(assignment.values)
    are_roots = beside.kind != "tuple" and len({_NUMBERED.sub("", name) for name in names}) == 1
    ordered = tuple(values[name] for name in (names if neighbours else values))
    return Collection("list" if are_roots else "tuple", ordered)


_NUMBERED = re.compile(r"_\{\d+\}$")
"""What tells the roots `x_1` and `x_2` of one equation apart."""


def _align_region(gold: Shape, answer: Shape) -> tuple[Shape, Shape]:
    """`(0, 9)` beside an inequality is an interval and not a point."""
    if isinstance(gold, Region) != isinstance(answer, Region):
        return as_region(gold) or gold, as_region(answer) or answer
    return gold, answer


def _align_matrix(gold: Shape, answer: Shape) -> tuple[Shape, Shape]:
    """A column beside a tuple is a tuple."""
    if isinstance(gold, Matrix) and isinstance(answer, Collection):
        return _column(gold), answer
    if isinstance(answer, Matrix) and isinstance(gold, Collection):
        return gold, _column(answer)
    return gold, answer


def _column(matrix: Matrix) -> Shape:
    is_column = all(len(row) == 1 for row in matrix.rows)
    return Collection("tuple", tuple(row[0] for row in matrix.rows)) if is_column else matrix


def _align_single(gold: Shape, answer: Shape) -> tuple[Shape, Shape]:
    """`{5}` beside a value is its only member; `1/2 or 0.5` beside a value are all meant to be it."""
    if EMPTY_SET in (gold, answer):
        return gold, answer
    if _is_single(gold):
        gold = gold.parts[0]
    if _is_single(answer):
        answer = answer.parts[0]
    if isinstance(answer, Collection) and answer.is_hedge and not isinstance(gold, Collection):
        gold = Collection("list", (gold,) * len(answer.parts))
    return gold, answer


def _is_single(shape: Shape) -> TypeGuard[Collection]:
    return isinstance(shape, Collection) and shape.kind != "tuple" and len(shape.parts) == 1


def _same_side(gold: Shape, answer: Equation, compare: Compare) -> bool:
    """Rows 23 and 38: of `A = 2*3 = 6` counts the first side that uses no other names than the gold."""
    allowed = names_in(gold)
    sides = tuple(zip(answer.sides, answer.texts, strict=True))
    place = next((place for place, (side, text) in enumerate(sides) if _says(side, text, allowed)), None)
    if place is None or not all(_asks(text) for text in answer.texts[:place]):
        return False
    if any(_contradicts(gold, side, text) for side, text in sides[place + 1 :]):
        return False
    return same(gold, answer.sides[place], compare)


def _says(side: Shape, text: str, allowed: frozenset[str]) -> bool:
    r"""Say whether a side can be the answer: it uses no other names, and is no bare command like `\min`."""
    names = names_in(side)
    return names <= allowed and (bool(names) or not is_name(text))


def _contradicts(gold: Shape, side: Shape, text: str) -> bool:
    """Say whether a later side makes an equation of the answer, or is another number; a decimal may be a rounding."""
    number = side.number if isinstance(side, Value) else None
    names = names_in(gold)
    if number and (names or not isinstance(gold, Value) or not gold.number):
        return bool(names)
    if names_in(side) - names and not _asks(text):
        return True
    if not (number and isinstance(gold, Value) and gold.number):
        return False
    margin = 0 if number.decimals is None else Fraction(1, 10**number.decimals)
    difference = abs(gold.number.value - number.value)
    return difference > 0 and difference >= margin


def _asks(text: str) -> bool:
    """Say whether a left side may be what was asked for, as `m+n` and not `3x+4y`, which makes an equation of it."""
    return not re.search(r"\d", re.sub(r"[_^]\s*\{[^{}]*\}", "", text)) or is_name(text)


_OTHER_COMMANDS = re.compile(
    r"\\(?!(?:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|rho|sigma|tau|phi|chi|psi|omega)"
    r"(?![a-z]))[A-Za-z]+",
    re.IGNORECASE,
)


def names_in(shape: Shape) -> frozenset[str]:
    """Return the names, words among them, that a shape uses."""
    if isinstance(shape, Value):
        return frozenset(re.findall(r"\\[A-Za-z]+|[A-Za-z]", _OTHER_COMMANDS.sub(" ", shape.text))) - {"e", "i"}
    if isinstance(shape, Words):
        return frozenset({shape.text})
    if isinstance(shape, Collection | Parts):
        return frozenset(name for part in shape.parts for name in names_in(part))
    return frozenset()


# --- one rule per pair of shapes --------------------------------------------------------------------------------------


def _same_values(gold: Value, answer: Value, compare: Compare) -> bool:
    """Rows 2 to 21 and 36."""
    if not _units_agree(gold, answer):
        return False
    if {gold.base, answer.base} - {None, "10"}:
        # Left out by the answer it is understood from the question; left out by the gold the number is a decimal one.
        return gold.base is not None and answer.base in (None, gold.base) and _digits(gold) == _digits(answer)
    if gold.number and answer.number:
        return _same_numbers(gold, answer)
    if is_residue(gold.text) or is_residue(answer.text):
        return same_residue(gold.text, answer.text, compare)
    return plain(gold.text) == plain(answer.text) or compare(gold.text, answer.text)


def _units_agree(gold: Value | Parts, answer: Value | Parts) -> bool:
    """Rows 6 and 7: an answer's unit is one on the list, or the gold's."""
    return answer.strange <= gold.strange and not (gold.unit and answer.unit and gold.unit != answer.unit)


def _digits(value: Value) -> str:
    return plain(value.text).lstrip("+").upper().lstrip("0")


def _same_numbers(gold: Value, answer: Value) -> bool:
    assert gold.number is not None
    assert answer.number is not None
    exact, given = gold.number, answer.number
    if exact.value == given.value and (answer.unit in (None, "%", gold.unit) or answer.unit not in SHARES):
        return True
    if gold.unit != answer.unit and SHARES.keys() & {gold.unit, answer.unit}:
        share, other = (gold, given) if gold.unit in SHARES else (answer, exact)
        part = exact if share is gold else given
        return part.value == other.value * SHARES[share.unit or ""]
    return exact.decimals is None and is_rounding(given, exact.value)


def is_rounding(given: Number, exact: Fraction) -> bool:
    """Rows 14 to 16: a decimal of at least six significant digits that is the exact value, rounded or cut."""
    if given.decimals is None or given.significant < SIGNIFICANT_DIGITS:
        return False
    return given.value in round_to(exact, given.decimals)


def _same_collections(gold: Collection, answer: Collection, compare: Compare) -> bool:
    """Rows 24 to 31: order counts once one of them is a tuple; a set is no tuple."""
    kinds = {gold.kind, answer.kind}
    if len(gold.parts) != len(answer.parts) or kinds == {"set", "tuple"}:
        return False
    if "tuple" in kinds and (gold.is_hedge or answer.is_hedge):
        return False
    if "tuple" in kinds:
        return _same_rows(gold.parts, answer.parts, compare)
    return _same_unordered(gold.parts, answer.parts, compare)


def _same_rows(gold: Sequence[Shape], answer: Sequence[Shape], compare: Compare) -> bool:
    return len(gold) == len(answer) and all(
        same(left, right, compare) for left, right in zip(gold, answer, strict=True)
    )


def _same_unordered(gold: Sequence[Shape], answer: Sequence[Shape], compare: Compare) -> bool:
    left = list(answer)
    for part in gold:
        found = next((place for place, other in enumerate(left) if same(part, other, compare)), None)
        if found is None:
            return False
        del left[found]
    return True


def _same_parts(gold: Parts, answer: Parts, compare: Compare) -> bool:
    """Row 35."""
    return gold.sign == answer.sign and _units_agree(gold, answer) and _same_rows(gold.parts, answer.parts, compare)


def _same_matrices(gold: Matrix, answer: Matrix, compare: Compare) -> bool:
    """Row 32."""
    return len(gold.rows) == len(answer.rows) and all(
        _same_rows(left, right, compare) for left, right in zip(gold.rows, answer.rows, strict=True)
    )


def _same_regions(gold: Region, answer: Region, compare: Compare) -> bool:
    """Rows 33 and 34."""
    if gold.variable and answer.variable and gold.variable != answer.variable:
        return False
    left = list(answer.intervals)
    for interval in gold.intervals:
        found = next((place for place, other in enumerate(left) if _same_intervals(interval, other, compare)), None)
        if found is None:
            return False
        del left[found]
    return not left


def _same_intervals(gold: Interval, answer: Interval, compare: Compare) -> bool:
    ends = (gold.low_closed, gold.high_closed) == (answer.low_closed, answer.high_closed)
    return ends and same(gold.low, answer.low, compare) and same(gold.high, answer.high, compare)


def _same_equations(gold: Equation, answer: Equation, compare: Compare) -> bool:
    """Rows 22 and 23: the same name with the same value, or another form of the same equation."""
    if gold.name and gold.name == answer.name:
        rest = replace(answer, sides=answer.sides[1:], texts=answer.texts[1:])
        return same(gold.sides[1], rest.sides[0] if len(rest.sides) == 1 else rest, compare)
    both_plain = all(len(equation.sides) == 2 and all(equation.texts) for equation in (gold, answer))
    return both_plain and compare("=".join(gold.texts), "=".join(answer.texts))


def _same_assignments(gold: Assignment, answer: Assignment, compare: Compare) -> bool:
    """Row 24."""
    right, given = dict(gold.values), dict(answer.values)
    return right.keys() == given.keys() and all(same(right[name], given[name], compare) for name in right)


def _same_relations(gold: Relation, answer: Relation, compare: Compare) -> bool:
    return plain(gold.text) == plain(answer.text) or compare(gold.text, answer.text)


def _same_words(gold: Shape, answer: Shape, compare: Compare) -> bool:  # noqa: ARG001 - words need no algebra
    """Row 37: upper and lower case are the same in a word, but not in a letter, which may be a name."""
    left, right = _spoken(gold), _spoken(answer)
    return left == right or (len(left) > 1 and left.casefold() == right.casefold())


def _spoken(shape: Shape) -> str:
    text = shape.text if isinstance(shape, Words | Value) else ""
    return plain(text).strip("().")


_RULES: dict[tuple[type, type], Callable[..., bool]] = {
    (Value, Value): _same_values,
    (Collection, Collection): _same_collections,
    (Parts, Parts): _same_parts,
    (Matrix, Matrix): _same_matrices,
    (Region, Region): _same_regions,
    (Relation, Relation): _same_relations,
    (Equation, Equation): _same_equations,
    (Assignment, Assignment): _same_assignments,
    (Words, Words): _same_words,
    (Words, Value): _same_words,
    (Value, Words): _same_words,
}
"""Pairs that are not here differ."""
