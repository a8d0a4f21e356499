from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.leaderboard import answers_file
from rest_bench.leaderboard.answers_file import (
    DamagedAnswersError,
    file_sha256,
    read_answers,
    sample_line,
    write_answers,
)
from rest_bench.schema import AnswersFile, SlotClaim, SubmittedSample, ThinkingClaim


def make_sample(number: int, text: str = "Q1: \\boxed{1}\u2028 é\n\x00") -> SubmittedSample:
    slot = SlotClaim(segment_tokens=None, candidates=(), markers=None, switches=None, distinct_tokens=None)
    return SubmittedSample(
        pack_id=f"{number:016x}",
        prompt_sha256="0" * 64,
        text=text,
        finish_reason="stop",
        prompt_tokens=None,
        completion_tokens=3,
        seed=None,
        correct=(True,),
        thinking=ThinkingClaim(
            sha256=None,
            tokens=None,
            tokens_estimated=False,
            segmentation_sure=None,
            looped=False,
            loop_onset_tokens=None,
            slots=(slot,),
        ),
    )


def test_samples_survive_the_way_to_disk_and_back(tmp_path: Path) -> None:
    samples = [make_sample(number) for number in range(3)]
    said = write_answers(tmp_path / "a.zst", samples)
    assert list(read_answers(tmp_path / "a.zst", said)) == samples
    assert said == AnswersFile(
        sha256=file_sha256(tmp_path / "a.zst"),
        n_samples=3,
        n_bytes=sum(len(sample_line(sample)) for sample in samples),
    )


def test_a_file_too_large_for_a_forge_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers_file, "MOST_FILE_BYTES", 10)
    with pytest.raises(StoreError, match="publish fewer tasks, levels or repeats at once"):
        write_answers(tmp_path / "a.zst", [make_sample(1)])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"n_samples": 2}, "('size', '2 lines"),
        ({"n_samples": 4}, "('size', '4 lines"),
        ({"n_bytes": 100}, "bytes in all', 'more than that'"),
        ({"n_bytes": 10**6}, "('size', '3 lines, 1000000 bytes'"),
    ],
)
def test_no_more_and_no_less_than_said_is_read(tmp_path: Path, change: dict[str, int], sentence: str) -> None:
    said = write_answers(tmp_path / "a.zst", [make_sample(number) for number in range(3)])
    with pytest.raises(DamagedAnswersError) as caught:
        list(read_answers(tmp_path / "a.zst", said.model_copy(update=change)))
    assert sentence in str(tuple(caught.value.fault)[1:])


def test_data_behind_the_end_are_no_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a.zst"
    said = write_answers(path, [make_sample(1)])
    path.write_bytes(path.read_bytes() + b"further")
    with pytest.raises(DamagedAnswersError):
        list(read_answers(path, said))


def test_a_second_spelling_of_a_sample_is_refused(tmp_path: Path) -> None:
    import pyarrow

    line = sample_line(make_sample(1)).replace(b'"seed":null', b'"seed": null')
    with pyarrow.CompressedOutputStream(str(tmp_path / "a.zst"), "zstd") as stream:
        stream.write(line)
    said = AnswersFile(sha256="0" * 64, n_samples=1, n_bytes=len(line))
    with pytest.raises(DamagedAnswersError) as caught:
        list(read_answers(tmp_path / "a.zst", said))
    assert caught.value.fault.found == "another spelling of the same record"
