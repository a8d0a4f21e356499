import json
from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.store import Run
from tests.store.build import begin, make_score


def test_a_damaged_manifest_is_named_with_its_field(tmp_path: Path) -> None:
    with begin(tmp_path):
        pass
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["sampling"]["temperature"] = "warm"
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(StoreError, match=r"manifest\.json: cannot be read at sampling\.temperature"):
        _ = Run(tmp_path).manifest


def test_a_failed_write_leaves_the_old_scores(tmp_path: Path) -> None:
    with begin(tmp_path):
        pass
    run = Run(tmp_path)
    run.write_scores([(make_score(1, "2"),)])

    def failing() -> object:
        yield (make_score(1, "3"),)
        raise ValueError("the judge broke")

    with pytest.raises(ValueError, match="the judge broke"):
        run.write_scores(failing())  # type: ignore[arg-type]
    assert run.scores()["answer"].tolist() == ["2"]
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []
