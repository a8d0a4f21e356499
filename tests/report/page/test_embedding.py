import base64
import doctest
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.report.page import embedding
from rest_bench.report.page.embedding import data_uri, safe_json, safe_script, source_hash, whole_text
from tests.terminal_strings import TERMINAL_STRINGS, is_foreign

ANY_TEXT = st.text(st.characters(exclude_categories=()))


def test_the_examples_of_the_docstrings_hold() -> None:
    assert doctest.testmod(embedding) == (0, 1)


@given(st.lists(ANY_TEXT))
def test_json_comes_back_as_it_was_and_nothing_in_it_is_markup(texts: list[str]) -> None:
    written = safe_json(texts)
    assert [text.encode("utf-16", "surrogatepass") for text in json.loads(written)] == [
        text.encode("utf-16", "surrogatepass") for text in texts
    ]
    assert not set(written) & set("<>&\u2028\u2029")
    written.encode("utf-8")  # no half of a character is left


def test_what_ends_a_script_is_escaped() -> None:
    assert safe_json({"</script>": "<!-- \u2028 \ud800"}) == ('{"\\u003c/script\\u003e":"\\u003c!-- \\u2028 \\ud800"}')


def test_a_script_of_a_library_cannot_end_its_element() -> None:
    assert safe_script('a = "</SCRIPT>" + "<!--"; b < c') == 'a = "\\x3c/SCRIPT>" + "\\x3c!--"; b < c'


def test_a_hash_is_that_of_the_exact_text() -> None:
    digest = base64.b64encode(hashlib.sha256("é\n".encode()).digest()).decode()
    assert source_hash("é\n") == f"'sha256-{digest}'"


def test_a_picture_is_an_image_and_no_markup() -> None:
    assert data_uri("<svg/>") == "data:image/svg+xml;base64,PHN2Zy8+"


def test_halves_of_characters_do_not_reach_a_file() -> None:
    assert whole_text("a\ud800b\U0001f600") == "a\ufffdb\U0001f600"


@pytest.mark.parametrize("text", TERMINAL_STRINGS)
def test_no_page_turns_or_commands_what_reads_it(text: str) -> None:
    assert not is_foreign(whole_text(f"<p>{text}</p>"))
    written = whole_text(safe_json([text]))
    assert not is_foreign(written)
    assert json.loads(written) == [text]
