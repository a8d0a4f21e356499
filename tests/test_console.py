import pytest

from rest_bench.console import cell, make_table, say, stderr, stdout


@pytest.mark.parametrize(("value", "text"), [(None, "–"), ((1, 3), "1,3"), (0, "0"), ("a", "a")])
def test_a_cell_is_short(value: object, text: str) -> None:
    assert cell(value) == text


def test_results_go_to_stdout_and_all_else_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    stderr.cache_clear()
    shown = make_table("a", "b")
    shown.add_row("[red]", ":smile:")
    stdout().print(shown)
    say("[bold]a sentence")
    stderr.cache_clear()
    out, err = capsys.readouterr()
    assert "[red]" in out
    assert ":smile:" in out
    assert err == "[bold]a sentence\n"
