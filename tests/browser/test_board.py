"""The pages of the leaderboard in Debian's Chromium (`make test-browser`), served as a site would be."""

import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from rest_bench.leaderboard.publishing import publish
from rest_bench.leaderboard.site import build_site
from rest_bench.pipeline import evaluate
from rest_bench.schema import Estimate, Submission, Summary
from rest_bench.simulating import make_settings, prepare
from tests.browser.watching import NARROW, WIDE, Watched
from tests.leaderboard.boards import HOSTILE, entry, read_submission
from tests.leaderboard.build import PUBLISHER

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def without_retention(record: Submission) -> Summary:
    """Return the results of a submission as if nothing were right at level 1."""
    task = record.results.tasks["arithmetic"]
    unknown = Estimate(value=None, se=None, ci=None)
    return record.results.model_copy(
        update={"tasks": {"arithmetic": task.model_copy(update={"retention_above_chance": unknown})}}
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("board")
    settings = {"tasks": ("arithmetic",), "levels": (1, 3), "repeats": 1, "log_tokens": 5.0, "out": folder / "run"}
    run = evaluate(prepare(make_settings(settings)).model_copy(update={"limit": 20}))
    record = read_submission(publish(run, folder / "submissions", PUBLISHER))
    entries = [
        entry(record, 1),
        entry(record, 2, "reproduced", results=without_retention(record)),
        entry(record, 3, "self-reported"),
        entry(record, 4, notes=HOSTILE, submitter=record.submitter.model_copy(update={"name": HOSTILE})),
    ]
    build_site(entries, folder / "site")
    return folder / "site"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


Open = Callable[..., Watched]


@pytest.fixture
def opened(browser: Any, address: str) -> Iterator[Open]:
    contexts: list[Any] = []

    def open_page(path: str, **settings: Any) -> Watched:
        contexts.append(browser.new_context(**{"viewport": WIDE, **settings}))
        watched = Watched(contexts[-1].new_page(), address + path)
        watched.open()
        return watched

    yield open_page
    for context in contexts:
        context.close()


def models(page: Any, table: str = "#board-table") -> list[str]:
    """Return the models of the rows that are shown, in their order."""
    return [
        text.strip(" *\n") for text in page.locator(f"{table} tbody tr:not([hidden]) th[scope=row]").all_inner_texts()
    ]


def pages_of(site: Path) -> list[str]:
    names = [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]
    return [name for name in names if not re.search(r"models/(?!org-|o3-mini)", name)]


def test_no_page_complains_or_asks_elsewhere(opened: Open, site: Path, address: str) -> None:
    for name in pages_of(site):
        watched = opened(name)
        watched.page.wait_for_load_state("networkidle")
        assert watched.complaints == [], name
        assert all(url.startswith((address, "data:")) for url in watched.requests), watched.requests
        assert watched.page.evaluate("window.attacked") is None


def test_a_column_is_sorted_up_and_down(opened: Open) -> None:
    page = opened("tasks/math500.html").page
    first = models(page)
    page.get_by_role("button", name="Single").click()
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    values = [
        float(each)
        for each in page.locator("#board-table tbody tr td:nth-child(6)").evaluate_all(
            "cells => cells.map((cell) => cell.dataset.value)"
        )
    ]
    assert values == sorted(values, reverse=True)
    page.get_by_role("button", name="Single").click()
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    assert models(page) != first
    page.get_by_role("button", name="Rank").click()
    assert models(page) == first


def test_the_keyboard_sorts_too(opened: Open) -> None:
    page = opened("tasks/math500.html").page
    page.locator("#board-table").get_by_role("button", name="Model").focus()
    page.keyboard.press("Enter")
    assert models(page) == sorted(models(page), key=str.casefold)


def test_what_is_missing_stands_last_either_way(opened: Open) -> None:
    page = opened("tasks/arithmetic.html").page
    for direction in ("descending", "ascending"):
        page.locator("#board-table").get_by_role("button", name="Retention").click()
        assert page.locator("th[aria-sort]").get_attribute("aria-sort") == direction
        assert len(models(page)) == 3
        assert models(page)[-1] == "org/model-2"


def test_rows_are_found_and_filtered(opened: Open) -> None:
    page = opened("index.html").page
    page.get_by_placeholder("part of its name").fill("o4")
    assert models(page, "#overall-table") == ["O4-mini"]
    assert page.locator("output").inner_text() == "1 of 38"
    page.get_by_placeholder("part of its name").fill("")
    page.get_by_label("published").uncheck()
    assert models(page, "#overall-table") == []


def test_a_link_brings_back_what_was_shown(opened: Open) -> None:
    page = opened("tasks/math500.html").page
    page.get_by_placeholder("part of its name").fill("qwen")
    page.get_by_role("button", name="Drop").click()
    shown = models(page)
    hash_ = page.evaluate("location.hash")
    again = opened(f"tasks/math500.html{hash_}").page
    assert models(again) == shown
    assert again.get_by_placeholder("part of its name").input_value() == "qwen"
    assert again.locator("th[aria-sort]").inner_text().startswith("Drop")


def test_a_strange_link_does_no_harm(opened: Open) -> None:
    watched = opened("tasks/math500.html#board-table.sort=99d&board-table.q=%3Cimg%20src%3Dx%3E&board-table.tier=none")
    assert models(watched.page) == []
    assert watched.complaints == []


def test_charts_are_drawn(opened: Open) -> None:
    page = opened("tasks/math500.html").page
    page.locator("#math500-slope .drawn svg").wait_for()
    assert not page.locator("#math500-slope .still").is_visible()


def test_without_javascript_everything_stands_there(opened: Open) -> None:
    page = opened("tasks/math500.html", java_script_enabled=False).page
    assert len(models(page)) == 38
    assert page.locator("#math500-slope img").is_visible()
    assert not page.locator("form.filters").is_visible()
    assert not page.get_by_role("button").count()
    page = opened("tasks/arithmetic.html", java_script_enabled=False).page
    assert "self-reported" in page.locator("#apart-table").inner_text()


@pytest.mark.parametrize("path", ["index.html", "tasks/math500.html", "methodology.html", "submit.html"])
def test_a_phone_scrolls_tables_and_not_the_page(opened: Open, path: str) -> None:
    page = opened(path, viewport=NARROW).page
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_a_models_page_fits_a_phone(opened: Open, site: Path) -> None:
    for path in site.glob("models/org-*.html"):
        page = opened(f"models/{path.name}", viewport=NARROW).page
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_the_dark_has_dark_colours(opened: Open) -> None:
    colours = {
        scheme: opened("index.html", color_scheme=scheme).page.evaluate(
            "getComputedStyle(document.body).backgroundColor"
        )
        for scheme in ("light", "dark")
    }
    assert colours == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 29)"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_is_in_the_way_of_anybody(opened: Open, site: Path, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    submitted = next(path.name for path in site.glob("models/org-model-4*.html"))
    for name in ("index.html", "tasks/math500.html", "tasks/arithmetic.html", f"models/{submitted}", "submit.html"):
        page = opened(name, color_scheme=scheme, bypass_csp=True).page
        page.wait_for_load_state("networkidle")
        violations = Axe().run(page).response["violations"]
        serious = [each for each in violations if each["impact"] in {"serious", "critical"}]
        assert serious == [], (name, [(each["id"], each["nodes"][0]["html"]) for each in serious])


def test_pages_open_from_a_folder(browser: Any, site: Path) -> None:
    context = browser.new_context(viewport=WIDE)
    watched = Watched(context.new_page(), (site / "tasks" / "math500.html").as_uri())
    page = watched.open()
    page.locator("#board-table").get_by_role("button", name="Model").click()
    assert watched.complaints == []
    context.close()
