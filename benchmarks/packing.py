"""How long packing and rendering all levels of gsm8k takes, against plain string joining in a loop.

Wants the folder of benchmark files: `python benchmarks/packing.py DATA_DIR` (gsm8k/test.jsonl in it).
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rest_bench.packing import make_packs
from rest_bench.schema import Task
from rest_bench.tasks import load_task
from rest_bench.templates import render

ROUNDS = 3
INSTRUCTION = "\nAnswer the above questions one by one. Remember to put your final answer within \\boxed{}."


def pack_and_render(task: Task) -> list[str]:
    return [render(pack, task).messages[0].content for level in task.levels for pack in make_packs(task, level)]


def join_strings(questions: Sequence[str], levels: Sequence[int]) -> list[str]:
    prompts = []
    for level in levels:
        for first in range(len(questions)):
            prompt = ""
            for place in range(1, level + 1):
                number = first if place == level else (first + place) % len(questions)
                prompt += "Q" + str(place) + ": " + questions[number] + "\n\n"
            prompts.append(prompt + INSTRUCTION)
    return prompts


def main() -> None:
    data_dir = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "data" / "rest"
    if not (data_dir / "gsm8k" / "test.jsonl").is_file():
        print(f"packing: no gsm8k/test.jsonl in {data_dir}; give its folder as an argument")
        return
    task = load_task("gsm8k", data_dir)
    questions = [problem.question for problem in task.problems]
    own_s, plain_s = [], []
    for _ in range(ROUNDS):
        began_s = time.perf_counter()
        own = pack_and_render(task)
        own_s.append(time.perf_counter() - began_s)
        began_s = time.perf_counter()
        plain = join_strings(questions, task.levels)
        plain_s.append(time.perf_counter() - began_s)
        assert own == plain, "both make the same prompts"
    allowed_s = 2 * min(plain_s) + 0.5
    print(
        f"packing: {len(own)} prompts in {min(own_s):.3f} s, plain joining {min(plain_s):.3f} s, "
        f"{min(own_s) / allowed_s:.2f} of twice that plus 0.5 s"
    )


if __name__ == "__main__":
    main()
