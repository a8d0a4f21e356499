import logging

import pytest

from rest_bench.config import RunConfig
from rest_bench.engines.openai_notices import Notices
from rest_bench.engines.openai_replies import Reply
from rest_bench.engines.openai_servers import Secrets

CONFIG = RunConfig(model="org/m", max_tokens=100)
KEY = "sk-0123456789abcdef"
SILENT = Reply("", "hm", "stop", 5, 9, budget=100)


def notices(context_tokens: int | None = None) -> Notices:
    return Notices(CONFIG, Secrets(KEY, ()), context_tokens)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_it_is_said_once_and_counted_at_the_end(caplog: pytest.LogCaptureFixture) -> None:
    looking = notices()
    looking.look(SILENT, is_probe=True)
    for reply in (SILENT, SILENT, Reply("5", "hm", "stop", 5, 9, budget=100)):
        looking.look(reply)
    looking.say_totals()
    first, total = said(caplog)
    assert first.startswith("org/m: a reply that was not cut off stands in the field of the thinking as a whole")
    assert total == "org/m: 2 of 3 replies stand in the field of the thinking as a whole and give no answer"


def test_one_is_not_counted_again(caplog: pytest.LogCaptureFixture) -> None:
    looking = notices()
    looking.look(SILENT)
    looking.say_totals()
    assert len(said(caplog)) == 1


def test_each_word_of_a_server_is_said(caplog: pytest.LogCaptureFixture) -> None:
    looking = notices()
    for reason in ("glorp", "blurb", "glorp", None):
        looking.look(Reply("5", None, reason, 5, 9, budget=100))
    assert [sentence.count("glorp") for sentence in said(caplog)] == [1, 0, 0]


@pytest.mark.parametrize(
    ("reply", "context_tokens", "words"),
    [
        (
            Reply("5", None, "length", 5, 64, budget=100),
            None,
            "caps replies at 64 tokens, --max-tokens asked for 100 (",
        ),
        (Reply("5", None, "length", 5, 64, budget=100), 4096, "caps replies at 64 tokens, --max-tokens asked for 100;"),
        (Reply("5", None, "length", 5, 64, budget=100), 69, "holds 69 tokens with the prompt"),
        (Reply("5", None, "length", 5, 64, budget=100), 70, "holds 70 tokens with the prompt"),
        (Reply("5", None, "length", 5, 100, budget=100), 4096, None),
        (Reply("5", None, "length", 5, None, budget=100), None, None),
        (Reply("5", None, "length", 5, 64), None, None),
        (Reply("5", None, "stop", 5, 100, budget=100), None, "all that it was allowed, with finish_reason stop"),
        (Reply("5", None, "stop", 5, 99, budget=100), None, None),
        (Reply("5", None, "stop", 5, 101, budget=100), None, "counts 101 tokens in a reply that was allowed 100"),
        (Reply("", None, "stop", 5, 1, budget=100), None, None),
        (
            Reply("", None, "stop", 5, 9, budget=100),
            None,
            "the text of a reply of 9 tokens that ended by itself is empty",
        ),
        (Reply("", "hm", "length", 5, 100, budget=100), None, None),
        (Reply("", "hm", None, 5, 9, budget=100), None, "start the server without a reasoning parser"),
    ],
)
def test_what_is_said_of_a_reply(
    caplog: pytest.LogCaptureFixture, reply: Reply, context_tokens: int | None, words: str | None
) -> None:
    notices(context_tokens).look(reply)
    assert bool(said(caplog)) is (words is not None)
    assert (words or "") in "\n".join(said(caplog))


@pytest.mark.parametrize(
    ("name", "is_said"),
    [
        ("org/m", False),
        ("ORG/M", False),
        ("m", False),
        ("/models/m.gguf", False),
        ("org/m-2026-08-06", False),
        ("org/m:latest", False),
        ("org/m-0613", False),
        ("org/m-fp8", True),
        ("org/m2", True),
        ("other", True),
        ("", False),
        (None, False),
    ],
)
def test_another_model_is_said(caplog: pytest.LogCaptureFixture, name: str | None, is_said: bool) -> None:
    notices().look(Reply("5", None, "stop", 5, 9, model=name, budget=100))
    assert bool(said(caplog)) is is_said


def test_no_key_is_said(caplog: pytest.LogCaptureFixture) -> None:
    looking = notices()
    words = "x" * 90 + KEY
    looking.look(Reply("5", None, words, 5, 9, model=words, budget=100))
    assert len(said(caplog)) == 2
    assert KEY[:5] not in caplog.text
