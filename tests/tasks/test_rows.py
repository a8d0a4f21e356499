import json
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from rest_bench.errors import TaskError
from rest_bench.tasks.rows import NAMELESS, Row, Unusable, read_file, read_hub
from rest_bench.tasks.taskfile import Format, HubSource

ROWS = [{"q": "one", "a": "1"}, {"q": 'zwei, "2"\nlines', "a": "2"}]


def write_jsonl(path: Path) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")


def write_json(path: Path) -> None:
    path.write_text(json.dumps(ROWS), encoding="utf-8")


def write_json_map(path: Path) -> None:
    path.write_text(json.dumps({"x": ROWS[0], "b": ROWS[1]}), encoding="utf-8")


def write_csv(path: Path) -> None:
    path.write_text('q,a\none,1\n"zwei, ""2""\nlines",2\n', encoding="utf-8")


def write_parquet(path: Path) -> None:
    parquet.write_table(pyarrow.Table.from_pylist(ROWS), path)


@pytest.mark.parametrize(
    ("file_format", "write_rows"),
    [
        ("jsonl", write_jsonl),
        ("json", write_json),
        ("json-map", write_json_map),
        ("csv", write_csv),
        ("parquet", write_parquet),
    ],
)
def test_every_format_gives_the_same_rows_in_file_order(
    tmp_path: Path, file_format: Format, write_rows: Callable[[Path], None]
) -> None:
    path = tmp_path / "data"
    write_rows(path)
    assert [{name: row.cells[name] for name in ("q", "a")} for row in read_file(path, file_format)] == ROWS


@pytest.mark.parametrize(("file_format", "write_rows"), [("csv", write_csv), ("parquet", write_parquet)])
def test_a_table_has_its_columns_by_number_too(
    tmp_path: Path, file_format: Format, write_rows: Callable[[Path], None]
) -> None:
    path = tmp_path / "data"
    write_rows(path)
    assert [(row.cells[1], row.cells[2]) for row in read_file(path, file_format)] == [
        (row["q"], row["a"]) for row in ROWS
    ]


def test_a_name_that_heads_two_columns_means_neither(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("q,a,a,\none,1,2,3\n", encoding="utf-8")
    (row,) = read_file(path, "csv")
    twice = Unusable("heads 2 columns, 2 and 3; rename all but one")
    assert row == Row(f"{path}, line 2 (row 1)", {1: "one", 2: "1", 3: "2", 4: NAMELESS, "q": "one", "a": twice})
    table = pyarrow.table([["one"], ["1"], ["2"]], names=["q", "a", "a"])
    parquet.write_table(table, tmp_path / "data.parquet")
    (row,) = read_file(tmp_path / "data.parquet", "parquet")
    assert row.cells == {1: "one", 2: "1", 3: "2", "q": "one", "a": twice}


def test_a_row_of_csv_has_its_line_and_its_number(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text('q,a\n\n"one\nlong\nquestion",1\n  \ntwo,2\r\n\r\n', encoding="utf-8", newline="")
    assert [row.where for row in read_file(path, "csv")] == [f"{path}, line 3 (row 1)", f"{path}, line 7 (row 2)"]


def test_a_csv_file_without_header_has_its_columns_by_number(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("one,1\ntwo,2\n", encoding="utf-8")
    assert [row.cells for row in read_file(path, "csv-headerless")] == [{1: "one", 2: "1"}, {1: "two", 2: "2"}]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", 0.1),
        ("27.0", 27.0),
        ("2.50", 2.5),
        ("1e3", 1000.0),
        ("12345678901234567890", 12345678901234567890),
        ("3.14159265358979323846", Decimal("3.14159265358979323846")),
        ("0.30000000000000000001", Decimal("0.30000000000000000001")),
        ("1e400", Decimal("1e400")),
        ("1e-400", Decimal("1e-400")),
    ],
)
def test_a_number_in_json_keeps_all_its_digits(tmp_path: Path, text: str, value: object) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text(f'{{"a": {text}}}\n', encoding="utf-8")
    (row,) = read_file(path, "jsonl")
    assert row.cells["a"] == value
    assert type(row.cells["a"]) is type(value)


@pytest.mark.parametrize("kind", ["float32", "float16", "float64"])
def test_a_number_of_few_bits_is_read_as_it_was_written(tmp_path: Path, kind: str) -> None:
    import numpy

    column = pyarrow.array([numpy.dtype(kind).type(number) for number in (0.1, 2.5)], type=getattr(pyarrow, kind)())
    parquet.write_table(
        pyarrow.table({"a": pyarrow.concat_arrays([column, pyarrow.nulls(1, column.type)])}), tmp_path / "data"
    )
    assert [row.cells["a"] for row in read_file(tmp_path / "data", "parquet")] == [0.1, 2.5, None]


def test_blank_lines_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"q": "a"}\r\n\r\n{"q": "b"}\n\n')
    rows = list(read_file(path, "jsonl"))
    assert [(row.where, row.cells["q"]) for row in rows] == [(f"{path}, line 1", "a"), (f"{path}, line 3", "b")]


