"""The commands of the leaderboard: publish a run, verify, rescore and reproduce submissions, build the pages."""

import json
import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rest_bench.console import DataDir, Json, RunArgument, cell, make_table, say, stdout
from rest_bench.errors import ConfigError

if TYPE_CHECKING:
    from rest_bench.leaderboard.verifying import Verified
    from rest_bench.schema import Submitter

EXIT_FAULTS = 1
EXIT_UNCHECKED = 2

leaderboard = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Check submissions, judge them again, and build the pages of the board.",
)

Submissions = Annotated[
    Path, typer.Argument(metavar="DIR", help="The folder of all submissions, or one of them.", show_default=False)
]
SubmitterName = Annotated[str, typer.Option("--submitter", help="Who answers for it.", show_default=False)]
SubmitterUrl = Annotated[str | None, typer.Option(help="An http(s) address of theirs.", show_default=False)]
Relationship = Annotated[
    Literal["first_party", "third_party", "collaborative", "other"],
    typer.Option(help="Of the submitter to the makers of the model.", show_default=False),
]


def publish(
    path: RunArgument,
    to: Annotated[Path, typer.Option(metavar="DIR", help="The folder of all submissions.", show_default=False)],
    submitter: SubmitterName,
    relationship: Relationship,
    model_id: Annotated[
        str | None,
        typer.Option(metavar="ORG/NAME", help="The name that others know the model by.", show_default=False),
    ] = None,
    submitter_url: SubmitterUrl = None,
    partial: Annotated[bool, typer.Option("--partial", help="The run holds only a part; mark it so.")] = False,
    numbers_only: Annotated[
        bool, typer.Option("--numbers-only", help="Leave the answers out; nobody can check the numbers then.")
    ] = False,
    traces_url: Annotated[
        str | None, typer.Option(help="Where the full responses.jsonl lies.", show_default=False)
    ] = None,
    notes: Annotated[str | None, typer.Option(help="Anything a reader should know.", show_default=False)] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Make a submission of a run: its answers, without the thinking, and every number that follows from them."""
    from datetime import UTC, datetime

    from rest_bench.leaderboard.answers_file import file_sha256
    from rest_bench.leaderboard.publishing import Publisher, make_traces
    from rest_bench.leaderboard.publishing import publish as publish_run
    from rest_bench.store import Run

    run = Run(path)
    traces = None if traces_url is None else make_traces(traces_url, file_sha256(path / "responses.jsonl"))
    publisher = Publisher(
        submitter=_submitter(submitter, submitter_url, relationship),
        submitted_on=datetime.now(UTC).date().isoformat(),
        model=model_id,
        partial=partial,
        numbers_only=numbers_only,
        traces=traces,
        notes=notes,
    )
    folder = publish_run(run, to, publisher, data_dir)
    if as_json:
        print(json.dumps({"submission": str(folder)}))
        return
    print(folder)
    say(f"check it:   rest-bench leaderboard verify {folder}")
    say(f"submit it:  git add {folder} && git commit -m 'Submit {folder.parent.name}', and open a pull request")


@leaderboard.command()
def verify(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="DIR...", help="The folder of all submissions, or single ones.", show_default=False),
    ],
    traces: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="responses.jsonl: check the claims about thinking, too.", show_default=False),
    ] = None,
    beside: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Look for equal replies among those of this board, too.", show_default=False),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="COMMIT",
            help="Only what HEAD adds to DIR since then; anything else that it changes is a fault.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Literal["text", "json", "github"], typer.Option("--format", help="github: annotations of a pull request.")
    ] = "text",
    data_dir: DataDir = None,
) -> None:
    """Make every pack, prompt, answer and number of submissions again; exit 1 where one is not what it says."""
    from rest_bench.leaderboard.collecting import replies_beside
    from rest_bench.leaderboard.opening import find_submissions
    from rest_bench.leaderboard.reporting import PRINTERS
    from rest_bench.leaderboard.verifying import verify_all

    folders, refused = _to_verify(paths, since)
    if traces is not None and (len(folders) > 1 or not traces.is_file()):
        raise ConfigError(f"--traces {traces}: give the responses.jsonl of one run, and the folder of its submission")
    found: list[Verified] = []
    printer = PRINTERS[output]
    for verified in chain(refused, verify_all(folders, data_dir, traces)):
        found.append(verified._replace(submission=None, reproduction=None))  # a thousand of them need not stay
        for line in printer.each(verified):
            print(line)
    others = [] if beside is None else list(replies_beside(find_submissions(beside), folders))
    for line in printer.all(found, others):
        print(line)
    if any(each.faults for each in found):
        sys.exit(EXIT_FAULTS)
    if any(each.unchecked for each in found):
        sys.exit(EXIT_UNCHECKED)


def _to_verify(paths: list[Path], since: str | None) -> "tuple[list[Path], list[Verified]]":
    """Return the folders to verify, and what is wrong with how they, or others, were changed."""
    from rest_bench.leaderboard.opening import find_submissions
    from rest_bench.leaderboard.proposals import read_proposal
    from rest_bench.leaderboard.verifying import with_faults

    if since is None:
        return list(dict.fromkeys(folder for path in paths for folder in find_submissions(path))), []
    if len(paths) > 1:
        raise ConfigError(f"--since {since}: give one DIR, the folder of all submissions")
    proposal = read_proposal(paths[0], since)
    if not proposal.folders and not proposal.faults:
        say(f"{paths[0]}: nothing changed since {since}")
    return proposal.folders, [with_faults(paths[0], proposal.faults)] if proposal.faults else []


@leaderboard.command()
def build(
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder of the pages.", show_default=False)],
    verified: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="What `verify --format json` printed: those are not judged again.", show_default=False
        ),
    ] = None,
    path: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder of all submissions.")] = Path(
        "leaderboard/submissions"
    ),
    data_dir: DataDir = None,
) -> None:
    """Write the pages of the board; submissions are verified first, and those that are not sound left out."""
    from rest_bench.leaderboard.collecting import collect, read_verified
    from rest_bench.leaderboard.equal_replies import find_equal
    from rest_bench.leaderboard.history import days_on_board
    from rest_bench.leaderboard.opening import find_submissions
    from rest_bench.leaderboard.rows import SubmittedEntry
    from rest_bench.leaderboard.site import build_site

    known = None if verified is None else read_verified(verified)
    folders = find_submissions(path)
    days = days_on_board(path, folders)
    sound, n_faulty = [], 0
    for found in collect(folders, known, data_dir):
        if found.unchecked is not None:
            say(f"{found.folder}: not checked, so self-reported: {found.unchecked}")
        if found.tier is None or found.submission is None:
            n_faulty += 1
            say(f"{found.folder}: left out: {found.faults[0]}")
            continue
        entry = SubmittedEntry(found.submission, found.tier, found.reproduction, added_on=days.get(found.folder))
        sound.append((entry, found.replies))
    all_equal = find_equal([replies for _, replies in sound])
    entries = [entry._replace(equal=equal) for (entry, _), equal in zip(sound, all_equal, strict=True)]
    for entry in entries:
        for equal in entry.equal:
            say(f"{entry.submission.model} ({entry.submission.submission_id}): {equal}")
    build_site(entries, out)
    print(out / "index.html")
    if n_faulty:
        sys.exit(EXIT_FAULTS)


@leaderboard.command()
def rescore(
    path: Submissions,
    write: Annotated[bool, typer.Option("--write", help="Put the new verdicts and numbers in place.")] = False,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Judge the stored answers of submissions again and say what moves, as when the scorer has changed."""
    from rest_bench.leaderboard.opening import find_submissions
    from rest_bench.leaderboard.rescoring import rescore as rescore_submission
    from rest_bench.scoring import Judge

    rows = []
    with Judge() as judge:
        for folder in find_submissions(path):
            rescored = rescore_submission(folder, judge, data_dir, write=write)
            if rescored is None:
                say(f"{folder}: numbers alone, nothing to judge")
                continue
            was = {"submission": str(folder), "model": rescored.submission.model, "scorer_was": rescored.scorer_version}
            rows += [{**was, **moved._asdict()} for moved in rescored.moved]
    if as_json:
        print(json.dumps(rows))
        return
    shown = make_table("model", "scored by", "task", "level", "slots", "now right", "now wrong", "before", "after")
    for row in rows:
        shown.add_row(
            *(cell(row[name]) for name in ("model", "scorer_was", "task", "level", "n_slots")),
            *(cell(row[name]) for name in ("n_now_right", "n_now_wrong")),
            *(f"{row[name]:.1%}" for name in ("before", "after")),
        )
    stdout().print(shown)


@leaderboard.command()
def reproduce(
    path: Annotated[Path, typer.Argument(metavar="SUBMISSION", help="The folder of one.", show_default=False)],
    run: RunArgument,
    submitter: SubmitterName,
    relationship: Relationship,
    submitter_url: SubmitterUrl = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Add a second run of some of its packs to a submission, and say how far the two differ."""
    from datetime import UTC, datetime

    from rest_bench.leaderboard.reproducing import reproduce as reproduce_submission
    from rest_bench.store import Run

    today = datetime.now(UTC).date().isoformat()
    by = _submitter(submitter, submitter_url, relationship)
    reproduction = reproduce_submission(path, Run(run), by, today, data_dir)
    if as_json:
        print(reproduction.model_dump_json(indent=2))
        return
    shown = make_table("task", "level", "packs", "questions", "difference", "95 % interval", "p")
    for level in reproduction.levels:
        difference = level.difference
        interval = "–" if difference.ci is None else "[{:+.1%}, {:+.1%}]".format(*difference.ci)
        shown.add_row(
            level.task,
            *map(cell, (level.level, level.n_packs, level.n_questions)),
            f"{difference.value:+.1%}",
            interval,
            "–" if level.p_value is None else f"{level.p_value:.3f}",
        )
    stdout().print(shown)


@leaderboard.command()
def schema(
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the files there.", show_default=False)] = None,
) -> None:
    """Print the JSON Schemas of a submission's files, or write them."""
    from rest_bench.leaderboard.schemas import schema_texts
    from rest_bench.store import write_text

    texts = schema_texts()
    if out is None:
        print(json.dumps({name: json.loads(text) for name, text in texts.items()}, indent=2))
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        write_text(out / name, text)
        print(out / name)


def _submitter(name: str, url: str | None, relationship: Relationship) -> "Submitter":
    from rest_bench.leaderboard.publishing import make_submitter

    return make_submitter(name, url, relationship)
