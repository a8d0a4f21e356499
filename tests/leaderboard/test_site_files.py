from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.leaderboard.site_files import SiteFiles, is_file_name

OUTSIDE = [
    "",
    "/etc/passwd",
    "..",
    "../index.html",
    "tasks/../index.html",
    "tasks/../../../x/package.json",
    "tasks/./a.html",
    "tasks//a.html",
    "tasks/",
    "./a.html",
    "~/a.html",
    ".htaccess",
    "tasks/.hidden.html",
    "tasks\\..\\..\\a.html",
    "C:\\a.html",
    "c:a.html",
    "a.html:stream",
    "tasks/a\n.html",
    "tasks/a\0.html",
    "tasks/a b.html",
    "tasks/a.html.",
    "tasks/a.html ",
    "tasks/<b>.html",
    "tasks/%2e%2e.html",
    "tasks/\u2025/a.html",
    "tasks/\uff0e\uff0e/a.html",
    "tasks/\u202egnp.html",
    "tasks/-rf.html",
    f"tasks/{'a' * 250}.html",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_path_that_could_lead_elsewhere_is_refused(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "a" / "b" / "site"
    folder.mkdir(parents=True)
    with pytest.raises(StoreError, match="no file of the site may have that name"):
        SiteFiles(folder).write(path, "mine")
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


@pytest.mark.parametrize("part", ["index.html", "gpqa_diamond.csv", "a+b-slope-light.svg", "v1.2_x.json", "7"])
def test_names_of_files_are_plain(part: str) -> None:
    assert is_file_name(part)


@pytest.mark.parametrize("again", ["tasks/a.html", "tasks/A.html", "TASKS/a.HTML"])
def test_no_file_takes_the_place_of_another(tmp_path: Path, again: str) -> None:
    files = SiteFiles(tmp_path)
    files.write("tasks/a.html", "first")
    with pytest.raises(StoreError, match="has a file of that name already"):
        files.write(again, "second")
    assert (tmp_path / "tasks" / "a.html").read_text() == "first"


def test_no_link_is_followed_out_of_the_folder(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "site"
    outside.mkdir()
    folder.mkdir()
    (outside / "precious").write_text("precious")
    (folder / "tasks").symlink_to(outside)
    (folder / "index.html").symlink_to(outside / "precious")
    (folder / "new.html").symlink_to(outside / "new")
    source = outside / "precious"
    files = SiteFiles(folder)
    for path in ("tasks/a.html", "tasks/deep/a.html", "index.html", "new.html"):
        with pytest.raises(StoreError, match=r"link leads out|has a file of that name"):
            files.write(path, "mine")
        with pytest.raises(StoreError, match=r"link leads out|has a file of that name"):
            files.copy(source, path)
    assert [path.name for path in outside.rglob("*") if path.is_file()] == ["precious"]
    assert (outside / "precious").read_text() == "precious"


def test_files_are_written_and_copied_below_the_folder(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"\0copied")
    files = SiteFiles(tmp_path / "site")
    files.write("models/a.html", "ä\n")
    files.copy(tmp_path / "source", "assets/board.css")
    assert (tmp_path / "site" / "models" / "a.html").read_bytes() == "ä\n".encode()
    assert (tmp_path / "site" / "assets" / "board.css").read_bytes() == b"\0copied"
