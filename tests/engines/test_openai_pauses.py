from datetime import UTC, datetime, timedelta

import pytest

from rest_bench.engines.openai_pauses import read_pause_in_words, read_reset, read_retry_after


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Please try again in 20s.", 20),
        ("try again in 6m0s", 360),
        ("Please try again in 1m30.5s. Visit", 90.5),
        ("Please retry in 23.554s.", 23.554),
        ("retry after 120ms", 0.12),
        ("Please retry after 7 seconds.", 7),
        ('[{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "33s"}]', 33),
        ("try again later", None),
        ("try again in a while", None),
        ("you may retry", None),
        ("", None),
    ],
)
def test_a_pause_in_words(words: str, seconds: float | None) -> None:
    assert read_pause_in_words(words) == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1s"}, 1),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0s"}, 360),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "120ms"}, 0.12),
        ({"x-ratelimit-remaining-requests": "59", "x-ratelimit-reset-requests": "1h"}, None),
        (
            {
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-requests": "5s",
                "x-ratelimit-remaining-tokens": "0",
                "x-ratelimit-reset-tokens": "9s",
            },
            9,
        ),
        ({"x-ratelimit-reset": "12"}, 12),
        ({"ratelimit-reset": "3", "ratelimit-remaining": "0"}, 3),
        ({"x-ratelimit-reset": "soon"}, None),
        ({"x-ratelimit-reset": "-1"}, None),
        ({"x-ratelimit-reset": "nan"}, None),
        ({}, None),
    ],
)
def test_when_a_limit_is_lifted(headers: dict[str, str], seconds: float | None) -> None:
    assert read_reset(headers) == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize("form", ["s", "ms", "iso"])
def test_a_limit_may_be_lifted_at_a_point_in_time(form: str) -> None:
    later = datetime.now(UTC) + timedelta(seconds=90)
    stamp = {"s": f"{later.timestamp():.0f}", "ms": f"{later.timestamp() * 1000:.0f}", "iso": later.isoformat()}[form]
    assert read_reset({"x-ratelimit-reset": stamp}) == pytest.approx(90, abs=2)


def test_a_pause_may_be_a_date_of_either_kind() -> None:
    later = datetime.now(UTC) + timedelta(seconds=90)
    assert read_retry_after({"retry-after": later.isoformat()}) == pytest.approx(90, abs=2)
    assert read_retry_after({"retry-after": "2015-10-21T07:28:00Z"}) == 0.0
