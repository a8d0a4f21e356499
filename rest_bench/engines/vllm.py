"""Step 4 with vLLM in this process: continuous batching on GPUs, or on a CPU; each response comes as it finishes."""

import asyncio
import logging
import os
import time
from collections import deque
from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, Self, TypeVar

from rest_bench.config import RunConfig
from rest_bench.engines.codec import Codec, EncodedPrompt
from rest_bench.engines.model_source import (
    ModelSource,
    end_token_ids,
    locate_model,
    model_info,
    quiet,
    read_tokenizer,
    vendor_sentences,
)
from rest_bench.errors import EngineError, one_line
from rest_bench.schema import Prompt, Response, Sampling

LOG = logging.getLogger(__name__)

_GPU_SHARE, _CPU_SHARE = 0.9, 0.4
"""Of the memory that vLLM takes: a GPU is its own, a CPU's memory belongs to everybody."""
_WAITING_PER_RUNNING = 2
"""Requests handed over for each that runs, so that a slot that falls free is taken at once."""
_SHUTDOWN_TIMEOUT_S = 20.0

Result = TypeVar("Result")


class VllmEngine:
    """Generates with vLLM's AsyncLLM, which runs on an event loop in a thread of its own.

    Longest prompts go first, so that no long one is left to run alone at the end. Every sampling field is set, the
    model's own defaults are not used, and each request has its own seed.

    Raises:
        EngineError: vLLM is not installed, or cannot load the model.
    """

    def __init__(self, config: RunConfig) -> None:
        _prepare_logging()
        _require_library()
        self._draining = False
        source = locate_model(config)
        with quiet(source), vendor_sentences(source):
            tokenizer, ends = _tokenizer_and_ends(source)
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="vllm", daemon=True)
        self._thread.start()
        try:
            self._llm = self._await(_start(source, config))
        except BaseException:
            self._stop_loop()
            raise
        self.info = _describe(source, tokenizer, self._llm)
        self._codec = Codec(tokenizer, self.info, ends)
        self._end_token_ids = list(ends)
        scheduler = self._llm.vllm_config.scheduler_config
        self._most_at_once = int(scheduler.max_num_seqs) * _WAITING_PER_RUNNING

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End vLLM's processes and the event loop."""
        self._llm.shutdown(timeout=_SHUTDOWN_TIMEOUT_S)
        self._stop_loop()

    def drain(self) -> None:
        """Let `generate` end with the requests that vLLM already has."""
        self._draining = True

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Response]:
        """Answer the prompts, longest first; each response comes the moment it is finished.

        Raises:
            EngineError: the chat template refuses a prompt, or vLLM died.
        """
        askable, refused = self._codec.encode_all(prompts, sampling)
        yield from refused
        waiting = deque(askable)
        finished: SimpleQueue[Future[Response]] = SimpleQueue()
        running: set[Future[Response]] = set()
        try:
            while running or (waiting and not self._draining):
                while waiting and not self._draining and len(running) < self._most_at_once:
                    running.add(self._submit(waiting.popleft(), sampling, finished))
                done = finished.get()
                running.discard(done)
                try:
                    response = done.result()
                except EngineError:
                    if not self._draining:
                        raise
                    # A Ctrl-C in a terminal reaches vLLM's own processes as well, and they end at once.
                    LOG.warning("vLLM ended with the interrupt: %d samples in progress are lost", len(running) + 1)
                    return
                yield response
        finally:
            for request in running:
                request.cancel()

    def _submit(
        self, row: EncodedPrompt, sampling: Sampling, finished: "SimpleQueue[Future[Response]]"
    ) -> "Future[Response]":
        request = asyncio.run_coroutine_threadsafe(self._answer(row, sampling), self._loop)
        request.add_done_callback(finished.put)
        return request

    async def _answer(self, row: EncodedPrompt, sampling: Sampling) -> Response:
        from vllm.v1.engine.exceptions import EngineDeadError, EngineGenerateError

        started = time.perf_counter()
        try:
            tokens = {"type": "token", "prompt_token_ids": row.token_ids}
            outputs = self._llm.generate(tokens, self._parameters(row, sampling), str(row.prompt.sample_id))
            final = [output async for output in outputs][-1].outputs[0]
        except EngineDeadError as error:
            raise EngineError(
                f"--engine vllm: its engine died while answering for {self.info.model}; its own messages above say why"
            ) from error
        except (ValueError, EngineGenerateError) as error:
            return row.refuse(f"vLLM refused the prompt ({one_line(error.__cause__ or error)})")
        if final.finish_reason not in ("stop", "length"):
            return row.refuse(f"vLLM ended the request with {final.finish_reason!r}; run the command again")
        return self._codec.respond(row, final.token_ids, time.perf_counter() - started)

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
            stop_token_ids=self._end_token_ids,
            detokenize=False,  # text is put together in one place for all engines
            output_kind=RequestOutputKind.FINAL_ONLY,
        )

    def _await(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _stop_loop(self) -> None:
        self._await(_cancel_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _prepare_logging() -> None:
    """Send vLLM's messages to stderr: stdout carries results. It reads this once, when it is first imported."""
    os.environ.setdefault("VLLM_LOGGING_STREAM", "ext://sys.stderr")  # noqa: TID251 (vLLM has no other way)
    os.environ.setdefault("VLLM_LOGGING_LEVEL", "WARNING")  # noqa: TID251


def _require_library() -> None:
    try:
        import vllm  # noqa: F401
    except ImportError as error:
        raise EngineError(f"--engine vllm: {error}; install it with pip install 'rest-bench[vllm]'") from error


def _tokenizer_and_ends(source: ModelSource) -> tuple[Any, tuple[int, ...]]:
    """Return the tokenizer and the tokens that end a reply."""
    import transformers

    model_config, tokenizer = read_tokenizer(source)
    try:
        generation_config = transformers.GenerationConfig.from_pretrained(source.location, revision=source.revision)
    except OSError:  # a model need not have one
        generation_config = None
    return tokenizer, end_token_ids(generation_config, model_config, tokenizer)


async def _start(source: ModelSource, config: RunConfig) -> Any:
    """Load the model; inside the event loop, where AsyncLLM wants to be made."""
    from vllm import AsyncEngineArgs
    from vllm.platforms import current_platform
    from vllm.v1.engine.async_llm import AsyncLLM

    on_cpu = current_platform.is_cpu()
    share = config.gpu_memory_utilization or (_CPU_SHARE if on_cpu else _GPU_SHARE)
    try:
        return AsyncLLM.from_engine_args(
            AsyncEngineArgs(
                model=source.location,
                revision=source.revision,
                trust_remote_code=source.trust_remote_code,
                dtype="float32" if config.dtype == "auto" and on_cpu else config.dtype,
                tensor_parallel_size=config.tensor_parallel_size,
                gpu_memory_utilization=share,
                enforce_eager=config.enforce_eager,
                seed=config.seed,
                generation_config="vllm",  # none of the model's own sampling defaults
                disable_log_stats=True,
            )
        )
    except (ValueError, RuntimeError, OSError, ImportError, AssertionError) as error:
        raise EngineError(f"--model {source.name}: vLLM cannot load it ({one_line(error)})") from error


async def _cancel_tasks() -> None:
    """End what vLLM left running on the loop, so that nothing is said of pending tasks when it closes."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _describe(source: ModelSource, tokenizer: Any, llm: Any) -> Any:
    import vllm

    model_config = llm.vllm_config.model_config
    return model_info(
        source,
        tokenizer,
        engine="vllm",
        engine_version=vllm.__version__,
        dtype=str(model_config.dtype).removeprefix("torch."),
        device=str(llm.vllm_config.device_config.device_type),
        max_context_tokens=int(model_config.max_model_len),
    )
