"""A sample of a run with the answers read from it, by this package and by a second model."""

from collections.abc import Iterator

from rest_bench.parsing import nothing_extracted, parse_response, read_extraction, split_thinking
from rest_bench.planning import PlannedSample
from rest_bench.schema import Pack, Response
from rest_bench.scoring import ReadSample
from rest_bench.store import Run, Sample
from rest_bench.templates import render_extraction


def read_sample(pack: Pack, response: Response) -> ReadSample:
    """Return a sample with the answers read from it."""
    return ReadSample(pack, response, parse_response(response, pack))


def read_extracted(sample: Sample) -> ReadSample:
    """Return a sample with the answers read from it, and those that a second model listed."""
    read, extraction = read_sample(sample.pack, sample.response), sample.extraction
    if _is_program(sample.pack):
        return read
    if not has_final_text(sample.response):
        return read._replace(extracted=nothing_extracted(sample.response, sample.pack))
    if extraction is None or extraction.finish_reason == "error":
        return read
    return read._replace(extracted=read_extraction(extraction, sample.response, sample.pack))


def extraction_samples(run: Run) -> Iterator[PlannedSample]:
    """Yield what a second model is asked: one request for each reply that it can list the answers of."""
    for pack, response, _ in run.samples():
        if has_final_text(response) and not _is_program(pack):
            yield PlannedSample(pack, render_extraction(pack, response, split_thinking(response).final))


def has_final_text(response: Response) -> bool:
    """Say whether there is anything to read answers from."""
    return response.finish_reason != "error" and bool(split_thinking(response).final.strip())


def _is_program(pack: Pack) -> bool:
    return any(problem.answer_type == "code" for problem in pack.problems)
