import re
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from rest_bench.config import RunConfig
from rest_bench.flags import split_values, with_flags_of

Said = list[tuple[dict[str, object], Path | None, bool]]


def called_with(*arguments: str) -> tuple[dict[str, object], Path | None, bool]:
    """Return what a command gets that stands behind the flags."""
    said: Said = []
    app = typer.Typer(pretty_exceptions_enable=False)
    as_json = Annotated[bool, typer.Option("--json")]
    app.command()(with_flags_of(RunConfig, lambda *given: said.append(given), as_json))
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == 0, done.output
    return said[0]


def test_only_what_is_given_is_a_setting() -> None:
    assert called_with("--model", "m") == ({"model": "m"}, None, False)


def test_every_setting_has_a_flag_with_its_explanation() -> None:
    app = typer.Typer()
    app.command()(with_flags_of(RunConfig, lambda *_: None, Annotated[bool, typer.Option("--json")]))
    text = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "400"}).output
    for name, field in RunConfig.model_fields.items():
        assert f"--{name.replace('_', '-')}" in text
        assert str(field.description).split(": ")[-1].split(";")[0][:40] in text


def described() -> dict[str, str]:
    """Return what the help says of each flag, by the name of its field."""
    app = typer.Typer(rich_markup_mode=None)
    app.command()(with_flags_of(RunConfig, lambda *_: None, Annotated[bool, typer.Option("--json")]))
    context = typer.Context(typer.main.get_command(app))
    return {str(flag.name): str(getattr(flag, "help", "")) for flag in context.command.params}


@pytest.mark.parametrize("name", RunConfig.model_fields)
def test_every_default_that_means_something_is_shown(name: str) -> None:
    """A switch that is off and a setting that is not given have none; 0 and 1 are neither."""
    default = RunConfig.model_fields[name].default
    said = described()[name].rpartition("default ")[2].rstrip(")").split("; ")[0]
    if RunConfig.model_fields[name].is_required() or default is None or default in ("{}", ()) or default is False:
        assert "(default" not in described()[name]
    elif default is True:
        assert said == name
    elif isinstance(default, tuple):
        assert said == ",".join(default)
    elif isinstance(default, str | Path):
        assert said == str(default)
    else:
        assert float(said) == float(default)


@pytest.mark.parametrize("name", ["seed", "top_k", "min_p", "repetition_penalty", "tensor_parallel_size"])
def test_zero_and_one_are_defaults_too(name: str) -> None:
    assert re.search(r"default [01]\)", described()[name])


@pytest.mark.parametrize(
    ("arguments", "setting"),
    [
        (("--levels", "1,2"), {"levels": ("1", "2")}),
        (("--levels", "1", "--levels", "2, 4"), {"levels": ("1", "2", "4")}),
        (("--no-resume",), {"resume": False}),
        (("--dry-run",), {"dry_run": True}),
        (("--max-tokens", "7"), {"max_tokens": 7}),
        (("--out", "here"), {"out": Path("here")}),
    ],
)
def test_a_flag_becomes_the_setting_of_its_name(arguments: tuple[str, ...], setting: dict[str, object]) -> None:
    assert called_with(*arguments)[0] == setting


def test_a_run_file_and_json_are_no_settings() -> None:
    assert called_with("--config", "run.yaml", "--json") == ({}, Path("run.yaml"), True)


def test_values_are_separated_by_commas_or_given_one_by_one() -> None:
    assert split_values(["a,b", " c , ", ""]) == ("a", "b", "c")
