"""Evaluating with real vLLM, against the same requests without a harness and with other harnesses.

Run it in an environment with vLLM (`make test-vllm` builds one for CPUs; lm-eval is compared where it is installed):
`python benchmarks/vllm_throughput.py`. Every contestant loads the model in a process of its own and answers the same
prompts of rest-nano at levels 1, 2, 4, 6 and 8, greedily; rounds alternate.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rest_bench.config import RunConfig
from rest_bench.planning import Identity, Plan, make_plan
from rest_bench.schema import EngineInfo, Prompt

ROUNDS = int(os.environ.get("ROUNDS", "3"))
N_SAMPLES = int(os.environ.get("SAMPLES", "2000"))
LEVELS = (1, 2, 4, 6, 8)
N_PROBLEMS = 300
MAX_TOKENS = 700


def settings(out: str) -> RunConfig:
    repeats = -(-N_SAMPLES // (len(LEVELS) * N_PROBLEMS))
    limit = N_SAMPLES // (len(LEVELS) * repeats)
    return RunConfig(
        model="rest-nano",
        engine="vllm",
        levels=LEVELS,
        limit=limit,
        repeats=repeats,
        temperature=0,
        max_tokens=MAX_TOKENS,
        enforce_eager=True,
        out=Path(out),
    )


def prompts_of(config: RunConfig, plan: Plan, info: EngineInfo, *, longest_first: bool) -> list[Prompt]:
    samples = plan.submission_order() if longest_first else plan.samples()
    return [sample.prompt for sample in Identity(config, info).to_ask(samples, frozenset())]


NO_INFO = EngineInfo(engine="vllm", engine_version="0", model="rest-nano")


def rest_bench(out: str) -> float:
    """Plan, render, encode, generate, decode, and put every response on disk."""
    from rest_bench.engines import open_engine
    from rest_bench.pipeline import make_manifest
    from rest_bench.store import RunWriter

    config = settings(out)
    plan = make_plan(config)
    with RunWriter(config.run_dir) as writer, open_engine(config, plan.longest_prompts) as engine:
        began_s = time.perf_counter()
        answered = writer.begin(make_manifest(config, plan, engine.info), plan.samples())
        identity = Identity(config, engine.info)
        prompts = (sample.prompt for sample in identity.to_ask(plan.submission_order(), answered.done))
        for response in engine.generate(prompts, config.sampling):
            writer.append(response)
        return time.perf_counter() - began_s


def bare_async(out: str) -> float:
    """The same requests in the same order, all handed to AsyncLLM at once, nothing kept."""
    from rest_bench.engines.codec import Codec, EncodedPrompt
    from rest_bench.engines.vllm_loading import VllmModel, prepare, start

    config = settings(out)
    plan = make_plan(config)
    model: VllmModel = prepare(config, plan.longest_prompts())
    codec = Codec(model.tokenizer, NO_INFO, model.end_token_ids)
    rows = [codec.encode(prompt, config.sampling) for prompt in prompts_of(config, plan, NO_INFO, longest_first=True)]

    async def all_of_them() -> float:
        llm = await start(model)

        async def one(row: EncodedPrompt, name: str) -> None:
            tokens = {"type": "token", "prompt_token_ids": row.token_ids}
            async for _ in llm.generate(tokens, parameters(row.seed, final_only=True), name):
                pass

        began_s = time.perf_counter()
        await asyncio.gather(
            *(one(row, str(number)) for number, row in enumerate(rows) if isinstance(row, EncodedPrompt))
        )
        elapsed_s = time.perf_counter() - began_s
        llm.shutdown()
        return elapsed_s

    return asyncio.run(all_of_them())


def bare_chat(out: str) -> float:
    """LLM.chat with the prompts in the order of the levels."""
    from vllm import LLM

    from rest_bench.engines.vllm_loading import prepare

    config = settings(out)
    plan = make_plan(config)
    model = prepare(config, plan.longest_prompts())
    llm = LLM(**model.arguments)
    prompts = prompts_of(config, plan, NO_INFO, longest_first=False)
    began_s = time.perf_counter()
    llm.chat(
        [[message.model_dump() for message in prompt.messages] for prompt in prompts],
        [parameters(prompt.seed or 0, final_only=True) for prompt in prompts],
        use_tqdm=False,
    )
    return time.perf_counter() - began_s


def lm_eval(out: str) -> float:
    """The vLLM backend of lm-eval, given the rendered prompts."""
    from lm_eval.api.instance import Instance
    from lm_eval.models.vllm_causallms import VLLM

    from rest_bench.engines.codec import render_tokens
    from rest_bench.engines.vllm_loading import prepare

    config = settings(out)
    plan = make_plan(config)
    model = prepare(config, plan.longest_prompts())
    known = {name: model.arguments[name] for name in ("dtype", "max_model_len", "gpu_memory_utilization", "seed")}
    backend = VLLM(pretrained=model.arguments["model"], enforce_eager=True, batch_size="auto", **known)
    wanted = {"until": [], "do_sample": False, "temperature": 0, "max_gen_toks": MAX_TOKENS}
    texts = [
        render_tokens(model.tokenizer, prompt, "{}").text
        for prompt in prompts_of(config, plan, NO_INFO, longest_first=False)
    ]
    requests = [Instance("generate_until", {}, (text, dict(wanted)), number) for number, text in enumerate(texts)]
    began_s = time.perf_counter()
    backend.generate_until(requests, disable_tqdm=True)
    return time.perf_counter() - began_s


def parameters(seed: int, *, final_only: bool) -> Any:
    from vllm import SamplingParams
    from vllm.sampling_params import RequestOutputKind

    kind = RequestOutputKind.FINAL_ONLY if final_only else RequestOutputKind.CUMULATIVE
    return SamplingParams(temperature=0, max_tokens=MAX_TOKENS, seed=seed, output_kind=kind)


CONTESTANTS: dict[str, Callable[[str], float]] = {
    "rest-bench": rest_bench,
    "bare AsyncLLM": bare_async,
    "bare LLM.chat": bare_chat,
    "lm-eval": lm_eval,
}
TARGETS = {"bare AsyncLLM": 1.05, "bare LLM.chat": 0.95, "lm-eval": 1.0}


def seconds(contestant: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, contestant, folder + "/run"]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return float(done.stdout.split()[-1])


def main() -> None:
    if len(sys.argv) == 3:
        print(CONTESTANTS[sys.argv[1]](sys.argv[2]), flush=True)
        return
    if find_spec("vllm") is None:
        print("vllm throughput: needs vLLM; run it in an environment that has it")
        return
    names = [name for name in CONTESTANTS if name != "lm-eval" or find_spec("lm_eval")]
    rounds = [{name: seconds(name) for name in names} for _ in range(ROUNDS)]
    own_s = statistics.median(each["rest-bench"] for each in rounds)
    for name in names[1:]:
        ratio = statistics.median(each["rest-bench"] / each[name] for each in rounds)
        print(
            f"vllm throughput: {N_SAMPLES} samples, rest-bench {own_s:.1f} s, {name} "
            f"{statistics.median(each[name] for each in rounds):.1f} s, ratio {ratio:.3f} (aim: {TARGETS[name]})"
        )


if __name__ == "__main__":
    main()
