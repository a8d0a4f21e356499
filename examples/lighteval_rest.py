r"""Packed prompts in lighteval: lighteval generates, and `rest-bench grade` judges what it saved.

The two need different versions of latex2sympy2_extended, so each lives in an environment of its own, and they meet in
files. For lighteval 0.13.0: pip install lighteval==0.13.0 'huggingface_hub<2' 'xxhash<4' (it breaks with newer ones).

    mkdir packs && rest-bench packs arithmetic --level 4 --golds > packs/packs.jsonl
    lighteval accelerate "model_name=ORG/MODEL,batch_size=1,cache_dir=lighteval-cache" rest_bench \
        --custom-tasks examples/lighteval_rest.py --save-details --output-dir results
    python examples/lighteval_rest.py results/details/ORG/MODEL/DATE/details_*.parquet packs/packs.jsonl > replies.jsonl
    rest-bench grade replies.jsonl

The third command runs in either environment (it needs pyarrow). Environment variables that the second one reads:

    REST_BENCH_PACKS       the folder that holds packs.jsonl, of one task at one level, and nothing else; default: packs
    REST_BENCH_MAX_TOKENS  the most tokens of one reply; default: 32768

`rest_preview_accuracy` in lighteval's own table is a rough preview, by exact text: what `rest-bench grade` says is what
counts. What to know of lighteval 0.13.0:

- `--max-samples N` draws N packs at random; for the packs of `rest-bench eval --limit N`, give `rest-bench packs` that
  `--limit`.
- Set the length of replies by REST_BENCH_MAX_TOKENS: with transformers, `max_new_tokens` among its generation
  parameters does not shorten replies, but cuts prompts to that many tokens.
- A prompt that does not fit the model's context is cut on the left without a word.
- Thinking is saved whole, whatever `--remove-reasoning-tags` says; only tags that the tokenizer calls special are lost.
- Why a reply ended is not saved: `grade` may call a slot `omitted` where a run, which knows that the reply was cut,
  says `truncated`. Right or wrong is the same.
- Replies are cached by the model's name and settings: after changing the weights under a name, change `cache_dir`.
  For a model in a folder give a relative path: with an absolute one, the cache is written into that folder.
- It imports all its own tasks, and one of them loads a file from GitHub; without a network, put an empty file
  tasks/tasks/tinyBenchmarks.pkl into the installed package.
"""

import argparse
import importlib.util
import json
import os
import re
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

# --- from lighteval's details to `rest-bench grade` -------------------------------------------------------------------


def read_packs(path: Path) -> dict[str, dict[str, Any]]:
    """Return the lines of `rest-bench packs --golds` by pack id.

    Raises:
        ValueError: a pack id occurs twice, or the golds are missing.
    """
    packs: dict[str, dict[str, Any]] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            pack = json.loads(line)
            if "golds" not in pack:
                raise ValueError(f"{path}: pack {pack['pack_id']} has no golds; run `rest-bench packs` with --golds")
            if packs.setdefault(pack["pack_id"], pack) is not pack:
                raise ValueError(f"{path}: pack {pack['pack_id']} occurs twice; keep one task at one level in a file")
    return packs


def prompt_of(pack: dict[str, Any]) -> str:
    """Return the packed prompt, which is one user message."""
    (message,) = pack["messages"]
    content: str = message["content"]
    return content


def reply_lines(
    details: Iterable[dict[str, Any]], packs: dict[str, dict[str, Any]], thinking_prefilled: bool = False
) -> Iterator[dict[str, Any]]:
    """Yield what `rest-bench grade` reads, one line for each saved response, joined by pack id.

    Args:
        details: rows that lighteval saved.
        packs: of `read_packs`.
        thinking_prefilled: the chat template ends inside an opened thinking block.

    Raises:
        ValueError: a row is not of these packs, or there are two of one pack.
    """
    answered = set()
    for row in details:
        doc, response = row["doc"], row["model_response"]
        pack_id = (doc.get("specific") or {}).get("pack_id")
        if pack_id not in packs:
            raise ValueError(f"the details hold a reply to pack {pack_id}, which is not among the packs")
        if pack_id in answered:
            raise ValueError(f"the details hold two replies to pack {pack_id}; its task asks for one")
        if doc["query"] != prompt_of(packs[pack_id]):
            raise ValueError(f"pack {pack_id} was asked in other words than those of the packs; which file was used?")
        answered.add(pack_id)
        # `text` is the reply as it came; lighteval keeps the one without thinking beside it.
        (text,) = response["text"]
        yield {
            **packs[pack_id],
            "response": text,
            "reasoning_content": next(iter(response.get("reasonings") or ()), None),
            "finish_reason": None,  # lighteval does not save why a reply ended
            "thinking_prefilled": thinking_prefilled,
        }


