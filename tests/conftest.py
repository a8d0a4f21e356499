"""What holds for all tests."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from rest_bench import cli, console
from rest_bench.engines import ENGINES
from tests import scripted
from tests.commands import Command, Outcome

# Workers run side by side, one to a core: threads of their own would wait for each other.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

settings.register_profile("rest-bench", deadline=None)  # how fast a machine is says nothing about the code
settings.load_profile("rest-bench")


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Command]:
    """Run a command line in a folder of its own; return exit code, stdout and stderr."""
    monkeypatch.setitem(ENGINES, scripted.NAME, scripted.TARGET)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REST_BENCH_DATA", raising=False)
    logger = logging.getLogger("rest_bench")
    handlers = list(logger.handlers)

    def run(*arguments: object) -> Outcome:
        console.stderr.cache_clear()
        with pytest.raises(SystemExit) as exit_:
            cli.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        logger.handlers[:] = handlers
        return int(exit_.value.code or 0), out, err

    yield run
    console.stderr.cache_clear()
