from pathlib import Path

import pytest

from rest_bench.errors import ConfigError, StoreError
from rest_bench.exporting.source import Source, open_source, public_name, remarks
from rest_bench.store import Run
from tests.records import make_manifest


@pytest.mark.parametrize(
    ("own", "given", "name"),
    [
        ("org/model", None, "org/model"),
        ("/home/me/models/my model", None, "local/my-model"),
        ("rest-nano", None, "local/rest-nano"),
        ("rest-nano", "org/nano", "org/nano"),
        ("../..", None, "local/model"),
        ("=cmd()", None, "local/cmd"),
    ],
)
def test_a_model_has_a_public_name_and_no_path(own: str, given: str | None, name: str) -> None:
    assert public_name(own, given) == name


def test_a_folder_that_looks_like_a_hub_name_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models" / "mine").mkdir(parents=True)
    assert public_name("models/mine", None) == "local/mine"


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match="--model-id: must be organisation/name"):
        public_name("m", "no slash")


def test_a_run_without_scores_cannot_be_exported(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(make_manifest().model_dump_json())
    with pytest.raises(StoreError, match="run `rest-bench score"):
        open_source(Run(tmp_path), None, lambda _: None)


def test_what_a_number_does_not_tell_is_said(source: Source) -> None:
    words = remarks(source, next(iter(source.levels())))
    assert "1 problems a prompt" in words
    assert "10 questions" in words
    assert "PARTIAL run" in words
    assert "95 % interval [" in words
