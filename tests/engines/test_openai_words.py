import pytest

from rest_bench.engines.openai_words import has_sentence, message, says_moderated, says_unpaid, status_in, unwrapped


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ({"code": 429}, 429),
        ({"code": "429"}, 429),
        ({"status": 503, "code": "x"}, 503),
        ({"status_code": 502}, 502),
        ({"code": 50001}, None),
        ({"code": 200}, None),
        ({"code": True}, None),
        ({"code": "rate_limit_exceeded"}, 429),
        ({"status": "RESOURCE_EXHAUSTED"}, 429),
        ({"type": "overloaded_error"}, 503),
        ({"code": "insufficient_quota"}, 402),
        ({"type": "insufficient_system_resource"}, None),
        ({"code": "invalid_api_key"}, 401),
        ({"type": "authentication_error"}, 401),
        ({"code": "model_not_found"}, 404),
        ({"type": "invalid_request_error"}, 400),
        ({"message": "Too many requests"}, 429),
        ({"message": "The model `m` does not exist"}, 404),
        ("Unexpected endpoint or method. (POST /chat)", 404),
        ({"message": "upstream failed"}, None),
        ({"message": "the author of this authority"}, None),
        ("oops", None),
        ({}, None),
        (None, None),
    ],
)
def test_the_status_that_an_error_names(error: object, status: int | None) -> None:
    assert status_in(error) == status


@pytest.mark.parametrize(
    ("status", "body", "unpaid"),
    [
        (402, {"message": "no"}, True),
        (429, {"code": "insufficient_quota"}, True),
        (400, {"type": "billing_hard_limit_reached"}, True),
        (429, {"message": "You exceeded your current quota, please check your plan"}, True),
        (403, {"message": "Credit limit exceeded"}, True),
        (400, {"message": "Your credit balance is too low to access the Anthropic API"}, True),
        (429, {"message": "Rate limit reached"}, False),
        (500, {"message": "insufficient funds"}, False),
        (400, {"message": "x" * 300 + " a clerk has insufficient funds"}, False),
        (400, {"message": "roles must alternate"}, False),
    ],
)
def test_an_empty_account(status: int, body: dict[str, str], unpaid: bool) -> None:
    assert says_unpaid(status, body, message(body), None) is unpaid


def test_a_quota_that_comes_back_is_no_empty_account() -> None:
    assert not says_unpaid(429, {}, "You exceeded your current quota", 30.0)


def test_a_moderated_prompt() -> None:
    assert says_moderated({}, "Your input was flagged")
    assert says_moderated({"code": "content_filter"}, "")
    assert not says_moderated({"code": "forbidden"}, "no")


def test_errors_are_unwrapped() -> None:
    assert unwrapped([{"error": {"code": 429}}]) == {"code": 429}
    assert unwrapped({"error": {"code": 429}}) == {"code": 429}
    assert unwrapped({"error": "no"}) == {"error": "no"}
    assert unwrapped([1, 2]) == [1, 2]


def test_the_words_of_an_upstream_are_shown_too() -> None:
    assert message({"message": "Provider returned error", "metadata": {"raw": "slow\ndown"}}) == (
        "Provider returned error: slow down"
    )


@pytest.mark.parametrize(("body", "has"), [({"detail": "no"}, True), ({"message": {}}, False), ({}, False), (3, False)])
def test_a_body_with_a_sentence(body: object, has: bool) -> None:
    assert has_sentence(body) is has
