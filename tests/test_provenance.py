import re
import subprocess
from pathlib import Path

from rest_bench.provenance import _git_commit, begin_invocation, finish_invocation
from tests.records import make_manifest


def test_an_invocation_says_what_it_ran_with() -> None:
    invocation = begin_invocation(make_manifest().engine)
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$", invocation.started_at)
    assert invocation.finished_at is None
    assert "cores" in invocation.hardware


def test_only_the_last_invocation_is_finished() -> None:
    manifest = make_manifest()
    twice = manifest.model_copy(update={"invocations": manifest.invocations * 2})
    first, last = finish_invocation(twice).invocations
    assert first.finished_at is None
    assert last.finished_at is not None


def test_the_commit_of_a_checkout_is_named_with_its_changes(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        command = ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments]
        subprocess.run(command, check=True, capture_output=True)

    git("init")
    (tmp_path / "file").write_text("a")
    git("add", "file")
    git("commit", "-m", "first")
    clean = _git_commit(tmp_path)
    assert clean is not None
    assert re.fullmatch("[0-9a-f]{40}", clean)
    (tmp_path / "file").write_text("b")
    assert _git_commit(tmp_path) == clean + "+changes"


def test_an_installed_package_has_no_commit(tmp_path: Path) -> None:
    assert _git_commit(tmp_path) is None
