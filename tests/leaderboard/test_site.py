import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag

import pytest

from rest_bench.errors import StoreError
from rest_bench.leaderboard.equal_replies import Equal
from rest_bench.leaderboard.published import N_QUESTIONS, published_levels
from rest_bench.leaderboard.rows import SubmittedEntry
from rest_bench.leaderboard.site import build_site, claim, slug
from rest_bench.schema import Estimate, Submission
from rest_bench.visible import visible
from tests.leaderboard.boards import HOSTILE, entry, read_submission, whole
from tests.terminal_strings import TERMINAL_STRINGS, is_foreign


class Links(HTMLParser):
    """The addresses and anchors of a page."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src", "srcset"} and value is not None:
                self.links.append(value)
            if name == "id" and value is not None:
                self.anchors.append(value)


EQUAL = Equal("org/model-1", f"{1:016x}", 0.5, whole=False)


def entries_of(record: Submission) -> list[SubmittedEntry]:
    system = record.manifest.dressing.model_copy(update={"system_prompt": HOSTILE})
    manifest = entry(record, 1).submission.manifest.model_copy(update={"dressing": system})
    submitter = record.submitter.model_copy(update={"name": HOSTILE})
    return [
        entry(record, 1),
        entry(record, 2, "reproduced"),
        entry(record, 3, "self-reported"),
        entry(record, 4, notes=HOSTILE + " ".join(TERMINAL_STRINGS), submitter=submitter, manifest=manifest),
        SubmittedEntry(record, "re-scored", equal=(EQUAL, EQUAL._replace(model=HOSTILE, submission_id="9" * 16))),
    ]


@pytest.fixture(scope="module")
def site(published_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "board"
    build_site(entries_of(read_submission(published_folder)), out)
    return out


def test_nothing_on_a_board_commands_a_terminal_or_turns_what_is_read(site: Path) -> None:
    texts = {path: path.read_bytes().decode().replace("\r\n", "\n") for path in site.rglob("*") if path.is_file()}
    assert [path for path, text in texts.items() if is_foreign(text)] == []
    assert any(visible("\u202egnp.exe") in text for text in texts.values())


def test_every_link_leads_somewhere(site: Path) -> None:
    pages = {page: Links(page) for page in site.rglob("*.html")}
    assert len(pages) == 4 + 8 - 1 + 5 + 38
    for page, found in pages.items():
        assert len(found.anchors) == len(set(found.anchors)), page
        for link in found.links:
            if link.startswith(("http:", "https:", "data:,")):
                continue
            address, anchor = urldefrag(link)
            target = (page.parent / address).resolve() if address else page
            assert target.is_file(), (page, link)
            if anchor:
                assert anchor in pages[target].anchors, (page, link)


def test_every_number_stands_in_a_table_without_scripts(site: Path) -> None:
    page = (site / "tasks" / "arithmetic.html").read_text()
    assert page.count("<tr data-tier=") == 3
    assert "org/model-1" in page
    assert "numbers alone, or not checked here" in page
    assert "only a part of the problems or samples" in page


def test_nothing_of_a_submission_becomes_markup(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text()
        assert "<img src=x" not in text
        assert "onerror=alert(1)>" not in text
    (shown,) = (page.read_text() for page in site.glob("models/org-model-4-*.html"))
    assert shown.count("&lt;img src=x onerror=alert(1)&gt;") == 3  # submitter, notes, system prompt
    assert shown.count("{{ 7*7 }}") == 3


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        assert "default-src 'none'" in page.read_text()
        loaded = re.findall(r'(?:src|srcset)="([^"]*)"', page.read_text())
        assert not [link for link in loaded if "//" in link]


def test_a_failed_reproduction_or_none_is_no_fault(site: Path) -> None:
    page = next(page for page in site.rglob("models/*.html") if "org-model-2" in page.name)
    assert "reproduced</span>" in page.read_text()


def test_the_same_submissions_give_the_same_bytes(site: Path, published_folder: Path, tmp_path: Path) -> None:
    build_site(entries_of(read_submission(published_folder))[::-1], tmp_path / "again")
    for path in site.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(site)).read_bytes(), path


def test_a_board_takes_the_place_of_the_one_before(site: Path, tmp_path: Path) -> None:
    board = shutil.copytree(site, tmp_path / "site")
    build_site([], board)
    assert not list(board.glob("models/org-model-*.html"))
    assert "O4-mini" in (board / "index.html").read_text()  # the paper's table stands without any submission
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_folder_of_something_else_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(StoreError, match="holds something else than a board"):
        build_site([], tmp_path)
    assert (tmp_path / "thesis.tex").exists()


def test_pages_have_names_of_their_own() -> None:
    assert slug("1", "../../Org/<b>") != slug("2", "../../Org/<b>")
    assert re.fullmatch(r"org-b-[0-9a-f]{16}", slug("1", "../../Org/<b>"))
    assert len(slug("1", "a" * 500)) < 80


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (None, "percent", "–"),
        (0.5, "percent", "50.0"),
        ((1.0, 0.25), "percent", "100.0 25.0"),
        ((44.0, 0.0), "count", "44 0"),
        (Estimate(value=0.94, se=None, ci=None), "ratio", "0.94"),
        (Estimate(value=None, se=None, ci=None), "ratio", "–"),
    ],
)
def test_a_claim_is_one_number_or_one_a_position(value: object, form: str, shown: str) -> None:
    assert claim(value, form) == shown


def test_a_quantized_model_is_marked_wherever_it_stands(published_folder: Path, tmp_path: Path) -> None:
    record = read_submission(published_folder)
    plain = entry(record, 1).submission
    engine = plain.manifest.engine.model_copy(update={"quantization": "fp8"})
    manifest = plain.manifest.model_copy(update={"engine": engine})
    quantized = entry(record, 2, manifest=manifest, model=plain.model)
    build_site([entry(record, 1), quantized], tmp_path / "board")
    board = (tmp_path / "board" / "tasks" / "arithmetic.html").read_text()
    mark = f'<bdi>{plain.model}</bdi></a> <small class="variant"><bdi>fp8 weights</bdi></small>'
    assert board.count(mark) == 2  # the scores, and by level
    assert board.count(f"<bdi>{plain.model}</bdi></a>") == 4
    (page,) = [path.read_text() for path in (tmp_path / "board" / "models").glob(f"{slug(f'{2:016x}', plain.model)}*")]
    assert "<h1><bdi>org/model-1</bdi> <small" in page
    assert re.search(r"quantization</th><td><bdi>fp8</bdi>", page)
    assert '"variant": "fp8 weights"' in (tmp_path / "board" / "data" / "arithmetic.json").read_text()


def on_all_tasks(record: Submission, number: int, name: str, day: str) -> SubmittedEntry:
    """Return a submission of one model that was asked all tasks of the paper."""
    plain = whole(record)
    (task,), summary = plain.manifest.tasks, plain.results.tasks["arithmetic"]
    one, stressed = summary.levels["1"], summary.levels["3"]
    tasks, results = [], {}
    for each in N_QUESTIONS:
        levels = published_levels(each)
        planned = tuple(task.levels[0].model_copy(update={"level": level}) for level in levels)
        tasks.append(task.model_copy(update={"name": each, "levels": planned}))
        found = {str(level): one if level == 1 else stressed for level in levels}
        above = tuple(level for level in levels if level > 1)
        results[each] = summary.model_copy(update={"levels": found, "stress_levels": above})
    changes = {
        "submission_id": f"{number:016x}",
        "partial": False,
        "manifest": plain.manifest.model_copy(update={"tasks": tuple(tasks)}),
        "results": plain.results.model_copy(update={"tasks": results}),
        "submitter": plain.submitter.model_copy(update={"name": name}),
    }
    return SubmittedEntry(plain.model_copy(update=changes), "re-scored", added_on=day)


def test_every_row_of_a_model_is_counted_and_reached(published_folder: Path, tmp_path: Path) -> None:
    record = read_submission(published_folder)
    entries = [
        on_all_tasks(record, 1, "A lab", "2026-02-01"),
        on_all_tasks(record, 2, "Somebody", "2026-02-02"),
        on_all_tasks(record, 3, "Somebody", "2026-02-03"),
    ]
    build_site(entries, tmp_path / "board")
    rows = json.loads((tmp_path / "board" / "data" / "overall.json").read_text())
    found = {row["submitter"]: (row["entries"], row["n_further"]) for row in rows if row["model"] == record.model}
    assert found == {"A lab": (f"{1:016x}", 2), "Somebody": (f"{3:016x}", 2)}
    index = (tmp_path / "board" / "index.html").read_text()
    assert index.count('#further">2 more</a>') == 2
    assert index.count("of <bdi>Somebody</bdi>") == 1
    for path in (tmp_path / "board" / "models").glob("org-model-*.html"):
        page = path.read_text()
        assert len({link for link in Links(path).links if "models/org-model-" in link}) == 2
        assert page.count("re-scored</span> of <bdi>") == 2
        assert "(here since 2026-02-0" in page
    dates = {row["date"] for row in json.loads((tmp_path / "board" / "data" / "gsm8k.json").read_text())}
    assert dates == {None, "2026-02-01", "2026-02-02", "2026-02-03"}
