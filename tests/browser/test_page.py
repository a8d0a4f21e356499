"""The page of a run in Debian's Chromium (`make test-browser`): what runs, what is loaded, what a reader can do."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rest_bench.showing import show_samples
from rest_bench.store import Run
from rest_bench.visible import visible
from tests.browser.watching import NARROW, WIDE, Watched
from tests.pages import ATTACK, HALF, MODEL, REPLIES, TASK, hostile_run, page_of, with_half_characters

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return hostile_run(tmp_path_factory.mktemp("run") / "run")


@pytest.fixture(scope="module")
def path(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("page") / "report.html"
    written.write_text(page_of(run, with_half_characters(show_samples(run))), encoding="utf-8")
    return written


Open = Callable[..., Watched]


@pytest.fixture
def watched(browser: Any, path: Path) -> Iterator[Open]:
    contexts: list[Any] = []

    def open_page(**settings: Any) -> Watched:
        contexts.append(browser.new_context(**{"viewport": WIDE, **settings}))
        seen = Watched(contexts[-1].new_page(), path.as_uri())
        seen.open()
        return seen

    yield open_page
    for context in contexts:
        context.close()


def scroll_through(page: Any) -> None:
    for top in range(0, page.evaluate("document.body.scrollHeight"), 600):
        page.evaluate(f"window.scrollTo(0, {top})")
        page.wait_for_timeout(30)


def wait_for_charts(page: Any) -> int:
    scroll_through(page)
    count: int = page.locator(".chart").count()
    page.wait_for_function(f"document.querySelectorAll('.drawn svg').length === {count}")
    return count


def open_sample(page: Any, number: int) -> Any:
    page.locator(".open-sample").nth(number).click()
    page.get_by_role("button", name="Unfold all").click()
    return page.locator("#sample")


# --- nothing runs, nothing is loaded ----------------------------------------------------------------------------------


def test_the_page_opens_without_a_complaint_and_asks_for_nothing(watched: Open) -> None:
    seen = watched()
    assert wait_for_charts(seen.page) >= 5
    seen.assert_quiet()


def test_no_text_of_a_run_runs(watched: Open) -> None:
    seen = watched()
    page = seen.page
    for number in range(page.locator(".open-sample").count()):
        open_sample(page, number)
    page.fill("[name=text]", ATTACK)
    page.wait_for_function("document.querySelector('#count').textContent.startsWith('8 of 8')")
    assert page.locator("#sample script, #sample img, #found img").count() == 0
    seen.assert_quiet()


def test_names_are_shown_with_what_would_turn_them_round(watched: Open) -> None:
    page = watched().page
    assert page.locator("h1").inner_text() == visible(MODEL)
    assert ATTACK in page.locator("#settings").inner_text()
    assert page.locator("#found tr").first.locator("td").first.text_content() == TASK


def test_hidden_signs_and_halves_of_characters_are_seen(watched: Open) -> None:
    page = watched().page
    signs = open_sample(page, 5).locator(".final .sign").all_inner_texts()
    assert signs == ["U+202E", "U+2066", "U+200F", "U+2028", "U+0000", "U+001B"]
    assert open_sample(page, 7).locator(".final .sign").all_inner_texts() == ["U+D800"]
    assert HALF.split("\ud800")[1] in page.locator("#sample .final").inner_text()


def test_a_reply_of_a_line_of_a_megabyte_is_cut_with_a_note(watched: Open) -> None:
    seen = watched(viewport=NARROW)
    sample = open_sample(seen.page, 6)
    note = sample.locator(".left-out").first.inner_text()
    assert re.fullmatch(r"… 9\d\d,\d{3} characters left out …", note)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    seen.assert_quiet()


# --- what a reader can do ---------------------------------------------------------------------------------------------


def test_filters_narrow_the_samples(watched: Open) -> None:
    page = watched().page

    def count() -> str:
        page.wait_for_timeout(300)
        return str(page.locator("#count").inner_text()).split(" of ")[0]

    assert count() == "8"
    page.select_option("[name=level]", "2")
    assert count() == "4"
    page.select_option("[name=position]", "2")
    page.select_option("[name=outcome]", "correct")
    assert count() == "1"
    page.get_by_role("button", name="Clear").click()
    assert count() == "8"
    page.fill("[name=problem]", "3 </script>")
    assert count() == "3"
    page.fill("[name=text]", "LOOP LOOP")
    assert count() == "1"


def test_a_sample_shows_thinking_answers_golds_and_what_was_read(watched: Open) -> None:
    sample = open_sample(watched().page, 4)
    assert sample.locator("mark").all_inner_texts() == ["\\boxed{2}", "\\boxed{99}"]
    assert [text.split(":")[0] for text in sample.locator(".final .tag").all_inner_texts()] == ["Q1 read", "Q2 read"]
    assert sample.locator("details .segment .tag").all_inner_texts()[-2:] == ["Q1", "Q2"]
    row = sample.locator("tbody tr").first.inner_text()
    assert "swapped" in row
    whole = "".join(sample.locator(".segment .text, .final").all_text_contents())
    assert REPLIES[0].split("\n")[1] in whole


def test_a_sample_can_be_linked_to_and_walked_from(watched: Open) -> None:
    seen = watched()
    open_sample(seen.page, 4)
    assert seen.page.url.endswith("#sample-0000000200000000")
    seen.page.get_by_role("button", name="Next").click()
    assert "0000000200000001" in seen.page.locator("#sample-title").inner_text()
    seen.page.goto("about:blank")
    seen.page.goto(f"{seen.address}#sample-0000000200000003")
    assert "0000000200000003" in seen.page.locator("#sample-title").inner_text()


def test_a_sample_opens_by_keyboard(watched: Open) -> None:
    page = watched().page
    page.locator(".open-sample").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "sample"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#sample').contains(document.activeElement)")


def test_the_colours_follow_the_system_and_the_switch(watched: Open) -> None:
    page = watched(color_scheme="dark").page
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.get_by_role("button", name="Light").click()
    light = page.evaluate(ground)
    assert (dark, light) == ("rgb(20, 24, 29)", "rgb(255, 255, 255)")
    wait_for_charts(page)
    assert page.evaluate("new Set([...document.querySelectorAll('.drawn')].map(node => node.dataset.look)).size") == 1
    assert page.locator(".drawn").first.get_attribute("data-look") == "light"
    page.get_by_role("button", name="Dark").click()
    page.wait_for_function("document.querySelector('.drawn').dataset.look === 'dark'")
    assert page.evaluate(ground) == dark


def test_without_javascript_tables_and_pictures_are_there(watched: Open) -> None:
    page = watched(java_script_enabled=False).page
    assert page.locator("#numbers table").is_visible()
    pictures = page.locator(".chart img")
    assert pictures.count() >= 5
    boxes = [pictures.nth(number).bounding_box() for number in range(5)]
    assert all(box["width"] > 100 and box["height"] > 50 for box in boxes)
    assert "needs JavaScript" in page.locator("noscript").inner_text()
    assert not page.locator("#browser").is_visible()
    assert not page.locator(".switch").is_visible()


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["phone", "desktop"])
def test_nothing_is_wider_than_the_window(watched: Open, viewport: dict[str, int]) -> None:
    page = watched(viewport=viewport).page
    wait_for_charts(page)
    open_sample(page, 4)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_it_prints_on_white_with_its_pictures(watched: Open) -> None:
    page = watched(color_scheme="dark").page
    wait_for_charts(page)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".still").first.is_visible()
    assert not page.locator("nav").is_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ground').trim()") == "#ffffff"
    assert len(page.pdf(format="A4")) > 20_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["phone", "desktop"])
def test_axe_finds_nothing_serious(watched: Open, scheme: str, viewport: dict[str, int]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = watched(color_scheme=scheme, viewport=viewport).page
    wait_for_charts(page)
    open_sample(page, 4)
    found = [
        (violation["id"], violation["impact"], [node["html"][:200] for node in violation["nodes"][:3]])
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
    assert found == []
