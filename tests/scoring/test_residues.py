import pytest

from rest_bench.scoring.cleanup import clean
from rest_bench.scoring.residues import is_residue, same_residue


def same_text(gold: str, answer: str) -> bool:
    return gold == answer


@pytest.mark.parametrize(
    ("gold", "answer", "verdict"),
    [
        (r"7 \pmod 9", r"7 (\bmod 9)", True),
        (r"7 \pmod 9", "7 modulo 9", True),
        (r"7 \pmod 9", r"16 \pmod{9}", True),
        (r"7 \pmod 9", r"-2 \pmod{9}", True),
        (r"7 \pmod 9", r"8 \pmod 9", False),
        (r"7 \pmod 9", r"7 \pmod 8", False),
        (r"x \equiv 7 \pmod 9", r"7 \pmod 9", True),
        (r"x \equiv 7 \pmod 9", r"y \equiv 7 \pmod 9", False),
        (r"x \equiv 7 \pmod 9", "7", True),
        (r"17 \bmod 5", "2", True),
        (r"17 \bmod 5", "17", False),
        ("7", r"7 \pmod 9", False),
        (r"1 \pmod n", r"1 \pmod n", True),
        (r"1 \pmod n", r"1 \pmod m", False),
        (r"7 \pmod 0", r"7 \pmod 0", True),
    ],
)
def test_a_class_of_numbers_is_its_remainder_and_its_modulus(gold: str, answer: str, verdict: bool) -> None:
    assert same_residue(clean(gold), clean(answer), same_text) is verdict


def test_a_number_is_no_class() -> None:
    assert not is_residue(clean("7 m"))
    assert is_residue(clean("7 mod 9"))
