from rest_bench.parsing.reading import NO_READING, Reading


def test_a_reading_without_a_text_was_found_by_nothing() -> None:
    assert Reading.of(None, "label", strict=True) == NO_READING == Reading(None, "none", strict=False)
    assert Reading.of("12", "label", strict=True) == Reading("12", "label", strict=True)
