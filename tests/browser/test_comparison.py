"""The page of two runs in Debian's Chromium (`make test-browser`)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rest_bench.pipeline import compare_page, evaluate
from rest_bench.simulating import make_settings, prepare
from tests.browser.watching import NARROW, WIDE, Watched

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compared")
    common = {"tasks": ("arithmetic",), "levels": (1, 3, 5), "repeats": 1, "log_tokens": 5.0}
    for name, effect in (("<b>first", 0.0), ("second", 4.0)):
        config = prepare(make_settings({**common, "position_effect": effect, "out": folder / name}))
        evaluate(config.model_copy(update={"limit": 30}))
    compare_page(folder / "<b>first", folder / "second", folder / "page.html")
    return folder / "page.html"


Open = Callable[..., Watched]


@pytest.fixture
def opened(browser: Any, path: Path) -> Iterator[Open]:
    contexts: list[Any] = []

    def open_page(**settings: Any) -> Watched:
        contexts.append(browser.new_context(**{"viewport": WIDE, **settings}))
        watched = Watched(contexts[-1].new_page(), path.as_uri())
        watched.open()
        return watched

    yield open_page
    for context in contexts:
        context.close()


def draw(page: Any) -> None:
    for figure in page.locator(".chart").all():
        figure.scroll_into_view_if_needed()
        figure.locator(".drawn svg").wait_for()


def test_charts_are_drawn_and_nothing_is_loaded(opened: Open) -> None:
    watched = opened()
    draw(watched.page)
    assert watched.page.locator(".chart").count() == 2
    watched.assert_quiet()
    assert "<b>first" in watched.page.locator("h1").inner_text()


def test_without_javascript_tables_and_pictures_are_there(opened: Open) -> None:
    page = opened(java_script_enabled=False).page
    assert "B breaks more under stress than A" in page.locator("#verdict").inner_text()
    assert page.locator(".chart img").first.is_visible()
    assert page.locator("#questions tbody tr").count() > 5


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_is_in_nobodys_way(opened: Open, scheme: str, viewport: dict[str, int]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(color_scheme=scheme, viewport=viewport).page
    draw(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    violations = Axe().run(page).response["violations"]
    serious = [each for each in violations if each["impact"] in ("serious", "critical")]
    assert serious == [], [(each["id"], each["nodes"][0]["html"][:200]) for each in serious]