def test_an_integer_of_any_length_keeps_its_digits(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text('{"q": ' + "9" * 5000 + "}\n")
    assert [row.cells["q"] for row in read_file(path, "jsonl")] == [Decimal("9" * 5000)]


def test_a_line_separator_inside_a_string_ends_no_line(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text('{"q": "a\u2028b"}\n', encoding="utf-8")
    assert [row.cells["q"] for row in read_file(path, "jsonl")] == ["a\u2028b"]


@pytest.mark.parametrize(
    ("file_format", "content", "fault"),
    [
        ("jsonl", b'{"q": 1}\n{"q": }\n', "data, line 2: not valid JSON"),
        ("jsonl", b'{"q": 1}\n[1]\n', "data, line 2: a row must be an object, not an array"),
        ("jsonl", b'{"q": 1, "q": 2}\n', "data, line 1: not valid JSON (the key 'q' occurs twice"),
        ("jsonl", b'{"q": "a"}\n{"q": "\xff"}\n', "data, line 2: not UTF-8"),
        ("jsonl", b"[" * 200_000, "data, line 1: not valid JSON"),
        ("json", b'{"q": 1}', "format json is an array of objects, but the file holds an object"),
        ("json", b"[1, 2]", "data, row 1: a row must be an object, not a number"),
        ("json", b"", "data: not valid JSON"),
        ("json-map", b"[]", "format json-map is an object of objects, but the file holds an array"),
        ("json-map", b'{"x": {"q": 1}, "x": {"q": 2}}', "the key 'x' occurs twice"),
        ("json-map", b'{"x": null}', "key 'x': a row must be an object, not null"),
        ("csv", b'q,a\n"one,1\n', "not valid CSV"),
        ("csv", b'q,a\n"one"x,1\n', "data, line 2: not valid CSV"),
        ("csv", b"q,a\n" + b"x" * 200_000 + b",1\n", "data, line 2: not valid CSV (field larger"),
        ("csv", b'q,a\none,1\n"two, 2\nthree,3\n', "data, line 3: not valid CSV"),
        (
            "csv",
            b"q,a\none, two,1\n",
            "data, line 2 (row 1): has 3 cells where the header has 2; a comma inside a text",
        ),
        ("csv", b'q,a\n"a\nb",1\n\ntwo,2,\n', "data, line 5 (row 2): has 3 cells where the header has 2"),
        ("csv", b"q,a,b\none,1\n", "data, line 2 (row 1): has 2 cells where the header has 3"),
        ("csv", b"q,a\none\n", "data, line 2 (row 1): has 1 cells where the header has 2"),
        ("csv", b"q,a\none,1\nq,a\ntwo,2\n", "data, line 3 (row 2): is the header again"),
        ("csv", b"q;a\none;1\n", "data, line 1: the header has ';' between its names; format csv wants commas"),
        ("csv", b"q\ta\none\t1\n", "data, line 1: the header has '\\t' between its names"),
        ("csv", b"q,a\none\0,1\n", "data, line 2: holds a NUL character"),
        ("csv", "q,a\none,1\n".encode("utf-16"), "data, line 1: not UTF-8 but UTF-16"),
        ("csv", "q,a\none,1\n".encode("utf-16-le"), "data, line 1: holds a NUL character; it is damaged, or UTF-16"),
        ("jsonl", '{"q": 1}'.encode("utf-16"), "data, line 1: not UTF-8 but UTF-16"),
        ("jsonl", b'{"q": "\0"}', "data, line 1: holds a NUL character"),
        ("csv-headerless", b"one,1\ntwo,2,3\n", "data, line 2 (row 2): has 3 cells where the first row has 2"),
        ("parquet", b"PAR1 but not quite", "data: not valid parquet"),
    ],
)
def test_a_broken_file_is_refused_with_the_place(
    tmp_path: Path, file_format: Format, content: bytes, fault: str
) -> None:
    path = tmp_path / "data"
    path.write_bytes(content)
    with pytest.raises(TaskError) as error:
        list(read_file(path, file_format))
    assert fault in str(error.value)
    assert str(path) in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for file_format in ("jsonl", "parquet"):
        with pytest.raises(TaskError, match="no-such-file"):
            list(read_file(tmp_path / "no-such-file", file_format))


# --- the hub ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HubSource:
    """A data set in a folder, which `datasets` takes for one of the hub."""
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    folder = tmp_path / "gsm-tiny"
    folder.mkdir()
    write_jsonl(folder / "test.jsonl")
    return HubSource(path=str(folder), split="test", revision="main", question="q", answer="a")


def test_hub_rows_have_their_columns_by_name_and_number(hub: HubSource) -> None:
    rows = list(read_hub(hub))
    assert [{name: row.cells[name] for name in ("q", "a")} for row in rows] == ROWS
    assert [row.cells[2] for row in rows] == ["1", "2"]
    assert rows[1].where == f"hub data set {hub.path}, row 2"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"config": "main"}, "BuilderConfig 'main' not found. Available: ['default']"),
        ({"split": "train"}, "Unknown split \"train\". Should be one of ['test']."),
        ({"path": "/no/such/folder"}, "Couldn't find any data file at /no/such/folder."),
    ],
)
def test_a_wrong_config_split_or_path_is_told(hub: HubSource, change: dict[str, str], fault: str) -> None:
    with pytest.raises(TaskError) as error:
        list(read_hub(hub.model_copy(update=change)))
    assert fault in str(error.value)


