"""A sample of a run with the answers read from it, by this package and by a second model."""

import logging
from collections.abc import Iterator

from rest_bench.errors import TemplateError
from rest_bench.parsing import nothing_extracted, parse_response, read_extraction, split_thinking
from rest_bench.planning import PlannedSample
from rest_bench.schema import Pack, Response
from rest_bench.scoring import ReadSample
from rest_bench.store import Run, Sample
from rest_bench.templates import render_extraction

logger = logging.getLogger(__name__)


def read_sample(pack: Pack, response: Response) -> ReadSample:
    """Return a sample with the answers read from it."""
    return ReadSample(pack, response, parse_response(response, pack))


def read_extracted(sample: Sample) -> ReadSample:
    """Return a sample with the answers read from it, and those that a second model listed."""
    read, extraction = read_sample(sample.pack, sample.response), sample.extraction
    if _is_program(sample.pack):
        return read
    if not final_text(sample.response):
        return read._replace(extracted=nothing_extracted(sample.response, sample.pack))
    if extraction is None or extraction.finish_reason == "error":
        return read
    return read._replace(extracted=read_extraction(extraction, sample.response, sample.pack))


def extraction_samples(run: Run) -> Iterator[PlannedSample]:
    """Yield what a second model is asked: one request for each reply that it can list the answers of."""
    for pack, response, _ in run.samples():
        final = final_text(response)
        if not final or _is_program(pack):
            continue
        try:
            yield PlannedSample(pack, render_extraction(pack, final))
        except TemplateError as error:
            logger.warning("%s; its answers are not listed", error)


def final_text(response: Response) -> str:
    """Return what there is to read answers from: empty where the thinking never ended, or nothing was said."""
    return "" if response.finish_reason == "error" else split_thinking(response).final.strip()


def _is_program(pack: Pack) -> bool:
    return any(problem.answer_type == "code" for problem in pack.problems)
