import pytest

from rest_bench.leaderboard.keys import KINDS, find_key

EXAMPLES = {
    "a private key": "-----BEGIN RSA PRIVATE KEY-----\nMII",
    "an OpenAI-like key": "sk-proj-abcdefghijklmnopqrstuvwx",
    "a Hugging Face token": "hf_abcdefghijklmnopqrstuvwxyzABCD",
    "a GitHub token": "ghp_0123456789012345678901234567890123",
    "a GitLab token": "glpat-0123456789abcdefghij",
    "an AWS key": "AKIAIOSFODNN7EXAMPLE",
    "a Google key": "AIza01234567890123456789012345678901234",
    "a Slack token": "xoxb-0123456789-abc",
    "a provider's key": "gsk_0123456789abcdefghij",
    "a JSON web token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmN",
    "a bearer token": "Authorization: Bearer 0123456789abcdefghij",
    "a password in an address": "https://me:hunter2@host/v1",
    "a named secret": '{"api_key": "0123456789"}',
}


def test_each_kind_has_an_example() -> None:
    assert set(EXAMPLES) == set(KINDS)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_key_is_found_by_its_kind(kind: str) -> None:
    assert find_key(f"before {EXAMPLES[kind]} behind") == kind


def test_a_key_inside_json_inside_json_is_found() -> None:
    assert find_key('{"extra_body": "{\\"api_key\\": \\"0123456789\\"}"}') == "a named secret"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Q1: \\boxed{42}",
        "The key: 12345678 is a number",
        "the secret of the proof is symmetry",
        "https://example.com:8000/v1",
        "task-specific_configuration_of_everything",
        "a" * 100_000,
        '"api_key_env": "OPENAI_API_KEY"',
    ],
)
def test_ordinary_text_holds_none(text: str) -> None:
    assert find_key(text) is None
