import pandas

from rest_bench.metrics.reasons import against_single


def test_a_level_is_compared_with_level_1_and_not_with_itself() -> None:
    here, alone = pandas.DataFrame({"level": [2]}), pandas.DataFrame({"level": [1]})
    assert against_single(here, alone) == ""
    assert against_single(alone, alone) == "level 1 is compared with itself"
    assert against_single(here, None) == "level 1 is missing"
