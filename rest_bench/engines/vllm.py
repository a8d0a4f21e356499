"""Step 4 with vLLM in this process: continuous batching on GPUs, or on a CPU; each response comes as it finishes."""

import gc
import logging
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from types import TracebackType
from typing import Any, NamedTuple, Self

from rest_bench.config import RunConfig
from rest_bench.engines import LongestPrompts
from rest_bench.engines.codec import Codec, EncodedPrompt
from rest_bench.engines.event_loop import LoopThread
from rest_bench.engines.orphan_watch import OrphanWatch
from rest_bench.engines.vllm_loading import SHUTDOWN_TIMEOUT_S, describe, prepare, start
from rest_bench.errors import EngineError, one_line
from rest_bench.schema import Prompt, Response, Sampling

LOG = logging.getLogger(__name__)

_WAITING_PER_RUNNING = 2
"""Requests handed over for each that runs, so that a slot that falls free is taken at once."""


class Generated(NamedTuple):
    """What vLLM generated for one request."""

    token_ids: Sequence[int]
    latency_s: float


Answer = Future[Generated | Response | None]
"""Of one request: tokens, or why there are none; null where vLLM's process died."""


class VllmEngine:
    """Generates with vLLM's AsyncLLM, which runs on an event loop in a thread of its own.

    Prompts are begun in the order given; some more than run at once are handed over, and no others are held. Every
    sampling field is set, the model's own defaults are not used, and each request has its own seed (all of them: on a
    CPU, one request without would spoil the seeds of its batch, vllm #51226). Where vLLM's process dies, it is started
    once more and what it had begun is asked again.

    Raises:
        EngineError: vLLM is not installed, or cannot load the model.
    """

    def __init__(self, config: RunConfig, longest_prompts: LongestPrompts = tuple) -> None:
        self._draining = False
        self._is_alive = self._may_restart = True
        self._lost: deque[EncodedPrompt] = deque()  # what a dead process had begun
        self._model = prepare(config, longest_prompts())
        self._loop = LoopThread("vllm")
        self._watch = OrphanWatch()
        try:
            self._llm = self._start()
        except BaseException:
            self._close()
            raise
        self.info = describe(self._model, self._llm, config)
        self._codec = Codec(self._model.tokenizer, self.info, self._model.end_token_ids, config.chat_template_kwargs)
        at_once = int(self._llm.vllm_config.scheduler_config.max_num_seqs) * config.data_parallel_size
        self._most_at_once = at_once * _WAITING_PER_RUNNING

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End vLLM's processes and the event loop."""
        vendor_log = logging.getLogger("vllm")
        level = vendor_log.level
        vendor_log.setLevel(logging.CRITICAL)  # it reports its own end as an error
        self._end()
        self._close()
        vendor_log.setLevel(level)

    def _end(self) -> None:
        self._llm.shutdown(timeout=SHUTDOWN_TIMEOUT_S)
        # vLLM shuts down once more when it is collected, and with a traceback where the interpreter is ending by then.
        self._llm = None
        gc.collect()

    def _start(self) -> Any:
        self._watch.starting()
        llm = self._loop.run(start(self._model))
        self._watch.started()
        return llm

    def drain(self) -> None:
        """Let `generate` end with the requests that vLLM already has."""
        self._draining = True

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Response]:
        """Answer the prompts, begun in the order given; each response comes the moment it is finished.

        Raises:
            EngineError: the chat template refuses a prompt, or vLLM died twice.
        """
        coming = iter(prompts)
        running: dict[Answer, EncodedPrompt] = {}
        finished: SimpleQueue[Answer] = SimpleQueue()
        try:
            while True:
                while len(running) < self._most_at_once and (row := self._next(coming, sampling)) is not None:
                    if isinstance(row, Response):
                        yield row
                    else:
                        running[self._submit(row, sampling, finished)] = row
                if running:
                    yield from self._take(running, finished.get())
                elif self._lost and not self._draining:
                    self._restart()
                else:
                    break
            if self._lost:
                # A scheduler that ends a job sends its signal to all processes, and vLLM's end at once.
                LOG.warning("vLLM ended with the interrupt: %d samples in progress are lost", len(self._lost))
        finally:
            for request in running:
                request.cancel()

    def _take(self, running: dict[Answer, EncodedPrompt], answer: Answer) -> Iterator[Response]:
        """Yield the response of a request that is finished, or put aside what a dead process had begun."""
        row = running.pop(answer)
        result = answer.result()
        if result is None:
            self._lost.append(row)
        elif isinstance(result, Response):
            yield result
        else:  # text is made of the tokens here, and not on the loop, which has to keep vLLM going
            yield self._codec.respond(row, *result)

    def _next(self, coming: Iterator[Prompt], sampling: Sampling) -> EncodedPrompt | Response | None:
        """Return what to begin next, or the response of a prompt that cannot be asked; null where there is nothing."""
        if self._draining or not self._is_alive:
            return None
        if self._lost:
            return self._lost.popleft()
        prompt = next(coming, None)
        return None if prompt is None else self._codec.encode(prompt, sampling)

    def _submit(self, row: EncodedPrompt, sampling: Sampling, finished: "SimpleQueue[Answer]") -> Answer:
        request = self._loop.submit(self._answer(row, sampling))
        request.add_done_callback(finished.put)
        return request

    async def _answer(self, row: EncodedPrompt, sampling: Sampling) -> Generated | Response | None:
        from vllm.v1.engine.exceptions import EngineDeadError, EngineGenerateError

        started = time.perf_counter()
        try:
            tokens = {"type": "token", "prompt_token_ids": row.token_ids}
            adapter = self._model.lora_request
            name = str(row.prompt.sample_id)
            outputs = self._llm.generate(tokens, self._parameters(row, sampling), name, lora_request=adapter)
            final = [output async for output in outputs][-1].outputs[0]
        except EngineDeadError:
            self._is_alive = False
            return None
        except (ValueError, EngineGenerateError) as error:
            return row.refuse(f"vLLM refused the prompt ({one_line(error.__cause__ or error)})")
        if final.finish_reason not in ("stop", "length"):
            return row.refuse(f"vLLM ended the request with {final.finish_reason!r}; run the command again")
        return Generated(final.token_ids, time.perf_counter() - started)

    def _restart(self) -> None:
        """Start vLLM's process anew, once; the second death ends the run.

        Raises:
            EngineError: it died before, or does not start.
        """
        if not self._may_restart:
            raise EngineError(
                f"--engine vllm: its engine died twice while answering for {self.info.model}; its own messages above "
                "say why; what was finished is kept"
            )
        self._may_restart = False
        LOG.warning("vLLM's engine died; starting it again and asking %d samples once more", len(self._lost))
        self._end()
        self._llm = self._start()
        self._is_alive = True

    def _parameters(self, row: EncodedPrompt, sampling: Sampling) -> Any:
        from vllm import SamplingParams
        from vllm.sampling_params import RequestOutputKind

        return SamplingParams(
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            top_k=sampling.top_k,
            min_p=sampling.min_p,
            repetition_penalty=sampling.repetition_penalty,
            presence_penalty=0.0,
            frequency_penalty=0.0,
            max_tokens=row.budget_tokens,
            seed=row.seed,
            stop_token_ids=list(self._model.end_token_ids),
            detokenize=False,  # text is put together in one place for all engines
            output_kind=RequestOutputKind.FINAL_ONLY,
        )

    def _close(self) -> None:
        self._loop.close()
        self._watch.close()
