"""The task files of lm-evaluation-harness: one a level, a group a task, and `rest_all`."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from rest_bench.errors import ConfigError, StoreError, TaskError
from rest_bench.integrations.asked import AskedLevel
from rest_bench.metrics.reply import LM_EVAL_PREFIX, SHARES, is_better_high, metric_names
from rest_bench.packing import FIXED_DESIGNS
from rest_bench.schema import Sampling
from rest_bench.tasks import packaged_names, task_settings
from rest_bench.tasks.taskfile import TaskFile

PACKAGED = Path(__file__).parent / "tasks"
"""The folder that `rest-bench lm-eval path` prints: the packaged tasks at their own levels."""
VERSION = 2.0
"""Raised where the prompts or the metrics change: lm-eval compares numbers of one version only."""
AVERAGED = (*SHARES, "all_correct", "truncated")
"""Over the tasks of a group."""

_TASK = """\
# {title}: {level} in one prompt. Written by `rest-bench lm-eval export`.
task: {name}
class: !function rest_bench.integrations.lm_eval.task.RestTask
output_type: generate_until
test_split: test
num_fewshot: 0
doc_to_text: prompt
doc_to_target: target
target_delimiter: ""
repeats: {repeats}
filter_list:
  - name: none
    filter:
      - {{function: take_first_k, k: {repeats}}}
generation_kwargs:
  until: []
  do_sample: true
  temperature: {temperature}
  top_p: {top_p}
  max_gen_toks: {max_tokens}
metric_list:
{metrics}
metadata:
  version: {version}
  rest_bench: {asked}{data_dir}
"""

_GROUP = """\
# {words}. Written by `rest-bench lm-eval export`.
group: {name}
task: [{members}]
aggregate_metric_list:
{metrics}
metadata:
  version: {version}
"""


class Choice(NamedTuple):
    """What of the tasks is exported."""

    tasks: tuple[str, ...]
    """Names or paths of task files."""
    levels: tuple[int, ...] = ()
    """Each task's own if empty."""
    design: str = "cyclic"
    seed: int = 0
    repeats: int | None = None
    limit: int | None = None
    data_dir: Path | None = None


def packaged_tasks() -> tuple[str, ...]:
    """Return the tasks that are exported if none are named: those that come with rest-bench and want no programs."""
    return tuple(name for name in packaged_names() if task_settings(name).answer_type != "code")


def export_tasks(choice: Choice, out: Path) -> tuple[Path, ...]:
    """Write the task files into a folder, and return them.

    Raises:
        TaskError: there is no such task, or it wants programs.
        StoreError: the folder cannot be written.
    """
    written = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in task_files(choice):
            path = out / name
            path.write_text(text, encoding="utf-8")
            written.append(path)
    except OSError as error:
        raise StoreError(f"--out {out}: cannot be written ({error.strerror}); give another folder") from error
    return tuple(written)


def task_files(choice: Choice) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every file."""
    groups = []
    for given in choice.tasks:
        head = task_settings(given)
        if head.answer_type == "code":
            raise TaskError(f"task {head.name}: wants programs, which are not run yet; leave it out")
        levels = tuple(sorted(set(choice.levels))) or head.levels
        names = [f"rest_{head.name}_s{level}" for level in levels]
        for name, level in zip(names, levels, strict=True):
            yield f"{name}.yaml", _task(name, head, _asked(given, head, level, choice), choice.data_dir)
        members = names
        if levels[0] == 1 and len(levels) > 1:  # lm-eval takes a task in one group only, so this one stands inside
            stress = f"rest_{head.name}_stress"
            title = f"{head.title}: the mean of all levels above 1, the paper's Stress"
            yield f"{stress}.yaml", _group(stress, title, names[1:])
            members = [names[0], stress]
        yield f"rest_{head.name}.yaml", _group(f"rest_{head.name}", f"{head.title}: the mean of all levels", members)
        groups.append(f"rest_{head.name}")
    yield "rest_all.yaml", _group("rest_all", "All tasks at all levels", groups)


def _asked(given: str, head: TaskFile, level: int, choice: Choice) -> AskedLevel:
    asked = {
        "task": given if given == head.name else str(Path(given).resolve()),
        "level": level,
        "repeats": choice.repeats or head.repeats,
        **{name: getattr(choice, name) for name in ("design", "seed", "limit")},
    }
    try:
        return AskedLevel.model_validate(asked)
    except ValidationError as error:
        fault = error.errors()[0]
        raise ConfigError(f"--{fault['loc'][0]}: {fault['msg']} (it is {fault['input']!r})") from error


def _task(name: str, head: TaskFile, asked: AskedLevel, data_dir: Path | None) -> str:
    sampling = Sampling()
    problems = "one problem" if asked.level == 1 else f"{asked.level} problems"
    return _TASK.format(
        title=head.title,
        level=problems,
        name=name,
        repeats=asked.repeats if asked.design in FIXED_DESIGNS else 1,
        temperature=sampling.temperature,
        top_p=sampling.top_p,
        max_tokens=sampling.max_tokens,
        metrics="\n".join(_metric(metric) for metric in metric_names(asked.level)),
        version=VERSION,
        asked=json.dumps(asked.model_dump()),
        data_dir="" if data_dir is None else f"\n  data_dir: {json.dumps(str(data_dir.resolve()))}",
    )


def _metric(name: str) -> str:
    is_better = "true" if is_better_high(name) else "false"  # lm-eval knows no third
    return f"  - {{metric: {LM_EVAL_PREFIX}{name}, aggregation: mean, higher_is_better: {is_better}}}"


def _group(name: str, words: str, members: Sequence[str]) -> str:
    metrics = "\n".join(
        f"  - {{metric: {LM_EVAL_PREFIX}{metric}, aggregation: mean, weight_by_size: false, filter_list: [none]}}"
        for metric in AVERAGED
    )
    return _GROUP.format(words=words, name=name, members=", ".join(members), metrics=metrics, version=VERSION)
