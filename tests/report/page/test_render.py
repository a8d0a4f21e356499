"""The page as a text; what a browser makes of it is in tests/browser."""

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from rest_bench.report.charts import Drawing
from rest_bench.report.page import render_page
from rest_bench.report.page.embedding import source_hash
from rest_bench.showing import show_samples
from rest_bench.store import Run
from rest_bench.visible import visible
from tests.pages import MODEL, TASK, hostile_run, page_of, with_half_characters

VOID = {"meta", "source", "img", "input", "br"}


class Tree(HTMLParser):
    """Reads a page strictly: every element is closed by its own end, and what stands where is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return hostile_run(tmp_path_factory.mktemp("run") / "run")


@pytest.fixture(scope="module")
def page(run: Run) -> str:
    return page_of(run, with_half_characters(show_samples(run)))


@pytest.fixture(scope="module")
def tree(page: str) -> Tree:
    parsed = Tree()
    parsed.feed(page)
    parsed.close()
    assert parsed.open == []
    return parsed


def test_the_sections_stand_in_their_order(tree: Tree) -> None:
    names = [attributes["id"] for attributes in tree.all("section")]
    wanted = ["verdict", "numbers", "stress", "positions", "outcomes", "losses", "budget", "thinking", "swaps"]
    assert names == [*wanted, "undefined", "settings", "samples"]


def test_headings_go_down_one_step_at_a_time(tree: Tree) -> None:
    depths = [int(name[1]) for name, _ in tree.elements if re.fullmatch(r"h[1-6]", name)]
    assert depths[0] == 1
    assert depths.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(depths))


def test_every_table_has_a_caption_and_every_head_a_scope(tree: Tree) -> None:
    assert len(tree.all("table")) == len(tree.all("caption"))
    assert {attributes.get("scope") for attributes in tree.all("th")} == {"col", "row"}


def test_no_text_of_a_run_became_markup(tree: Tree) -> None:
    assert {attributes["src"][:26] for attributes in tree.all("img") if attributes["src"]} == {
        "data:image/svg+xml;base64,"
    }
    assert not [name for _, attributes in tree.elements for name in attributes if name.startswith("on")]
    assert len(tree.all("script")) == 4, "charts, samples, and two scripts of the page"
    assert any(visible(MODEL) in text for _, text in tree.texts)
    assert any(visible(TASK) in text for _, text in tree.texts)


def test_nothing_is_loaded_from_anywhere(tree: Tree, page: str) -> None:
    links = [
        attributes.get(name) or "" for _, attributes in tree.elements for name in ("src", "href", "srcset", "action")
    ]
    assert all(link.startswith(("data:image/svg+xml;base64,", "#")) for link in links if link)
    assert "@import" not in page
    assert "url(" not in "".join(text for tag, text in tree.texts if tag == "style")


def test_the_policy_names_the_scripts_and_the_style_by_their_hashes(tree: Tree) -> None:
    (policy,) = [each["content"] or "" for each in tree.all("meta") if each.get("http-equiv")]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    texts: dict[str, list[str]] = {"script": [], "style": []}
    for tag, text in tree.texts:
        if tag in texts and text.strip():
            texts[tag].append(text)
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].split() == [source_hash(text) for text in texts["script"] if not text.startswith("{")]
    assert rules["style-src"] == source_hash(texts["style"][0])
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in rules["script-src"]


def test_the_data_of_the_browser_comes_back_whole(tree: Tree) -> None:
    charts, samples = (json.loads(text) for tag, text in tree.texts if tag == "script" and text.startswith("{"))
    assert set(charts) == {attributes["data-chart"] for attributes in tree.all("div") if "data-chart" in attributes}
    assert len(samples["samples"]) == 8
    assert samples["samples"][0]["task"] == TASK
    assert "\ud800" in samples["samples"][-1]["blocks"][-1]["parts"][0][0]


def test_the_same_run_gives_the_same_bytes(run: Run) -> None:
    assert page_of(run) == page_of(run)


def test_a_page_without_charts_has_tables_and_no_library(run: Run) -> None:
    page = render_page(run.summary, run.manifest, Drawing((), ()), show_samples(run))
    assert len(page) < 500_000
    assert "<figure" not in page


def test_samples_that_were_drawn_are_said_to_be(run: Run) -> None:
    assert "All 8 samples of the run." in page_of(run)
    drawn = render_page(run.summary, run.manifest, Drawing((), ()), show_samples(run, most_samples=3))
    assert "3 of 8 samples are shown" in drawn


def test_the_page_can_be_written_as_utf_8(page: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
