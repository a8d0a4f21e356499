"""Run folders whose texts try to break a page, and the pages of them."""

from pathlib import Path

from rest_bench.pipeline import score
from rest_bench.report.charts import COLUMNS, draw
from rest_bench.report.page import render_page
from rest_bench.schema import Manifest, Pack, PlannedLevel, Problem, Response
from rest_bench.showing import ShownPart, ShownSamples, show_samples
from rest_bench.store import Run, RunWriter
from tests.records import make_manifest, plan

ATTACK = '</script><script>window.attacked = 1</script><img src=x onerror="window.attacked = 2"><!-- <script> \' & \\'
TASK = "toy"
MODEL = "model <img src=x onerror=window.attacked=3> \u202etxt.exe"
HALF = "half \ud800 a character"
"""What no file of UTF-8 holds; a page may still be handed it."""

REPLIES = (
    f"<think>\nQ1: {ATTACK}\nSo the answer is 2.\n\nQ2: it is 3.\n</think>\nQ1: \\boxed{{2}}\n"
    f"Q2: \\boxed{{99}} {ATTACK}",
    "Q1: \\boxed{3}\u202e right to left \u2066 \u200f \u2028 \u0000 \u001b[31m\nQ2: \\boxed{\\frac{1}{2}}",
    "<think>\n" + "a" * 1_000_000 + "\n</think>\nQ1: \\boxed{3}\nQ2: \\boxed{4}",
    "<think>\nQ1: loop loop loop",
)


def problems() -> tuple[Problem, ...]:
    return tuple(
        Problem(
            id=f"{number} {ATTACK}",
            question=f"What is {number} + 1? {ATTACK}",
            gold=str(number + 1),
            answer_type="integer",
        )
        for number in range(4)
    )


def make_packs(level: int) -> tuple[Pack, ...]:
    known = problems()
    return tuple(
        Pack(
            pack_id=f"{level:08x}{number:08x}",
            task=TASK,
            level=level,
            design="cyclic",
            seed=0,
            repeat=0,
            problems=tuple(known[(number + offset) % len(known)] for offset in range(level)),
        )
        for number in range(len(known))
    )


def hostile_manifest() -> Manifest:
    manifest = make_manifest()
    levels = tuple(PlannedLevel(level=level, repeats=1, limit=None, n_packs=4) for level in (1, 2))
    task = manifest.tasks[0].model_copy(update={"name": TASK, "levels": levels, "source": ATTACK})
    engine = manifest.engine.model_copy(update={"model": MODEL})
    dressing = manifest.dressing.model_copy(update={"system_prompt": ATTACK})
    return manifest.model_copy(update={"tasks": (task,), "engine": engine, "dressing": dressing})


def hostile_run(path: Path) -> Run:
    packs = (*make_packs(1), *make_packs(2))
    with RunWriter(path) as writer:
        writer.begin(hostile_manifest(), plan(packs))
        for number, pack in enumerate(packs):
            text = REPLIES[number - 4] if pack.level == 2 else f"<think>\nSum.\n</think>\n\\boxed{{{number + 1}}}"
            writer.append(
                Response(
                    sample_id=f"sample-{pack.pack_id}",
                    pack_id=pack.pack_id,
                    task=pack.task,
                    level=pack.level,
                    repeat=0,
                    text=text,
                    finish_reason="length" if text.endswith("loop") else "stop",
                    completion_tokens=len(text) // 4,
                    line_tokens=(len(text) // 4,),
                )
            )
    return score(path)


def with_half_characters(shown: ShownSamples) -> ShownSamples:
    """Return samples with a text that no UTF-8 holds in the last one's reply."""
    *others, last = shown.samples
    block = last.blocks[0]._replace(is_thinking=False, parts=(ShownPart(HALF, ()),))
    return shown._replace(samples=(*others, last._replace(blocks=(*last.blocks, block))))


def page_of(run: Run, shown: ShownSamples | None = None) -> str:
    drawing = draw(run.summary, run.scores(COLUMNS))
    return render_page(run.summary, run.manifest, drawing, shown or show_samples(run))
