"""Classes of numbers, `7 (mod 9)`: algebra drops the modulus, so that it is compared here."""

import re
from collections.abc import Callable

from rest_bench.scoring.latex import plain
from rest_bench.scoring.numbers import read_number

_MODULO = re.compile(r"\(?\s*\\p?mod(?![A-Za-z])\s*(?P<modulus>.*)", re.DOTALL)
_CONGRUENT = re.compile(r"(?P<name>[A-Za-z])\s*\\(?:equiv|cong)(?![A-Za-z])")


def is_residue(text: str) -> bool:
    """Say whether a cleaned text is a class of numbers and not one."""
    return _MODULO.search(text) is not None


def same_residue(gold: str, answer: str, compare: Callable[[str, str], bool]) -> bool:
    """Say whether an answer is the gold's class: the same modulus, and remainders that differ by a multiple of it.

    A gold that is a class is met by its least remainder alone; a gold that is a number by no class.
    """
    (name, left, modulus), (other_name, right, given) = _parts(gold), _parts(answer)
    if given is not None and (modulus is None or plain(modulus) != plain(given)):
        return False
    if None not in (name, other_name) and name != other_name:
        return False
    if given is None and not _is_least(right, modulus or ""):
        return False
    numbers = [read_number(text) for text in (left, right, modulus or "")]
    if all(number and number.value.denominator == 1 for number in numbers):
        exact, other, size = (number.value for number in numbers if number)
        return (exact - other) % size == 0 if size else exact == other
    return plain(left) == plain(right) or compare(left, right)


def _is_least(remainder: str, modulus: str) -> bool:
    number, size = read_number(remainder), read_number(modulus)
    return number is None or size is None or 0 <= number.value < size.value


def _parts(text: str) -> tuple[str | None, str, str | None]:
    """Return the name before a class, its remainder and its modulus; null for what is not there."""
    match = _MODULO.search(text)
    if match is None:
        return None, text, None
    before, modulus = text[: match.start()].strip(), match["modulus"].strip().strip("{}()").strip()
    named = _CONGRUENT.match(before)
    return (named["name"], before[named.end() :].strip(), modulus) if named else (None, before, modulus)
