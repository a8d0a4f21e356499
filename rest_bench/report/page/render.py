"""The page, put together from its template, style, scripts and the numbers of a run."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rest_bench.errors import ConfigError
from rest_bench.report.budget import budget_words
from rest_bench.report.charts import Drawing, Figure
from rest_bench.report.findings import findings
from rest_bench.report.page import tables
from rest_bench.report.page.embedding import data_uri, safe_json, safe_script, source_hash, whole_text
from rest_bench.report.page.samples import samples_json
from rest_bench.report.page.settings import settings
from rest_bench.report.page.tables import Table, key_table
from rest_bench.report.verdict import FAILURES, verdict
from rest_bench.schema import Manifest, Summary, TaskSummary

if TYPE_CHECKING:
    from rest_bench.showing import ShownSamples

HERE = Path(__file__).parent


class Kind(NamedTuple):
    """A section of the page that has the same parts for every task."""

    anchor: str
    short: str
    """For the bar at the top."""
    title: str
    lead: str
    """One sentence: what there is to see."""
    figures: tuple[str, ...]
    """Kinds of charts that belong here, in their order."""
    tables: Callable[[TaskSummary], Iterator[Table]]


KINDS: tuple[Kind, ...] = (
    Kind(
        "stress",
        "Stress",
        "Stress curve",
        "Accuracy over the number of questions in a prompt.",
        ("stress",),
        tables.readings,
    ),
    Kind(
        "positions",
        "Positions",
        "Position triangle",
        "Accuracy by the place of a question in its prompt.",
        ("positions",),
        tables.positions,
    ),
    Kind(
        "outcomes",
        "Outcomes",
        "Outcomes",
        "What became of the slots.",
        ("outcomes", "outcomes-by-position"),
        tables.outcomes,
    ),
    Kind(
        "losses",
        "Drop",
        "What the drop is made of",
        "Questions that are right alone, by what they became.",
        ("drop",),
        tables.losses,
    ),
    Kind(
        "budget",
        "Limit",
        "Token limit or interference",
        "How much of the drop the limit on the reply explains.",
        ("budget",),
        tables.budget,
    ),
    Kind(
        "thinking",
        "Thinking",
        "Thinking",
        "Where the thinking went, and what came of it.",
        ("thinking", "allocation", "solution"),
        tables.thinking,
    ),
    Kind(
        "swaps",
        "Swaps",
        "Swaps",
        "Answers that belong to another question of the prompt.",
        ("swaps", "swap-lags"),
        tables.swaps,
    ),
)
UNDEFINED = Kind(
    "undefined",
    "Undefined",
    "Not defined",
    "A number that is not defined is shown as a dash, never as 0.",
    (),
    tables.undefined,
)


class Picture(NamedTuple):
    """A chart as the template needs it."""

    name: str
    title: str
    caption: str
    light: str
    dark: str


class Share(NamedTuple):
    """A task's part of a section."""

    task: str
    pictures: tuple[Picture, ...]
    tables: tuple[Table, ...]
    missing: tuple[str, ...]
    """Why charts are not there."""


class Section(NamedTuple):
    """A section of the page."""

    kind: Kind
    shares: tuple[Share, ...]


def render_page(
    summary: Summary, manifest: Manifest, drawing: Drawing, shown: "ShownSamples", budget: str | None = None
) -> str:
    """Return the page of a run.

    Args:
        summary: of the run.
        manifest: of the run.
        drawing: its charts; with none of them the page has tables only.
        shown: its samples.
        budget: how long a reply could be (`budget_words`); by the setting alone if not given.

    Raises:
        ConfigError: jinja2's or the charts' library is missing.
    """
    return render_document(
        "page.html.j2",
        drawing.figures,
        summary=summary,
        budget=budget or budget_words(summary.config.sampling.max_tokens),
        tasks=list(summary.tasks),
        verdicts={name: verdict(summary.model, task) for name, task in summary.tasks.items()},
        findings={name: findings(task, summary, interference=False) for name, task in summary.tasks.items()},
        key=key_table(summary),
        sections=[*_sections(summary, drawing)],
        settings=[*settings(manifest, summary)],
        shown=shown,
        outcomes={"correct": "right answers", **FAILURES},
        version=manifest.invocations[-1].rest_bench_version if manifest.invocations else "",
        samples=safe_json(samples_json(shown)),
    )


def render_document(template: str, figures: Sequence[Figure], **values: Any) -> str:
    """Return a page with its style, scripts and charts inside, which loads nothing and runs nothing else.

    Args:
        template: of this package, which extends `layout.html.j2`.
        figures: that scripts draw; the template places them.
        values: that the template shows.

    Raises:
        ConfigError: jinja2's or the charts' library is missing.
    """
    specs = {figure.name: vega_specs(figure) for figure in figures}
    scripts = [charts_bundle()] if specs else []
    scripts.append((HERE / "page.js").read_text(encoding="utf-8"))
    style = (HERE / "page.css").read_text(encoding="utf-8")
    page = (
        _environment()
        .get_template(template)
        .render(
            style=style,
            scripts=scripts,
            policy=_policy(scripts, style),
            charts=safe_json(specs),
            **values,
        )
    )
    return whole_text(page)


def _policy(scripts: Sequence[str], style: str) -> str:
    """Return the content security policy: no address but data, no script and no style but these.

    Charts set single properties of their marks; they may, as no text of a run becomes markup.
    """
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(map(source_hash, scripts)),
        "style-src": source_hash(style),
        "style-src-attr": "'unsafe-inline'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _sections(summary: Summary, drawing: Drawing) -> Iterator[Section]:
    placed = {kind for section in KINDS for kind in section.figures}
    other = tuple(dict.fromkeys(figure.kind for figure in drawing.figures if figure.kind not in placed))
    more = Kind("more", "More", "More charts", "Other views of the same numbers.", other, lambda _: iter(()))
    for kind in (*KINDS, more, UNDEFINED):
        shares = [_share(kind, name, task, drawing) for name, task in summary.tasks.items() if task.levels]
        filled = tuple(share for share in shares if share.pictures or share.tables or share.missing)
        if filled:
            yield Section(kind, filled)


def _share(kind: Kind, name: str, task: TaskSummary, drawing: Drawing) -> Share:
    def mine(parts: Sequence[Any]) -> list[Any]:
        return [part for wanted in kind.figures for part in parts if part.kind == wanted and part.task == name]

    missing = tuple(dict.fromkeys(left_out.why for left_out in mine(drawing.left_out)))
    return Share(name, tuple(map(picture, mine(drawing.figures))), tuple(kind.tables(task)), missing)


def picture(figure: Figure) -> Picture:
    """Return a chart as the template needs it."""
    return Picture(
        figure.name, figure.title, figure.caption, *(data_uri(figure.svg(theme)) for theme in ("light", "dark"))
    )


def vega_specs(figure: Figure) -> dict[str, Any]:
    """Return a chart as Vega with its light look, and what of it differs in the dark."""
    light, dark = (_vl_convert().vegalite_to_vega(figure.spec(theme)) for theme in ("light", "dark"))
    return {"light": light, "dark": {key: value for key, value in dark.items() if light.get(key) != value}}


def charts_bundle() -> str:
    """Return the library that draws charts in a page, as one script that loads nothing."""
    return safe_script(_vl_convert().javascript_bundle())


def _vl_convert() -> Any:
    try:
        import vl_convert
    except ImportError as error:
        raise ConfigError("the page needs vl-convert; pip install 'vl-convert-python>=1.8,<2'") from error
    return vl_convert


def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
