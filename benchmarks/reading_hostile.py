r"""How long hostile replies take to read, in seconds of processor time per megabyte, and how that grows with length.

Each text repeats one unit, and is read alone, behind the labels of three questions, inside thinking and inside a box:
`python benchmarks/reading_hostile.py [MEGABYTES [UNIT]]`, a unit as in a Python string. A growth well above 1 would
mean that reading is not linear.
"""

import sys
import time

from rest_bench.parsing import parse_response
from rest_bench.schema import Option, Pack, Problem, Response

MEGABYTES = 0.05
PARTS = 4
"""Growth compares the whole text with one this many times shorter."""
PLACES = {
    "alone": "{}",
    "behind labels": "Q1: a\nQ2: b\nQ3: {}",
    "thinking": "<think>{}</think>Q1: \\boxed{{1}}",
    "in a box": "Q1: \\boxed{{{}}}\n\\boxed{{1}}",
    "before a box": "Q1: a\nQ2: b\nQ3: {}\\boxed{{1}}",
}
UNITS = (
    *("a", " ", "\n", "\t", "-", "|", "$", "`", "{", "}", "\\", "&", "#", "*", ",", "1", "<", "(", "'", "\u200f", "😀"),
    *("Q1: ", "Q1\n", "Q1: x\n", "Q1 ", "Q1, ", "Q1 and ", "**Q1** ", "Q1 = 1, ", "Q1's answer is ", "| Q1 | 12 |\n"),
    *(
        "Q1: \\boxed{1}\n",
        "Q1: \\boxed{1}, Q2: \\boxed{2}; ",
        "第1题",
        "Question one and ",
        "### Answer 1\n",
        '"Q1: x" ',
    ),
    *("1. ", "1. x\n", "(1) ", "| 1 |\n", "First, ", "first question ", "and the answer to ", "for ", "the "),
    *(
        "\\boxed{1} ",
        "\\boxed{1}, ",
        "\\boxed{1}\n\n",
        "\\boxed{",
        "\\boxed{\n\n",
        "\\boxed ",
        "\\boxed{Q1: 1, ",
        "\\fbox",
    ),
    *(
        "Answer: ",
        "Answer: B\n",
        "The answer is B. ",
        "answer\n",
        "答案",
        "选A",
        "A, ",
        "Final answers: x\n",
        "final answer ",
    ),
    *("<think>", "</think>", "<think></think>", "[THINK]", "<|channel|>analysis", "assistantfinal", "◁think▷", "<b>"),
    *("```\n", "```python\n", "```python\nx=1\n```\n", "x = 1\n```\n\n", "~~~\n", "x ``` y\n", "> ```\n"),
    *("1,234 ", "1,", "1,2;", "\\text{", "\\text{and}", "\\begin{aligned}", "\\\\", "lorem ipsum dolor sit amet. "),
)


def make_pack() -> Pack:
    options = tuple(Option(letter=letter, text=f"{letter} m/s") for letter in "ABCD")
    problems = (
        Problem(id="1", question="What?", gold="1", answer_type="math"),
        Problem(id="2", question="What?", gold="B", answer_type="choice", options=options),
        Problem(id="3", question="What?", gold="x", answer_type="code"),
    )
    return Pack(pack_id="0" * 16, task="t", level=3, design="cyclic", seed=0, repeat=0, problems=problems)


def reading_s(text: str, pack: Pack) -> float:
    response = Response(
        sample_id="s", pack_id=pack.pack_id, task="t", level=3, repeat=0, text=text, finish_reason="stop"
    )
    began_s = time.process_time()
    parse_response(response, pack)
    return time.process_time() - began_s


def measure(unit: str, place: str, size: int, pack: Pack) -> tuple[float, float]:
    """Return the seconds per megabyte of the whole text, and how many times as many as those of a part of it."""
    long, short = (PLACES[place].format(unit * (length // len(unit.encode()))) for length in (size, size // PARTS))
    long_s, short_s = reading_s(long, pack), min(reading_s(short, pack) for _ in range(2))
    return long_s / size * 1e6, long_s / (PARTS * short_s)


def main() -> None:
    size = int(float(sys.argv[1]) * 1e6) if len(sys.argv) > 1 else int(MEGABYTES * 1e6)
    units = (sys.argv[2].encode().decode("unicode_escape"),) if len(sys.argv) > 2 else UNITS
    pack = make_pack()
    measured = [(*measure(unit, place, size, pack), unit, place) for unit in units for place in PLACES]
    for s_per_mb, growth, unit, place in sorted(measured, key=lambda row: row[0], reverse=True):
        print(f"  {s_per_mb:6.2f} s/MB, growth {growth:4.1f}: {unit!r} {place}")
    s_per_mb, _, unit, place = max(measured, key=lambda row: row[0])
    steepest = max(growth for _, growth, _, _ in measured)
    print(
        f"reading: {len(measured)} hostile texts of {size / 1e6} MB, worst {s_per_mb:.1f} s/MB ({unit!r} {place}), "
        f"steepest growth {steepest:.1f}"
    )


if __name__ == "__main__":
    main()
