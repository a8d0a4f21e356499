"""The one process that may add to a run folder."""

from collections.abc import Iterable, Mapping

from rest_bench.schema import Manifest, Pack, PackRecord, Problem, ProblemRecord, Prompt
from rest_bench.settings.endpoints import know_again
from rest_bench.store.files import write_text, writing_lines
from rest_bench.store.identity import join_manifests, refuse_other_run
from rest_bench.store.responses import Answered, FolderWriter
from rest_bench.store.run import Run


class RunWriter(FolderWriter):
    """The one process that may add to a run folder; holds its lock while open."""

    def begin(
        self, manifest: Manifest, plan: Iterable[tuple[Pack, Prompt]], *, trust_endpoint: bool = False
    ) -> Answered:
        """Write the plan (packs, and the hashes of their prompts) and return what of it is answered already.

        Levels and tasks that the folder holds and this plan does not name stay as they are; a level named again is
        planned anew.

        Args:
            manifest: of the run as it is now.
            plan: its packs with their prompts.
            trust_endpoint: a server that says or answers something else than before serves the same model.

        Raises:
            StoreError: the folder holds a run that differs in what makes a sample what it is; the field is named.
        """
        earlier = Run(self.path) if (self.path / "manifest.json").is_file() else None
        problems: dict[tuple[str, str], Problem] = {}
        if earlier is not None:
            refuse_other_run(self.path, earlier.manifest, manifest)
            problems = earlier.problems()
        before = None if earlier is None else earlier.manifest.engine
        engine = know_again(self.path, before, manifest.engine, trusted=trust_endpoint)
        manifest = manifest.model_copy(update={"engine": engine})
        with writing_lines(self.path / "packs.jsonl") as write_pack:
            if earlier is not None:
                planned = {(task.name, level.level) for task in manifest.tasks for level in task.levels}
                for record in earlier.pack_records():
                    if (record.task, record.level) not in planned:
                        write_pack(record)
                manifest = join_manifests(earlier.manifest, manifest)
            for pack, prompt in plan:
                write_pack(_pack_record(pack, prompt.sha256))
                problems.update({(pack.task, problem.id): problem for problem in pack.problems})
            # Before packs.jsonl takes its place: every pack on disk finds its problems.
            self._write_problems(problems)
        self.write_manifest(manifest)
        return self.open_log(self.path / "responses.jsonl")

    def _write_problems(self, problems: Mapping[tuple[str, str], Problem]) -> None:
        with writing_lines(self.path / "problems.jsonl") as write_problem:
            for (task, _), problem in problems.items():
                write_problem(ProblemRecord(task=task, problem=problem))

    def write_manifest(self, manifest: Manifest) -> None:
        """Write manifest.json; the old file stays until the new one is whole."""
        write_text(self.path / "manifest.json", manifest.model_dump_json(indent=2) + "\n")


def _pack_record(pack: Pack, prompt_sha256: str) -> PackRecord:
    return PackRecord(
        **pack.model_dump(exclude={"problems"}),
        problem_ids=tuple(problem.id for problem in pack.problems),
        prompt_sha256=prompt_sha256,
    )