def main() -> None:
    """Write the replies that lighteval saved as lines for `rest-bench grade`."""
    import pyarrow.parquet

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("details", type=Path, metavar="DETAILS.parquet", help="saved by `lighteval ... --save-details`")
    parser.add_argument("packs", type=Path, metavar="packs.jsonl", help="the file that lighteval was given")
    parser.add_argument(
        "--thinking-prefilled", action="store_true", help="the chat template ends inside an opened thinking block"
    )
    settings = parser.parse_args()
    try:
        packs = read_packs(settings.packs)
        details = pyarrow.parquet.read_table(settings.details, columns=["doc", "model_response"]).to_pylist()
        lines = list(reply_lines(details, packs, settings.thinking_prefilled))
    except (ValueError, OSError) as error:
        sys.exit(f"lighteval_rest.py: {error}")
    sys.stdout.writelines(json.dumps(line) + "\n" for line in lines)
    if len(lines) < len(packs):
        sys.stderr.write(f"{len(lines)} of {len(packs)} packs have a reply; the others are left out\n")


# --- the preview ------------------------------------------------------------------------------------------------------

_MARK = re.compile(r"\b(?:Q|Question|Problem)\s*#?(?P<label>\d+)|\\boxed\s*\{", re.IGNORECASE)


def preview_accuracy(response: str, golds: list[str]) -> float:
    """Return the share of positions whose labelled answer is the gold by exact text: rough, no verdict.

    `rest-bench grade` is what counts: it also reads other layouts and knows equal values.
    """
    answers = labelled_answers(response)
    right = [normalised(answers.get(k, "")) == normalised(gold) for k, gold in enumerate(golds, start=1)]
    return sum(right) / len(right)


def labelled_answers(response: str) -> dict[int, str]:
    r"""Return by label the last \boxed{} after each (`Q2`, `Question 2`), in order where there is no label at all."""
    _, closed, final = response.rpartition("</think>")
    if not closed and "<think>" in final:
        return {}
    answers: dict[int, str] = {}
    label = None
    for mark in _MARK.finditer(final):
        if mark["label"]:
            label = int(mark["label"])
        else:
            answers[label or len(answers) + 1] = _up_to_closing_brace(final[mark.end() :])
    return answers


def normalised(answer: str) -> str:
    """Return an answer without what most often differs in writing: spaces, dollar signs, text commands, brackets."""
    text = re.sub(r"\\(?:text|mathrm|mathbf)\{([^{}]*)\}", r"\1", answer)
    text = re.sub(r"\\[dt]frac", r"\\frac", text)
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    return re.sub(r"[\s$()]", "", text).rstrip(".").casefold()


def _up_to_closing_brace(text: str) -> str:
    depth = 1
    for index, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return text[:index]
    return text


# --- the task of lighteval --------------------------------------------------------------------------------------------


def tasks_table() -> list[Any]:
    """Return the task `rest_bench`.

    Raises:
        ValueError: the folder of packs does not hold packs.jsonl alone.
    """
    import numpy as np
    from lighteval.metrics.metrics_sample import SampleLevelComputation
    from lighteval.metrics.utils.metric_utils import SampleLevelMetric
    from lighteval.tasks.lighteval_task import LightevalTaskConfig
    from lighteval.tasks.requests import Doc, SamplingMethod

    environment = os.environ  # noqa: TID251 - lighteval hands no settings of ours on
    folder = Path(environment.get("REST_BENCH_PACKS", "packs"))
    if not folder.is_dir() or [path.name for path in folder.iterdir()] != ["packs.jsonl"]:
        # lighteval 0.13 takes no file for a data set, only a folder, of which it would read every file.
        raise ValueError(f"REST_BENCH_PACKS={folder}: must be a folder that holds packs.jsonl and nothing else")

    class Preview(SampleLevelComputation):  # type: ignore[misc]
        """The share of right answers in one reply, roughly (`preview_accuracy`)."""

        def compute(self, doc: Any, model_response: Any, **_: Any) -> float:
            """Return the preview of one reply."""
            return preview_accuracy(model_response.text[0], doc.choices)

    def packed_doc(pack: dict[str, Any], task_name: str) -> Any:
        return Doc(
            query=prompt_of(pack),
            choices=pack["golds"],
            gold_index=list(range(len(pack["golds"]))),
            specific={"pack_id": pack["pack_id"]},
            task_name=task_name,
        )

    return [
        LightevalTaskConfig(
            name="rest_bench",
            prompt_function=packed_doc,
            hf_repo=str(folder),
            hf_subset="default",
            hf_avail_splits=["train"],  # what `datasets` calls all of a folder
            evaluation_splits=["train"],
            generation_size=int(environment.get("REST_BENCH_MAX_TOKENS", "32768")),
            stop_sequence=[],  # a stop string would cut the thinking
            metrics=[
                SampleLevelMetric(
                    metric_name="rest_preview_accuracy",
                    higher_is_better=True,
                    category=SamplingMethod.GENERATIVE,
                    sample_level_fn=Preview(),
                    corpus_level_fn=np.mean,
                )
            ],
            # lighteval caches replies by task and number of the row: other packs must be another version.
            version=zlib.crc32((folder / "packs.jsonl").read_bytes()),
        )
    ]


if __name__ == "__main__":
    main()
elif importlib.util.find_spec("lighteval") is not None:
    TASKS_TABLE = tasks_table()
