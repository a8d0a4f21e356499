import pytest

from rest_bench.scoring.size import is_too_big


@pytest.mark.parametrize(
    "text",
    ["10^{10^{10}}", "3^{3^{3^{3}}}", "2003^{2002^{2001}}", "9^{99999}", "1000000!",
     "(9!)!", "9!!", "(10^{9})!",
     "7" * 401, r"\binom{10000000}{5}", "((9^{999})^{999})^{999}", r"\sum_{k=1}^{1000000000} k",
     "5^{(100 \\cdot 1000)}"],
)  # fmt: skip
def test_what_would_never_come_back_is_too_big(text: str) -> None:
    assert is_too_big(text)


@pytest.mark.parametrize(
    "text",
    ["5", "2^{2024}-1", "x^{10}",
     "100!", "n!", "(n-1)!", r"\binom{52}{5}", r"\binom{n}{k}", "e^{-1}", "2^{2^{3}}",
     "x^{n+1}", r"\frac{1}{10^{30}}", "(x+1)^{20}(x-1)^{20}", ""],
)  # fmt: skip
def test_ordinary_answers_are_not(text: str) -> None:
    assert not is_too_big(text)
