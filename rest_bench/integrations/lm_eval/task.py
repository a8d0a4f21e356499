"""A task of lm-evaluation-harness 0.4.13 and 0.5: one document a pack, read and judged as in every run of rest-bench.

The YAML files that `rest-bench lm-eval export` writes name `RestTask` as their class. A class and not a few functions,
because only a task sees the prompt that a chat template made, and so knows whether that began the thinking.
"""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from lm_eval.api import registry
from lm_eval.api import task as lm_eval_task

from rest_bench.engines.tokens import count_text_line_tokens
from rest_bench.errors import ConfigError
from rest_bench.integrations.asked import Asked, AskedLevel, metrics_of, score_reply, what_is_asked
from rest_bench.metrics.reply import LM_EVAL_PREFIX
from rest_bench.parsing import thinking_prefilled
from rest_bench.schema import Pack, Response

LOG = logging.getLogger(__name__)

SPLIT = "test"

_Base: Any = getattr(lm_eval_task, "GenerateTask", lm_eval_task.ConfigurableTask)
"""In 0.5 the class of tasks that generate: the class of all tasks, which is the one of 0.4, makes no requests there."""


class RestTask(_Base):  # type: ignore[misc]  # lm_eval has no types
    """Several problems in one prompt, one task at one level.

    `metadata.rest_bench` holds the settings of `AskedLevel`; `metadata.data_dir` (or `--metadata` on the command line,
    or $REST_BENCH_DATA) says where local data lie.

    Raises:
        RestBenchError: there is no such task or data, or the level does not fit.
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        own = {key: value for key, value in config.items() if key != "class"}
        _make_known(each["metric"] for each in own.get("metric_list") or ())
        # 0.4 looks for each metric in its own tables and then online, unless it is told that a function makes them.
        super().__init__(config={**own, "process_results": _made_by_the_task})

    def set_repeats(self, repeats: int) -> None:
        """Take no other number of repeats (`--repeats` of 0.5): packs and averages are made for those of the file.

        Raises:
            ConfigError: it is another number.
        """
        if repeats != self.config.repeats:
            raise ConfigError(
                f"{self.config.task}: its repeats are {self.config.repeats}, and are not set to {repeats} here; write "
                f"other task files with rest-bench lm-eval export --repeats {repeats}"
            )

    def download(self, dataset_kwargs: dict[str, Any] | None = None, **kwargs: Any) -> None:  # noqa: ARG002
        """Pack the problems; lm-eval calls this where it would load a dataset."""
        from datasets import Dataset

        self.dataset = {
            SPLIT: Dataset.from_list([_document(sample.pack, _text(sample)) for sample in self.asked.samples])
        }

    @cached_property
    def asked(self) -> Asked:
        """The packs, with their prompts."""
        metadata: dict[str, Any] = self.config.metadata or {}
        return what_is_asked(AskedLevel.model_validate(metadata["rest_bench"]), metadata.get("data_dir"))

    @cached_property
    def packs(self) -> dict[str, Pack]:
        """The packs by id."""
        return {sample.pack.pack_id: sample.pack for sample in self.asked.samples}

    def process_results(
        self, doc: Mapping[str, Any], results: Sequence[str | Sequence[str | None] | None]
    ) -> dict[str, float]:
        """Return the metrics of the replies to one pack, means over its repeats."""
        pack = self.packs[doc["pack_id"]]
        found = [metrics_of(score_reply(pack, self._response(pack, text))) for text in _flat(results)]
        return {
            f"{LM_EVAL_PREFIX}{name}": sum(metrics[name] for metrics in found) / len(found)
            for name in found[0]
            if _is_in(found, name)
        }

    def _response(self, pack: Pack, text: str | None) -> Response:
        """Return what lm-eval hands over: text alone, without its end or its tokens."""
        if text is None:
            return _no_reply(pack)
        line_tokens = None if self._tokenizer is None else count_text_line_tokens(self._tokenizer, text)
        return Response(
            sample_id="",
            pack_id=pack.pack_id,
            task=pack.task,
            level=pack.level,
            repeat=pack.repeat,
            text=text,
            finish_reason=None,
            completion_tokens=None if line_tokens is None else sum(line_tokens),
            line_tokens=line_tokens,
            thinking_prefilled=self._prefilled.get(pack.pack_id, False),
        )

    @cached_property
    def _prefilled(self) -> dict[str, bool]:
        """Whether the prompt of each pack, behind its chat template, ended inside an opened thinking block."""
        return {each.doc["pack_id"]: thinking_prefilled(str(each.args[0])) for each in self.instances}

    @cached_property
    def _tokenizer(self) -> Any | None:
        """The model's own tokenizer, to count thinking tokens with; null where the model's arguments name none."""
        metadata: dict[str, Any] = self.config.metadata or {}
        name = next((metadata[key] for key in ("tokenizer", "pretrained", "model") if metadata.get(key)), None)
        if not isinstance(name, str):
            return None
        from transformers import AutoTokenizer

        try:
            return AutoTokenizer.from_pretrained(name, revision=metadata.get("revision") or "main")
        except (OSError, ValueError) as error:
            LOG.warning("%s: no tokenizer can be loaded (%s); thinking tokens are not counted", name, error)
            return None


def _make_known(metrics: Iterable[str]) -> None:
    """Put our metrics into the table of 0.5, which warns of each that is not in it."""
    if not hasattr(registry, "register_reduction"):
        return
    for name in metrics:
        if name not in registry.metric_registry:
            registry.register_metric(name, aggregation="mean", output_type="generate_until")(_made_by_the_task)


def _flat(results: Sequence[str | Sequence[str | None] | None]) -> list[str | None]:
    """Return the replies to one document: 0.4 hands over a list of them for each request, 0.5 all in one list."""
    return [reply for each in results for reply in ([each] if each is None or isinstance(each, str) else each)]


def _no_reply(pack: Pack) -> Response:
    return Response(
        sample_id="",
        pack_id=pack.pack_id,
        task=pack.task,
        level=pack.level,
        repeat=pack.repeat,
        text="",
        finish_reason="error",
        error="lm-eval handed over no text",
    )


def _made_by_the_task(doc: Mapping[str, Any], results: Sequence[Any]) -> dict[str, float]:
    raise NotImplementedError("RestTask.process_results comes before it")


def _is_in(found: Sequence[Mapping[str, float]], name: str) -> bool:
    return all(name in metrics for metrics in found)


def _text(sample: Any) -> str:
    (message,) = sample.prompt.messages
    return str(message.content)


def _document(pack: Pack, text: str) -> dict[str, Any]:
    """Return what lm-eval keeps and logs of a pack; `import lm-eval` finds the pack again by it."""
    golds = [problem.gold for problem in pack.problems]
    return {
        **pack.model_dump(include={"pack_id", "task", "level", "design", "seed", "repeat"}),
        "problem_ids": [problem.id for problem in pack.problems],
        "golds": golds,
        "target": json.dumps(golds, ensure_ascii=False),
        "prompt": text,
    }
