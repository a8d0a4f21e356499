from pathlib import Path

import pytest

from rest_bench.leaderboard.names import Namesakes, folder_name, is_clear, name_key


def test_names_that_differ_in_capital_letters_only_are_one() -> None:
    assert name_key("Org/Model-7B") == name_key("org/model-7b")
    assert name_key("org/model-7b") != name_key("org/model_7b")


@pytest.mark.parametrize(
    ("model", "clear"),
    [
        ("org/name", True),
        ("org/na__me", True),
        ("org/name__", True),
        ("or_g/name", True),
        ("or__g/name", False),
        ("org_/name", False),
    ],
)
def test_a_folder_must_say_which_model_it_is_of(model: str, clear: bool) -> None:
    assert is_clear(model) == clear


def test_two_clear_names_never_share_a_folder() -> None:
    parts = [f"{left}{middle}{right}" for left in "ab" for middle in ("", "_", "__", "___") for right in "ab"]
    names = [f"{one}/{other}" for one in parts for other in parts]
    clear = [name for name in names if is_clear(name)]
    assert len({folder_name(name) for name in clear}) == len(clear) > 50


def test_the_folders_of_a_board_are_listed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("org__Model", "org__model", "ORG__other"):
        (tmp_path / name).mkdir()
    namesakes = Namesakes()
    assert namesakes.of(tmp_path, "org/model") == ["org__Model"]
    assert namesakes.of(tmp_path, "org/MODEL") == ["org__Model", "org__model"]
    monkeypatch.setattr(Path, "iterdir", lambda _path: pytest.fail("listed again"))
    assert namesakes.of(tmp_path, "org/other") == ["ORG__other"]
    assert namesakes.of(tmp_path, "org/third") == []
    assert namesakes.of(tmp_path / "nowhere", "org/third") == []
