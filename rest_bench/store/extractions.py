"""extractor.json and extractions.jsonl: a second model that lists the answers of a run's replies, and what it said."""

from pathlib import Path

from rest_bench.errors import StoreError
from rest_bench.schema import Extractor
from rest_bench.settings.endpoints import know_again
from rest_bench.store.files import write_text
from rest_bench.store.identity import first_difference
from rest_bench.store.responses import Answered, FolderWriter
from rest_bench.store.run import EXTRACTIONS, EXTRACTOR, Run

_ANEW = f"remove {EXTRACTOR} and {EXTRACTIONS} to have the replies listed again"


class ExtractionWriter(FolderWriter):
    """The one process that may add to what a second model said of a run; holds the lock of its folder while open."""

    def begin(self, extractor: Extractor) -> Answered:
        """Record who lists the answers, and return which of its replies are on disk already.

        Raises:
            StoreError: the folder holds the replies of another model, or of this one asked otherwise.
        """
        earlier = Run(self.path).extractor
        if earlier is not None:
            _refuse_other(self.path, earlier, extractor)
        before = None if earlier is None else earlier.engine
        engine = know_again(self.path / EXTRACTIONS, before, extractor.engine, remedy=_ANEW)
        extractor = extractor.model_copy(update={"engine": engine})
        write_text(self.path / EXTRACTOR, extractor.model_dump_json(indent=2) + "\n")
        return self.open_log(self.path / EXTRACTIONS)


def _refuse_other(path: Path, earlier: Extractor, extractor: Extractor) -> None:
    """One column of the scores holds the answers of one extractor."""
    there, here = earlier.engine.model, extractor.engine.model
    found = first_difference(earlier, extractor)
    if found is None and earlier.prompt_version == extractor.prompt_version:
        return
    how, what = ("", "") if there != here else (", asked with other settings", "")
    if found is not None and there == here:
        what = f" (another {found.field}: {found.here} there, {found.there} now)"
    raise StoreError(
        f"{path}: holds the answers that {there} listed{how}; "
        f"remove {EXTRACTOR} and {EXTRACTIONS} to have {here} list them{what}"
    )
