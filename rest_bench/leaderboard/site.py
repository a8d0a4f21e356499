"""The pages of the leaderboard: static files, complete without JavaScript, with nothing to load from elsewhere.

index.html            all tasks together, and the boards
tasks/TASK.html       one board: its rows, levels and charts
models/ENTRY.html     one submission, or the published scores of one model
methodology.html, submit.html
data/*.csv, *.json    the boards as files
assets/               one style, one script of our own, the library of the charts, their still pictures
"""

import hashlib
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import rest_bench
from rest_bench.config import packaged_dir
from rest_bench.errors import StoreError
from rest_bench.leaderboard.curves import make_curve
from rest_bench.leaderboard.downloads import as_csv, as_json, board_records, overall_records
from rest_bench.leaderboard.figures import cost, places, slope
from rest_bench.leaderboard.published import N_QUESTIONS, SOURCE
from rest_bench.leaderboard.ranking import Board, make_board, overall
from rest_bench.leaderboard.rows import Row, SubmittedEntry, all_rows
from rest_bench.leaderboard.site_files import SiteFiles
from rest_bench.report.charts import Figure
from rest_bench.report.charts.published import BENCHMARKS
from rest_bench.report.page import charts_bundle, safe_json, vega_specs, whole_text
from rest_bench.report.tables import interval, percent
from rest_bench.schema import Estimate, Manifest
from rest_bench.settings import SETTINGS, marks, shown, value_of
from rest_bench.store import building_folder
from rest_bench.visible import visible_values

TITLES = {**BENCHMARKS, "arithmetic": "Arithmetic chains"}
TIERS = {
    "reproduced": "somebody else's run of the same packs differs by no more than chance",
    "re-scored": "every number made again from the stored answers",
    "published": f"from the table of {SOURCE}, corrected where its own numbers contradict it",
    "self-reported": "numbers alone, or not checked here",
}
CLAIMED: dict[str, str] = {
    "accuracy_paper": "percent",
    "accuracy_trace": "percent",
    "thinking_tokens": "count",
    "reach": "percent",
    "first_share_ratio": "ratio",
    "post_solution_share": "percent",
    "outcome_efficiency": "percent",
    "underthinking": "percent",
    "loop_rate": "percent",
}
"""Metrics of a model's page that rest on what its submission claims of the thinking, and how they are written."""


class Picture(NamedTuple):
    """A chart in a page: a still picture, and what is drawn over it where scripts run."""

    name: str
    title: str
    caption: str
    specs: dict[str, Any]


class Entry(NamedTuple):
    """A page of its own: a submission, or what is published of a model."""

    entry_id: str
    model: str
    slug: str
    rows: tuple[Row, ...]
    submitted: SubmittedEntry | None
    variant: str = ""
    """What tells it from the same model asked plainly."""


class Site:
    """The pages of a board, written one after the other."""

    def __init__(self, entries: Sequence[SubmittedEntry], out: Path) -> None:
        self._files = SiteFiles(out)
        self._environment = _environment()
        rows = all_rows(entries)
        self._entries = _pages(rows, entries)
        self._by_model: dict[str, list[Entry]] = {}
        for entry in self._entries.values():
            self._by_model.setdefault(entry.model, []).append(entry)
        by_task: dict[str, list[Row]] = {}
        for row in rows:
            by_task.setdefault(row.task, []).append(row)
        known = [*(task for task in N_QUESTIONS if task in by_task), *sorted(set(by_task) - set(N_QUESTIONS))]
        self._boards = [make_board(task, by_task[task]) for task in known]
        self._overall = overall(self._boards)

    def write(self) -> None:
        """Write every page and file."""
        sources = packaged_dir("leaderboard") / "site"
        for name in ("board.css", "board.js"):
            self._files.copy(sources / name, f"assets/{name}")
        self._text("assets/charts.js", charts_bundle())
        self._index()
        for board in self._boards:
            self._board(board)
        for entry in self._entries.values():
            self._entry(entry)
        self._page("methodology.html", "methodology.html.j2", title="Methodology")
        self._page("submit.html", "submit.html.j2", title="How to submit")

    def _index(self) -> None:
        pictures = self._pictures([slope("overall", "All tasks", places(self._overall))])
        self._page(
            "index.html",
            "index.html.j2",
            title="Leaderboard",
            overall=self._overall,
            boards=self._boards,
            tasks=list(N_QUESTIONS),
            pictures=pictures,
        )
        self._data("overall", overall_records(self._overall))

    def _board(self, board: Board) -> None:
        title = task_title(board.name)
        ranked = [each.row for each in board.ranked]
        figures = [slope(board.name, title, places(board.ranked)), cost(board.name, title, ranked)]
        levels = sorted({level for row in ranked for level in row.levels})
        self._page(
            f"tasks/{board.name}.html",
            "task.html.j2",
            title=title,
            board=board,
            levels=levels,
            pictures=self._pictures(figures),
        )
        self._data(board.name, board_records(board))

    def _entry(self, entry: Entry) -> None:
        self._page(
            f"models/{entry.slug}.html",
            "model.html.j2",
            title=entry.model,
            entry=entry,
            further=[each for each in self._by_model[entry.model] if each is not entry],
            settings={} if entry.submitted is None else settings_of(entry.submitted.submission.manifest),
            curves={row.task: make_curve(row.levels) for row in entry.rows},
        )

    def _data(self, name: str, records: list[dict[str, object]]) -> None:
        self._text(f"data/{name}.csv", as_csv(records))
        self._text(f"data/{name}.json", as_json(records))

    def _pictures(self, figures: Iterable[Figure | None]) -> list[Picture]:
        found = []
        for figure in figures:
            if figure is not None:
                for theme in ("light", "dark"):
                    self._text(f"assets/{figure.name}-{theme}.svg", figure.svg(theme))
                found.append(Picture(figure.name, figure.title, figure.caption, vega_specs(figure)))
        return found

    def _page(self, path: str, template: str, *, title: str, **values: Any) -> None:
        values.setdefault("pictures", [])
        charts = safe_json(visible_values({picture.name: picture.specs for picture in values["pictures"]}))
        text = self._environment.get_template(template).render(
            title=title,
            up="../" * path.count("/"),
            path=path,
            task_names=[board.name for board in self._boards],
            entries=self._entries,
            charts=charts,
            **values,
        )
        self._text(path, text)

    def _text(self, path: str, text: str) -> None:
        self._files.write(path, whole_text(text))


