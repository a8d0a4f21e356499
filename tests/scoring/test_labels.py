import pytest

from rest_bench.scoring.cleanup import clean


@pytest.mark.parametrize(
    "text",
    [
        "Answer: 12",
        "The answer is 12",
        "答案：12",
        "उत्तर: 12",
        "الإجابة: 12",
        "Resposta: 12",
        "đáp số: 12",
        "the value 12",
        "the number 12",
        r"\text{the value } 12",
        r"\text{the correct answer } 12",
        "la valeur 12",
        "der Wert 12",
        "значение 12",
        "值为12",
        "① 12",
        "so 12",
        "12 is the answer",
    ],
)
def test_what_introduces_an_answer_goes(text: str) -> None:
    assert clean(text) == "12"


@pytest.mark.parametrize(
    "text",
    [
        "twice 12",
        "the square root of 12",
        "minus 12",
        "half of 12",
        "① ② 12",
        "not 12",
        "the negative of 12",
        "at most 12",
    ],
)
def test_what_makes_another_value_stays(text: str) -> None:
    assert clean(text) != "12"
