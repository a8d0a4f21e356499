"""The rules of the design that a machine can keep: who imports whom, what an import costs, and frozen nouns."""

import ast
import inspect
import subprocess
import sys
import types
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

import rest_bench
from rest_bench import config, profiles, replies, schema

PACKAGE = Path(rest_bench.__file__).parent

BASE = {"schema", "errors"}
MIDDLE = {"packing", "templates", "parsing", "scoring", "metrics", "simulation", "store", "replies"}
ALLOWED = {
    "__init__": {"pipeline", "config", "schema", "store", "errors", "grading", "notebook"},
    # What the library offers of judging: the line of replies, and one question.
    "grading": {*BASE, "pipeline", "replies", "scoring"},
    # What `load_run` gives.
    "notebook": {*BASE, "store", "report"},
    "__main__": {"cli"},
    "schema": set(),
    "errors": set(),
    "visible": set(),
    "config": BASE,
    # The one table of settings, which all that compare runs read.
    "settings": BASE,
    "plugins": BASE,
    **dict.fromkeys(MIDDLE, BASE),
    # Other packages may add a scorer.
    "scoring": {*BASE, "plugins"},
    "replies": {*BASE, "plugins"},
    "store": {*BASE, "settings"},
    "metrics": {*BASE, "settings"},
    "forecast": {*BASE, "planning"},
    "comparing": {*BASE, "metrics", "settings", "store"},
    # What people look at is cut out of replies by the parser, and drawn from the run folder.
    "showing": {*BASE, "parsing", "store"},
    "merging": {*BASE, "settings", "store"},
    "adapters": {*BASE, "config"},
    # The family of an adapter is that of its base.
    "profiles": {*BASE, "adapters", "config"},
    "flags": {*BASE, "engines"},
    "interrupts": set(),
    "reading": {*BASE, "parsing", "planning", "scoring", "store", "templates"},
    "exporting": {*BASE, "config", "metrics", "parsing", "store", "templates"},
    # Logs of other harnesses are laid beside the packs that we would ask.
    "importing": {*BASE, "config", "engines", "packing", "parsing", "planning", "store", "tasks"},
    # What other harnesses call: packed, read and judged like a run.
    "integrations": {
        *BASE,
        "config",
        "engines",
        "importing",
        "metrics",
        "packing",
        "parsing",
        "pipeline",
        "planning",
        "reading",
        "scoring",
        "settings",
        "store",
        "tasks",
    },
    # What a submission says is derived again from its answers: packed, read, judged and counted like a run.
    "leaderboard": {
        *BASE,
        "__init__",
        "config",
        "exporting",
        "metrics",
        "packing",
        "parsing",
        "planning",
        "reading",
        "report",
        "scoring",
        "settings",
        "store",
        "tasks",
        "templates",
        "visible",
    },
    "simulating": {*BASE, "config", "metrics", "simulation", "store"},
    "planning": {*BASE, "config", "packing", "scoring", "settings", "tasks", "templates"},
    # Task files and engines are found and set by the same settings as everything else.
    "tasks": {*BASE, "config", "plugins"},
    # The simulator knows the golds of the packs that it answers.
    # Where a prompt ends inside thinking, the parser's table of tags says.
    "engines": {
        *BASE,
        "adapters",
        "config",
        "parsing",
        "planning",
        "plugins",
        "profiles",
        "settings",
        "simulation",
        "__init__",
    },
    "report": {*BASE, "settings", "visible"},
    "provenance": {*BASE, "__init__"},
    "doctor": {*BASE, "__init__", "config", "engines", "plugins", "scoring", "tasks"},
    "pipeline": {
        *BASE,
        *MIDDLE,
        "__init__",
        "comparing",
        "config",
        "engines",
        "exporting",
        "forecast",
        "importing",
        "interrupts",
        "merging",
        "planning",
        "profiles",
        "provenance",
        "reading",
        "report",
        "settings",
        "showing",
        "tasks",
    },
    "console": {"errors", "visible"},
    "cli_leaderboard": {*BASE, "console", "leaderboard", "scoring", "store"},
    "cli_integrations": {*BASE, "console", "flags", "importing", "integrations", "pipeline", "report"},
    "cli": {
        *BASE,
        "__init__",
        "cli_integrations",
        "cli_leaderboard",
        "config",
        "doctor",
        "exporting",
        "flags",
        "console",
        "integrations",
        "interrupts",
        "pipeline",
        "planning",
        "replies",
        "report",
        "simulating",
        "simulation",
        "store",
        "tasks",
    },
}
"""Module or package of rest_bench to those that it may import besides itself; nobody may import `cli`."""

HEAVY = {
    "torch",
    "vllm",
    "transformers",
    "peft",
    "datasets",
    "sympy",
    "math_verify",
    "pandas",
    "pyarrow",
    "scipy",
    "altair",
    "vl_convert",
    "openai",
}
"""Imported inside the function that needs them, never at module top."""


