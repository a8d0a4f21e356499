import re

import pytest

from rest_bench.errors import ConfigError
from rest_bench.report.charts import THEMES
from rest_bench.report.charts.figure import plain
from tests.report.charts.cases import case


def test_a_figure_does_not_change_when_it_is_drawn() -> None:
    figure = case("toy").figures["stress"]
    light = figure.spec("light")
    figure.spec("dark")["config"].clear()
    assert figure.spec("light") == light


def test_two_pictures_in_one_page_share_no_names() -> None:
    run = case("toy").figures
    texts = [run["stress"].svg(), run["stress"].svg("dark"), run["positions"].svg()]
    names = [set(re.findall(r'id="([^"]+)"', text)) for text in texts]
    assert any(names)
    assert len(set.union(*names)) == sum(map(len, names))
    for text in texts:
        used = {*re.findall(r"url\(#([^)]+)\)", text)}
        assert used <= {*re.findall(r'id="([^"]+)"', text)}


def test_the_ground_is_transparent_unless_asked_for() -> None:
    figure = case("toy").figures["positions"]
    for name, theme in THEMES.items():
        page = f'fill="{theme.background}"'
        assert page not in figure.svg(name).split("<g", maxsplit=1)[0]
        assert len(figure.svg(name, ground=True)) > len(figure.svg(name))
        assert theme.background in figure.svg(name, ground=True)


def test_a_png_has_as_many_dots_as_asked_for() -> None:
    figure = case("toy").figures["positions"]
    widths = []
    for scale in (1.0, 2.0):
        picture = figure.png(scale=scale)
        assert picture.startswith(b"\x89PNG")
        widths.append(int.from_bytes(picture[16:20], "big"))
    assert abs(widths[1] - 2 * widths[0]) <= 1


def test_csv_holds_the_data() -> None:
    figure = case("toy").figures["positions"]
    assert figure.csv().splitlines()[:2] == ["level,position,accuracy_percent", "1,1,66.66666666666666"]


def test_a_notebook_shows_the_picture() -> None:
    assert case("toy").figures["positions"]._repr_svg_().startswith("<svg")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("org/model-7b", "org/model-7b"),
        ("two\nlines\tand  blanks", "two lines and blanks"),
        ("a\x00b\u202ec\ud800d\ufffe", "abcd"),
        ("x" * 61, "x" * 59 + "…"),
        ("", ""),
    ],
)
def test_names_are_shown_in_one_printable_line(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_without_vl_convert_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "vl_convert", None)
    with pytest.raises(ConfigError, match="pip install 'vl-convert-python"):
        case("toy").figures["stress"].svg()
