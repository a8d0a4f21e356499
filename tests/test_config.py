from pathlib import Path

import pytest

from rest_bench.config import RunConfig, make_config, packaged_dir
from rest_bench.errors import ConfigError
from rest_bench.schema import Sampling


def test_defaults_are_those_of_the_protocol() -> None:
    sampling = RunConfig(model="m").sampling
    assert (sampling.temperature, sampling.top_p, sampling.max_tokens) == (0.6, 0.95, 32768)


def test_every_sampling_field_is_a_setting() -> None:
    assert set(Sampling.model_fields) <= set(RunConfig.model_fields)


def test_every_setting_is_explained() -> None:
    assert [name for name, field in RunConfig.model_fields.items() if not field.description] == []


def test_a_flag_wins_over_the_run_file(tmp_path: Path) -> None:
    run_file = tmp_path / "run.yaml"
    run_file.write_text("model: from-file\nmax-tokens: 5\nlevels: [1, 3]\n")
    config = make_config({"model": "from-flag"}, run_file)
    assert (config.model, config.max_tokens, config.levels) == ("from-flag", 5, (1, 3))


def test_the_run_folder_is_named_after_the_model() -> None:
    assert RunConfig(model="org/SmolLM2-135M").run_dir == Path("runs/SmolLM2-135M")
    assert RunConfig(model="m", out=Path("elsewhere")).run_dir == Path("elsewhere")


@pytest.mark.parametrize(
    ("model", "folder"),
    [
        ("Qwen/Qwen3-8B", "Qwen3-8B"),
        ("models/Qwen3-8B/", "Qwen3-8B"),
        ("qwen3:8b", "qwen3:8b"),
        ("my model", "my model"),
        (".hidden", ".hidden"),
        ("通义千问", "通义千问"),
        (".", "model"),
        ("..", "model"),
        ("...", "model"),
        ("/", "model"),
        ("//", "model"),
        ("../..", "model"),
        ("a/..", "model"),
        ("a/../", "model"),
        ("a/.. ", "model"),
        ("a/.", "a"),
        ("./..//./..", "model"),
        ("../other", "other"),
        ("/etc/passwd", "passwd"),
        ("C:\\..", "C:_.."),
        ("..\\..\\x", ".._.._x"),
        ("x" * 255, "x" * 255),
    ],
)
def test_no_name_of_a_model_leads_out_of_the_folder_of_runs(model: str, folder: str, tmp_path: Path) -> None:
    run_dir = RunConfig(model=model).run_dir
    assert run_dir == Path("runs") / folder
    (tmp_path / run_dir).mkdir(parents=True)
    assert (tmp_path / run_dir).resolve().parent == (tmp_path / "runs").resolve()


@pytest.mark.parametrize("unit", ["x", "千", "é", "\U0001f600"])
def test_a_long_name_is_cut_to_what_a_disk_takes_and_stays_another(unit: str, tmp_path: Path) -> None:
    names = [RunConfig(model=unit * 300 + end).run_dir.name for end in ("", "a", "b")]
    assert len(set(names)) == 3
    for name in names:
        (tmp_path / f".{name}.12345678.part").mkdir()


@pytest.mark.parametrize("model", ["", " ", "\t", "a\0b", "a\nb", "\n", "a\x1b[31m"])
def test_a_model_without_a_name_on_one_line_is_refused(model: str) -> None:
    with pytest.raises(ConfigError, match="--model: ") as error:
        make_config({"model": model})
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "--model: missing; say which model to evaluate"),
        ({"model": "m", "temperature": -1}, "--temperature: input should be greater than or equal to 0 (it is -1)"),
        ({"model": "m", "levels": ("1", "x")}, "--levels: input should be a valid integer"),
        ({"model": "m", "levels": ("0",)}, "--levels: input should be greater than or equal to 1 (it is '0')"),
        ({"model": "m", "design": "random"}, "--design: input should be 'cyclic'"),
        ({"model": "m", "tasks": ()}, "--tasks: tuple should have at least 1 item"),
        ({"model": ""}, "--model: string should have at least 1 character"),
    ],
)
def test_a_wrong_flag_is_named(settings: dict[str, object], sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        make_config(settings)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("model: m\nmax_token: 5\n", "key max_token: no such setting"),
        ("- model\n", "must hold `key: value` lines"),
        ("model: [\n", "cannot be read as YAML"),
        ("model: !!timestamp x\n", "cannot be read as YAML (a value is not what its tag"),
        ('limit: !!int ""\n', "cannot be read as YAML (a value is not what its tag"),
        ("limit: !!float x\n", "cannot be read as YAML"),
        ("limit: " + "[" * 5000, "cannot be read as YAML"),
        ("model: m\nlimit: 0\n", "key limit: input should be greater than or equal to 1"),
        ("", "must hold `key: value` lines"),
    ],
)
def test_a_wrong_run_file_is_named_with_its_key(tmp_path: Path, text: str, sentence: str) -> None:
    run_file = tmp_path / "run.yaml"
    run_file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        make_config({}, run_file)
    assert str(run_file) in str(caught.value)
    assert sentence in str(caught.value)


def test_a_missing_run_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.yaml"):
        make_config({}, tmp_path / "absent.yaml")


@pytest.mark.parametrize("name", ["tasks", "templates"])
def test_packaged_data_is_found(name: str) -> None:
    assert list(packaged_dir(name).iterdir())  # type: ignore[arg-type]