def module_files() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        relative = path.relative_to(PACKAGE)
        if relative.parts[0] != "_data":
            yield relative.with_suffix("").as_posix(), path


MODULES = list(module_files())
NAMES = [name for name, _ in MODULES]


def imported_parts(path: Path) -> Iterator[str]:
    """Yield the parts of rest_bench that a file imports, wherever in the file, type-checking blocks aside."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "rest_bench":
            parts = (node.module or "").split(".")
            yield from (
                [parts[1]]
                if len(parts) > 1
                else [
                    alias.name
                    if (PACKAGE / alias.name).exists() or (PACKAGE / f"{alias.name}.py").exists()
                    else "__init__"
                    for alias in node.names
                ]
            )
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "rest_bench":
                    yield [*alias.name.split("."), "__init__"][1]


@pytest.mark.parametrize(("module", "path"), MODULES, ids=NAMES)
def test_a_module_imports_only_what_the_design_allows(module: str, path: Path) -> None:
    part = module.split("/", maxsplit=1)[0]
    assert part in ALLOWED, f"{module}: add it to the table of the design"
    assert set(imported_parts(path)) - {part} <= ALLOWED[part]


def test_the_table_names_no_module_that_is_gone() -> None:
    assert {module.split("/")[0] for module, _ in MODULES} == set(ALLOWED)


@pytest.mark.parametrize(("module", "path"), MODULES, ids=NAMES)
def test_heavy_libraries_are_imported_inside_functions(module: str, path: Path) -> None:
    if module == "scoring/worker":
        return  # the program of a worker process: nothing else imports it
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name.split(".")[0] for node in top if isinstance(node, ast.Import) for alias in node.names}
    names |= {(node.module or "").split(".")[0] for node in top if isinstance(node, ast.ImportFrom)}
    assert not names & HEAVY


RUN_CLI = """
from rest_bench.cli import main
try:
    main({})
except SystemExit:
    pass
"""


@pytest.mark.parametrize(
    "program",
    [
        "import rest_bench",
        "import rest_bench.schema, rest_bench.scoring, rest_bench.parsing, rest_bench.engines",
        RUN_CLI.format(["--help"]),
        RUN_CLI.format(["eval", "--help"]),
        RUN_CLI.format(["tasks"]),
    ],
)
def test_what_needs_no_heavy_library_imports_none(program: str) -> None:
    check = f"{program}\nimport sys; print('HEAVY:', sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "HEAVY: []"


def nouns() -> list[type[BaseModel]]:
    models = [
        model
        for module in (schema, config, profiles, replies)
        for _, model in inspect.getmembers(module, inspect.isclass)
        if issubclass(model, BaseModel)
        and model not in (BaseModel, schema.Record)
        and (model.__module__ == module.__name__ or model.__module__.startswith(f"{module.__name__}."))
    ]
    assert len(models) > 20
    return models


def parts_of(annotation: object) -> Iterator[object]:
    yield typing.get_origin(annotation) or annotation
    for argument in typing.get_args(annotation):
        yield from parts_of(argument)


@pytest.mark.parametrize("noun", nouns(), ids=lambda noun: noun.__name__)
def test_a_noun_is_frozen_and_closed(noun: type[BaseModel]) -> None:
    assert noun.model_config.get("frozen") is True
    # A reply line is other people's file: notes may stand beside the fields that are read.
    assert noun.model_config.get("extra") == ("ignore" if noun is replies.ReplyLine else "forbid")


@pytest.mark.parametrize(
    "noun", [noun for noun in nouns() if noun is not replies.ReplyLine], ids=lambda noun: noun.__name__
)
def test_a_noun_holds_nothing_that_can_change(noun: type[BaseModel]) -> None:
    for name, field in noun.model_fields.items():
        mutable = {list, dict, set, typing.Any, types.SimpleNamespace} & set(parts_of(field.annotation))
        assert not mutable, f"{noun.__name__}.{name} is {field.annotation}"


def test_a_mapping_of_a_noun_is_read_only() -> None:
    problem = schema.Problem(id="1", question="q", gold="2", answer_type="integer", metadata={"subject": "algebra"})
    with pytest.raises(TypeError):
        problem.metadata["subject"] = "number theory"  # type: ignore[index]


def functions() -> Iterator[tuple[str, int]]:
    for module, path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{module}.{node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_every_function_fits_on_a_screen() -> None:
    assert {name: lines for name, lines in functions() if lines > 60} == {}


def test_every_module_has_its_test_file() -> None:
    tests = PACKAGE.parent / "tests"
    untested = [
        module
        for module, _ in MODULES
        if not module.endswith("__init__")
        and not module.startswith("schema/")  # one file for all nouns: they hold and do nothing
        and module not in {"__main__", "errors", "scoring/worker"}
        and not (tests / Path(module).parent / f"test_{Path(module).name}.py").is_file()
    ]
    assert untested == []