def build_site(entries: Sequence[SubmittedEntry], out: Path) -> None:
    """Write the pages of a board into a folder, in place of those that it held; the same entries give the same bytes.

    Args:
        entries: the submissions with their tiers, in any order; the paper's table is added.
        out: a folder of pages, or a new or empty one.

    Raises:
        StoreError: `out` holds something else, or cannot be written.
    """
    if out.exists() and not (out.is_dir() and (not any(out.iterdir()) or (out / "methodology.html").is_file())):
        raise StoreError(f"--out {out}: holds something else than a board; give a new folder")
    entries = sorted(entries, key=lambda entry: (entry.submission.model, entry.submission.submission_id))
    out.parent.mkdir(parents=True, exist_ok=True)
    whole = out.with_name(f".{out.name}.{uuid4().hex[:8]}.new")
    with building_folder(whole) as folder:
        Site(entries, folder).write()
    if out.exists():
        shutil.rmtree(out)
    whole.rename(out)


def task_title(task: str) -> str:
    """Return a task's name for people."""
    return TITLES.get(task, task)


def _pages(rows: Sequence[Row], entries: Sequence[SubmittedEntry]) -> dict[tuple[str, str], Entry]:
    """Return the pages by model and id, submissions without any level above 1 among them."""
    submitted = {(entry.submission.model, entry.submission.submission_id): entry for entry in entries}
    by_page: dict[tuple[str, str], list[Row]] = {page: [] for page in submitted}
    for row in rows:
        by_page.setdefault(row.page, []).append(row)
    return {
        (model, entry_id): Entry(
            entry_id,
            model,
            slug(entry_id, model),
            tuple(own),
            submitted.get((model, entry_id)),
            _variant(submitted.get((model, entry_id))),
        )
        for (model, entry_id), own in by_page.items()
    }


def _variant(entry: SubmittedEntry | None) -> str:
    return "" if entry is None else ", ".join(marks(entry.submission.manifest))


HEADINGS = {
    "engine": "Model",
    "sampling": "Sampling",
    "design": "Sampling",
    "seed": "Sampling",
    "dressing": "Asked with",
    "invocations": "Calls",
}
"""First part of a setting's path to the table it stands in."""


def settings_of(manifest: Manifest) -> dict[str, list[tuple[str, object]]]:
    """Return what makes the samples of a run what they are and how they came about, by the heading of its table."""
    found: dict[str, list[tuple[str, object]]] = {}
    for row in SETTINGS:
        heading = HEADINGS.get(row.recorded.partition(".")[0])
        if heading is not None and row.in_compare != "unnamed":
            value = shown(value_of(row, manifest))
            if heading != "Calls" or value is not None:
                found.setdefault(heading, []).append((row.name, value))
    return found


def slug(entry_id: str, model: str) -> str:
    """Return the name of a page: letters, digits and hyphens, and no two alike."""
    words = re.sub(r"[^a-z0-9]+", "-", model.lower()).strip("-")[:60]
    return f"{words}-{hashlib.sha256(f'{model} {entry_id}'.encode()).hexdigest()[:16]}"


# --- how values are shown ---------------------------------------------------------------------------------------------


def claim(value: Any, form: str) -> str:
    """Return a claimed metric, of one number or one for each position, or a dash."""
    value = value.value if isinstance(value, Estimate) else value
    if isinstance(value, tuple):
        return " ".join(claim(part, form) for part in value)
    if value is None:
        return "–"
    return {"percent": f"{100 * value:.1f}", "count": f"{value:.0f}", "ratio": f"{value:.2f}"}[form]


def number(value: float | None) -> str:
    """Return a number with its thousands apart, or a dash."""
    return "–" if value is None else f"{value:,.0f}"


FILTERS: dict[str, Callable[..., str]] = {
    "percent": percent,
    "interval": interval,
    "number": number,
    "task_title": task_title,
    "claim": claim,
}


def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(packaged_dir("leaderboard") / "site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.globals.update(
        {"tiers": TIERS, "version": rest_bench.__version__, "claimed": CLAIMED, "source": SOURCE}
    )
    return environment