def http_error(name: str, status: int) -> Exception:
    """Return the error that huggingface_hub raises for such an answer."""
    import huggingface_hub.errors

    # Its errors are made of the HTTP client it uses, which changed between its versions.
    base = huggingface_hub.errors.HfHubHTTPError.__bases__[0]
    http = sys.modules[base.__module__.partition(".")[0]]
    request = http.Request("GET", "https://huggingface.co/api/datasets/x")
    error = getattr(huggingface_hub.errors, name)(f"{status}", response=http.Response(status, request=request))
    assert isinstance(error, Exception)
    return error


def datasets_error(message: str) -> Exception:
    from datasets.exceptions import DatasetNotFoundError

    error: Exception = DatasetNotFoundError(message)
    return error


@pytest.mark.parametrize(
    ("make_error", "fault"),
    [
        (lambda: http_error("GatedRepoError", 403), "gated; accept its terms at https://huggingface.co/datasets/o/d"),
        (lambda: datasets_error("Dataset 'o/d' is a gated dataset on the Hub."), "gated; accept its terms at"),
        (lambda: http_error("RepositoryNotFoundError", 401), "no such data set, or it is private"),
        (lambda: datasets_error("Dataset 'o/d' doesn't exist on the Hub."), "no such data set, or it is private"),
        (lambda: datasets_error("Revision 'abc' doesn't exist for dataset 'o/d'."), "it has no revision abc"),
        (lambda: http_error("RevisionNotFoundError", 404), "it has no revision abc"),
        (lambda: ConnectionError("Couldn't reach 'o/d' on the Hub"), "the hub cannot be reached; go online, or give a"),
        (lambda: RuntimeError("Dataset scripts are\nno longer supported"), "Dataset scripts are no longer supported"),
    ],
)
def test_what_the_hub_refuses_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, make_error: Callable[[], Exception], fault: str
) -> None:
    import datasets

    def refuse(*args: object, **keys: object) -> None:
        raise make_error()

    monkeypatch.setattr(datasets, "load_dataset", refuse)
    source = HubSource(path="o/d", split="test", revision="abc", question="q", answer="a")
    with pytest.raises(TaskError) as error:
        list(read_hub(source))
    assert str(error.value).startswith(f"hub data set o/d: {fault}")
    assert len(str(error.value).splitlines()) == 1


def test_a_pinned_revision_and_config_reach_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets

    calls = []

    def load(path: str, config: str | None, **keys: str) -> object:
        calls.append((path, config, keys))
        return datasets.Dataset.from_list(ROWS)

    monkeypatch.setattr(datasets, "load_dataset", load)
    source = HubSource(path="o/d", config="main", split="test", revision="abc", question="q", answer="a")
    assert len(list(read_hub(source))) == 2
    assert calls == [("o/d", "main", {"split": "test", "revision": "abc"})]


def test_hub_numbers_of_few_bits_are_read_as_they_were_written(monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets

    features = datasets.Features({"q": datasets.Value("string"), "a": datasets.Value("float32")})
    dataset = datasets.Dataset.from_list([{"q": "one", "a": 0.1}, {"q": "two", "a": None}], features=features)
    monkeypatch.setattr(datasets, "load_dataset", lambda *_, **__: dataset)
    source = HubSource(path="o/d", split="test", revision="abc", question="q", answer="a")
    assert [row.cells["a"] for row in read_hub(source)] == [0.1, None]
