from pathlib import Path

import pytest

from rest_bench import templates
from rest_bench.reading import extraction_samples, final_text, read_extracted, read_sample
from rest_bench.schema import Pack
from rest_bench.store import Run, Sample
from tests.records import make_pack, make_response
from tests.store.build import PACKS, begin

PACK = make_pack(0)
REPLY = make_response(PACK, "Q1: \\boxed{1}\n\nQ2: it is 2")
LIST = make_response(PACK, "Q1: 1\nQ2: 2")


def texts(sample: Sample) -> list[str | None] | None:
    extracted = read_extracted(sample).extracted
    return None if extracted is None else [answer.text for answer in extracted]


def test_a_sample_is_read_with_one_answer_for_each_question() -> None:
    read = read_sample(PACK, REPLY)
    assert [answer.text for answer in read.answers] == ["1", None]
    assert read.extracted is None


def test_what_a_second_model_listed_stands_beside_what_was_read() -> None:
    sample = Sample(PACK, REPLY, LIST)
    assert texts(sample) == ["1", "2"]
    assert read_extracted(sample).answers == read_sample(PACK, REPLY).answers


def test_a_list_that_is_missing_or_failed_is_no_reading() -> None:
    assert texts(Sample(PACK, REPLY)) is None
    assert texts(Sample(PACK, REPLY, make_response(PACK, "", "error"))) is None


def test_a_reply_that_says_nothing_has_no_listed_answers_either() -> None:
    for reply in (make_response(PACK, "<think>1"), make_response(PACK, "", "error")):
        assert not final_text(reply)
        assert texts(Sample(PACK, reply, LIST)) == [None, None]


def test_programs_are_not_listed() -> None:
    problems = tuple(problem.model_copy(update={"answer_type": "code"}) for problem in PACK.problems)
    assert texts(Sample(Pack(**{**dict(PACK), "problems": problems}), REPLY, LIST)) is None


def test_the_request_shows_the_final_text_and_not_the_thinking(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0], "<think>secret</think>It is 7."))
        writer.append(make_response(PACKS[1], "<think>secret"))
    (sample,) = extraction_samples(Run(tmp_path))
    (message,) = sample.prompt.messages
    assert sample.pack == PACKS[0]
    assert "It is 7." in message.content
    assert "secret" not in message.content


def test_a_reply_too_long_to_show_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(templates, "MAX_PROMPT_CHARS", 2000)
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0], "x" * 2000))
        writer.append(make_response(PACKS[1], "It is 7."))
    assert [sample.pack for sample in extraction_samples(Run(tmp_path))] == [PACKS[1]]
    assert f"the reply to pack {PACKS[0].pack_id} cannot be shown to the extractor" in caplog.text
