"""A run folder, for reading, and the files that are made from its responses."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from rest_bench.errors import StoreError
from rest_bench.schema import Extractor, Manifest, Pack, PackRecord, Problem, ProblemRecord, Response, Score, Summary
from rest_bench.store.files import read_jsonl, read_model, replacing, write_text
from rest_bench.store.responses import Answered, IndexedResponses, read_answered
from rest_bench.store.scores import read_level, readable, write_scores

if TYPE_CHECKING:
    import pandas


EXTRACTOR = "extractor.json"
EXTRACTIONS = "extractions.jsonl"


class Sample(NamedTuple):
    """A pack of a run with what was answered."""

    pack: Pack
    response: Response
    extraction: Response | None = None
    """How a second model listed the answers of the response, if one did."""


class Run:
    """A run folder, for reading."""

    def __init__(self, path: Path) -> None:
        """Open a run folder.

        Raises:
            StoreError: there is no readable run at this path.
        """
        self.path = path
        if not (path / "manifest.json").is_file():
            raise StoreError(f"{path}: not a run folder (it has no manifest.json); give the folder that `eval` wrote")

    @property
    def manifest(self) -> Manifest:
        """What makes the samples of this run what they are."""
        return read_model(self.path / "manifest.json", Manifest)

    @property
    def extractor(self) -> Extractor | None:
        """The second model that listed the answers of this run, if any."""
        path = self.path / EXTRACTOR
        return read_model(path, Extractor) if path.is_file() else None

    @property
    def summary(self) -> Summary:
        """The metrics; raises StoreError where the run was not scored yet."""
        return read_model(self.path / "summary.json", Summary, remedy=f"run `rest-bench score {self.path}`")

    def scores(self, columns: Sequence[str] | None = None) -> "pandas.DataFrame":
        """Return the scores table, one row per slot, with these columns of `schema.Score`, or with all."""
        import pandas

        path = self.path / "scores.parquet"
        if not path.is_file():
            raise StoreError(f"{path}: missing; run `rest-bench score {self.path}`")
        with path.open("rb") as file, readable(path):  # pyarrow opens no path that is not UTF-8
            return pandas.read_parquet(file, columns=None if columns is None else list(columns))

    def level_scores(self, task: str, level: int, columns: Sequence[str]) -> "pandas.DataFrame":
        """Return these columns of the scores of one task at one level, in the order of the table; maybe no row.

        Reads no other level, and columns of few values (as `outcome`) as categories, to go easy on memory.

        Raises:
            StoreError: the run was not scored yet.
        """
        path = self.path / "scores.parquet"
        if not path.is_file():
            raise StoreError(f"{path}: missing; run `rest-bench score {self.path}`")
        with readable(path):
            return read_level(path, task, level, list(columns))

    def shortest_prompts(self) -> dict[int, int]:
        """Return each level with the tokens of its shortest prompt, which leaves most of the context for a reply.

        Levels whose prompts nobody counted are not there.

        Raises:
            StoreError: the run was not scored yet.
        """
        scores = self.scores(("level", "prompt_tokens"))
        shortest = scores.dropna().groupby("level")["prompt_tokens"].min()
        return {int(level): int(tokens) for level, tokens in shortest.items()}

    def pack_records(self) -> Iterator[PackRecord]:
        """Yield the packs of the run in the order they were planned."""
        return read_jsonl(self.path / "packs.jsonl", PackRecord)

    def problems(self) -> dict[tuple[str, str], Problem]:
        """Return every problem of the run by task and problem id."""
        records = read_jsonl(self.path / "problems.jsonl", ProblemRecord)
        return {(record.task, record.problem.id): record.problem for record in records}

    def answered(self) -> Answered:
        """Return what of the run is answered already."""
        return read_answered(self.path / "responses.jsonl")

    def samples(self, wanted: Collection[str] | None = None) -> Iterator[Sample]:
        """Yield every answered pack in the order of packs.jsonl, one at a time: no run is held in memory as text.

        Args:
            wanted: the ids of the packs to yield; null for all.
        """
        problems = self.problems()
        responses = IndexedResponses(self.path / "responses.jsonl")
        extractions = IndexedResponses(self.path / EXTRACTIONS)
        seen: set[str] = set()
        with responses, extractions:
            for record in self.pack_records():
                if record.pack_id in seen:
                    raise StoreError(f"{self.path / 'packs.jsonl'}: pack {record.pack_id} stands twice; it was edited")
                seen.add(record.pack_id)
                if wanted is not None and record.pack_id not in wanted:
                    continue
                if (response := responses.of_pack(record.pack_id)) is not None:
                    yield Sample(_pack(record, problems), response, extractions.of_pack(record.pack_id))

    def write_scores(self, scores: Iterable[tuple[Score, ...]]) -> None:
        """Write scores.parquet, one row per slot, in the order given; the old file stays until the new one is whole."""
        with replacing(self.path / "scores.parquet") as temporary:
            write_scores(temporary, scores)

    def write_summary(self, summary: Summary) -> None:
        """Write summary.json; the old file stays until the new one is whole."""
        write_text(self.path / "summary.json", summary.model_dump_json(indent=2) + "\n")


def _pack(record: PackRecord, problems: Mapping[tuple[str, str], Problem]) -> Pack:
    try:
        members = tuple(problems[record.task, problem_id] for problem_id in record.problem_ids)
    except KeyError as error:
        raise StoreError(f"problems.jsonl: lacks problem {error} of pack {record.pack_id}; it was damaged") from error
    try:
        pack = Pack(**record.model_dump(exclude={"problem_ids", "prompt_sha256"}), problems=members)
    except ValidationError as error:
        raise StoreError(f"packs.jsonl: pack {record.pack_id}: {error.errors()[0]['msg']}; it was edited") from error
    if len(members) != record.level:
        raise StoreError(
            f"packs.jsonl: pack {record.pack_id} has {len(members)} problems at level {record.level}; it was edited"
        )
    return pack
