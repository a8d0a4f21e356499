"""What `import rest_bench` gives."""

import subprocess
import sys

import pytest

import rest_bench


def test_every_name_is_there_and_no_other() -> None:
    assert dir(rest_bench) == sorted(rest_bench.__all__)
    for name in rest_bench.__all__:
        assert getattr(rest_bench, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'evaluat'"):
        rest_bench.evaluat  # noqa: B018 - a name that is not there


def test_the_names_are_those_of_their_modules() -> None:
    from rest_bench.config import RunConfig
    from rest_bench.pipeline import evaluate

    assert (rest_bench.RunConfig, rest_bench.evaluate) == (RunConfig, evaluate)


def test_importing_it_imports_nothing_else() -> None:
    script = "import rest_bench, sys; print([name for name in sys.modules if name.startswith('rest_bench.')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
