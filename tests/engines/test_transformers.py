"""Generation with transformers, on a tiny model with random weights."""

import logging
import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers

from rest_bench.config import RunConfig
from rest_bench.engines.transformers import TransformersEngine
from rest_bench.errors import EngineError
from rest_bench.schema import Prompt, Response, Sampling
from tests.engines.prompts import make_prompt
from tests.models import BOS, CHAT_TEMPLATE, EOS, PAD, THINKING_TEMPLATE, make_tokenizer

GREEDY = Sampling(temperature=0, max_tokens=24)
SAMPLED = Sampling(temperature=1, top_p=1, max_tokens=24)
TEXTS = ("one", "and a longer one", "", "a question of thirty letters..", "1 + 1", "2 + 2 + 2 + 2 + 2", "x", "yz")
PROMPTS = [make_prompt(number, text) for number, text in enumerate(TEXTS)]

Batch = list[list[int]]


def open_tiny(folder: Path, batch_size: int = 4) -> TransformersEngine:
    return TransformersEngine(RunConfig(model=str(folder), batch_size=batch_size, device="cpu"))


def answer(engine: TransformersEngine, prompts: list[Prompt], sampling: Sampling = GREEDY) -> dict[str, Response]:
    """Return the responses by sample_id, having checked that each prompt has exactly one."""
    responses = list(engine.generate(prompts, sampling))
    assert sorted(response.sample_id for response in responses) == sorted(str(prompt.sample_id) for prompt in prompts)
    return {response.sample_id: response for response in responses}


def texts(engine: TransformersEngine, prompts: list[Prompt], sampling: Sampling) -> dict[str, str]:
    return {sample_id: response.text for sample_id, response in answer(engine, prompts, sampling).items()}


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[Batch]:
    """Collect the token ids of every batch that reaches the model, padding included."""
    seen: list[Batch] = []
    generate = transformers.GenerationMixin.generate

    def spy(self: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(kwargs["input_ids"].tolist())
        return generate(self, *args, **kwargs)

    monkeypatch.setattr(transformers.GenerationMixin, "generate", spy)
    return seen


@pytest.fixture
def fail_when(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Batch], BaseException | None]], list[int]]:
    """Let the model raise what a rule says of a batch; return the sizes of all batches tried."""

    def install(rule: Callable[[Batch], BaseException | None]) -> list[int]:
        sizes: list[int] = []
        generate = transformers.GenerationMixin.generate

        def failing(self: Any, *args: Any, **kwargs: Any) -> Any:
            batch = kwargs["input_ids"].tolist()
            sizes.append(len(batch))
            if error := rule(batch):
                raise error
            return generate(self, *args, **kwargs)

        monkeypatch.setattr(transformers.GenerationMixin, "generate", failing)
        return sizes

    return install


# --- prompts ----------------------------------------------------------------------------------------------------------

TEMPLATES = {
    "a template that writes the BOS": (CHAT_TEMPLATE, "<s><|user|>hi<|end|><|assistant|>"),
    "a template without BOS": (CHAT_TEMPLATE.replace("{{ bos_token }}", ""), "<|user|>hi<|end|><|assistant|>"),
    "no template": (None, "<s>hi"),
}


@pytest.mark.parametrize(("template", "expected"), TEMPLATES.values(), ids=TEMPLATES.keys())
def test_the_model_sees_the_template_once_and_no_second_bos(
    template: str | None, expected: str, make_tiny: Callable[..., Path], batches: list[Batch]
) -> None:
    engine = open_tiny(make_tiny(chat_template=template))
    (response,) = answer(engine, [make_prompt(1, "hi")]).values()
    ((seen,),) = batches
    assert make_tokenizer().decode(seen) == expected
    assert response.prompt_tokens == len(seen)
    assert (engine.info.chat_template_sha256 is None) is (template is None)


def test_a_model_without_template_gets_plain_text_and_says_so_once(
    make_tiny: Callable[..., Path], batches: list[Batch], caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_tiny(make_tiny(chat_template=None))
    message = PROMPTS[0].messages[0]
    system = message.model_copy(update={"role": "system", "content": "be brief"})
    answer(engine, [PROMPTS[0].model_copy(update={"messages": (system, message)}), PROMPTS[1]])
    assert make_tokenizer().decode(batches[0][1], skip_special_tokens=True) == "be brief\n\none"
    assert caplog.text.count("has no chat template") == 1


def test_a_template_that_opens_thinking_is_reported(tiny: Path, make_tiny: Callable[..., Path]) -> None:
    thinking = open_tiny(make_tiny(chat_template=THINKING_TEMPLATE))
    assert all(response.thinking_prefilled for response in answer(thinking, PROMPTS[:2]).values())
    assert not any(response.thinking_prefilled for response in answer(open_tiny(tiny), PROMPTS[:2]).values())


def test_a_template_that_refuses_a_prompt_stops_the_engine(make_tiny: Callable[..., Path]) -> None:
    engine = open_tiny(make_tiny(chat_template="{{ raise_exception('no user role') }}"))
    with pytest.raises(EngineError, match=r"chat template refuses the prompt \(no user role\)"):
        list(engine.generate(PROMPTS, GREEDY))


def test_prompts_go_longest_first_in_left_padded_batches(tiny: Path, batches: list[Batch]) -> None:
    answer(open_tiny(tiny, batch_size=3), PROMPTS)
    rows = [row for batch in batches for row in batch]
    lengths = [len(row) - row.count(PAD) for row in rows]
    assert [len(batch) for batch in batches] == [3, 3, 2]
    assert lengths == sorted(lengths, reverse=True)
    assert all(row[row.count(PAD)] == BOS and PAD not in row[row.count(PAD) :] for row in rows)


@pytest.mark.parametrize("sampling", [GREEDY, SAMPLED], ids=["greedy", "sampled"])
def test_padding_works_without_a_padding_token(
    sampling: Sampling, tiny: Path, make_tiny: Callable[..., Path], batches: list[Batch]
) -> None:
    without = open_tiny(make_tiny(pad_token=None))
    assert texts(without, PROMPTS, sampling) == texts(open_tiny(tiny), PROMPTS, sampling)
    assert batches[0][-1][0] == EOS


# --- sampling ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sampling",
    [
        GREEDY,
        SAMPLED,
        Sampling(temperature=0.6, top_p=0.9, top_k=20, min_p=0.01, repetition_penalty=1.2, max_tokens=24),
        Sampling(temperature=0, repetition_penalty=1.5, max_tokens=24),
    ],
    ids=["greedy", "sampled", "all fields", "greedy with penalty"],
)
def test_a_sample_does_not_depend_on_its_batch(sampling: Sampling, tiny: Path) -> None:
    alone = texts(open_tiny(tiny, batch_size=1), PROMPTS, sampling)
    assert texts(open_tiny(tiny, batch_size=8), PROMPTS, sampling) == alone
    assert texts(open_tiny(tiny, batch_size=3), PROMPTS[::-1], sampling) == alone
    some = PROMPTS[2:5]
    assert texts(open_tiny(tiny), some, sampling) == {str(each.sample_id): alone[str(each.sample_id)] for each in some}


def test_seeds_make_samples_of_one_prompt_differ(tiny: Path) -> None:
    same = [make_prompt(number, "same") for number in range(6)]
    assert len(set(texts(open_tiny(tiny), same, SAMPLED).values())) == 6
    assert len(set(texts(open_tiny(tiny), same, GREEDY).values())) == 1


def test_the_first_token_follows_the_softmax_of_the_models_logits(tiny: Path, batches: list[Batch]) -> None:
    from scipy import stats

    n_samples, temperature = 1500, 0.7
    engine = open_tiny(tiny, batch_size=500)
    sampling = Sampling(temperature=temperature, top_p=1, max_tokens=1)
    drawn = answer(engine, [make_prompt(number, "same") for number in range(n_samples)], sampling).values()
    model = transformers.AutoModelForCausalLM.from_pretrained(tiny)
    with torch.inference_mode():
        logits = model(torch.tensor([batches[0][0]])).logits[0, -1].double()
    probability = torch.softmax(logits / temperature, dim=0)
    # The text of an end-of-sequence token is empty, and that of a lone byte no character: compare what can be told.
    tokenizer = make_tokenizer()
    words = [tokenizer.decode([token]) if token != EOS else "" for token in range(len(probability))]
    likely = sorted({word for word, share in zip(words, probability, strict=True) if share * n_samples >= 5} - {"�"})
    expected = [sum(share for word, share in zip(words, probability, strict=True) if word == each) for each in likely]
    counts = [sum(response.text == each for response in drawn) for each in likely]
    rest = [n_samples - sum(counts)], [1 - sum(expected)]
    assert len(likely) > 5
    shares = torch.tensor([*expected, *rest[1]], dtype=torch.float64) * n_samples
    assert stats.chisquare([*counts, *rest[0]], shares.numpy()).pvalue > 1e-3


LEFTOVERS = {
    "do_sample": True,
    "temperature": 0.1,
    "top_k": 1,
    "top_p": 0.1,
    "min_p": 0.9,
    "repetition_penalty": 5.0,
    "no_repeat_ngram_size": 1,
    "suppress_tokens": list(range(100, 200)),
    "max_new_tokens": 3,
    "num_beams": 2,
}


@pytest.mark.parametrize("sampling", [GREEDY, SAMPLED], ids=["greedy", "sampled"])
def test_the_models_own_sampling_settings_are_not_used(
    sampling: Sampling, tiny: Path, make_tiny: Callable[..., Path]
) -> None:
    assert texts(open_tiny(make_tiny(generation=LEFTOVERS)), PROMPTS, sampling) == texts(
        open_tiny(tiny), PROMPTS, sampling
    )


def test_greedy_text_is_that_of_plain_transformers(tiny: Path) -> None:
    model = transformers.AutoModelForCausalLM.from_pretrained(tiny)
    tokenizer = transformers.AutoTokenizer.from_pretrained(tiny)
    for sample_id, text in texts(open_tiny(tiny, batch_size=8), PROMPTS, GREEDY).items():
        (prompt,) = (each for each in PROMPTS if each.sample_id == sample_id)
        messages = [{"role": "user", "content": prompt.messages[0].content}]
        inputs = tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        sequence = model.generate(**inputs, do_sample=False, max_new_tokens=GREEDY.max_tokens)[0]
        assert text == tokenizer.decode(sequence[inputs["input_ids"].shape[1] :]).removesuffix("</s>")


# --- replies ----------------------------------------------------------------------------------------------------------


def test_a_reply_ends_at_the_first_end_of_sequence_token_of_any_kind(make_tiny: Callable[..., Path]) -> None:
    ends = {EOS, *range(60, 140)}
    engine = open_tiny(make_tiny(generation={"eos_token_id": sorted(ends - {EOS})}))
    responses = answer(engine, [make_prompt(number) for number in range(16)], SAMPLED).values()
    stopped = [response for response in responses if response.finish_reason == "stop"]
    assert len(stopped) > 4
    cut_here = {make_tokenizer().decode([token]) for token in ends} - {"�"}
    for response in stopped:
        assert cut_here.isdisjoint(re.sub(r"<[^<>]*>", "", response.text))
        assert response.completion_tokens is not None
        assert 1 <= response.completion_tokens < SAMPLED.max_tokens


def test_a_reply_that_uses_up_its_budget_is_cut_by_length(tiny: Path) -> None:
    responses = answer(open_tiny(tiny), PROMPTS, Sampling(temperature=0, max_tokens=3)).values()
    assert {(response.finish_reason, response.completion_tokens) for response in responses} == {("length", 3)}


def test_an_end_of_sequence_token_as_the_last_of_the_budget_is_a_stop(tiny: Path) -> None:
    engine = open_tiny(tiny)
    long = Sampling(temperature=0, max_tokens=200)
    (whole,) = (each for each in answer(engine, PROMPTS, long).values() if each.sample_id == "sample-2")
    assert whole.finish_reason == "stop"
    (exact,) = engine.generate([PROMPTS[2]], Sampling(temperature=0, max_tokens=whole.completion_tokens or 0))
    assert (exact.finish_reason, exact.text) == ("stop", whole.text)


def test_text_keeps_every_token_but_the_end_and_counts_them_by_line(tiny: Path) -> None:
    prompts = [make_prompt(number) for number in range(24)]
    responses = list(answer(open_tiny(tiny, 24), prompts, Sampling(temperature=1, top_p=1, max_tokens=150)).values())
    for response in responses:
        assert response.line_tokens is not None
        assert sum(response.line_tokens) == response.completion_tokens
        assert len(response.line_tokens) == len(response.text.split("\n"))
        assert "</s>" not in response.text
    whole = "".join(response.text for response in responses)
    assert "<think>" in whole
    assert "<|user|>" in whole
    assert "\n" in whole
    assert {response.finish_reason for response in responses} == {"stop", "length"}


def test_a_reply_keeps_the_blank_it_begins_with(tmp_path: Path, make_tiny: Callable[..., Path]) -> None:
    from tokenizers import decoders

    # A sentencepiece decoder drops one blank at the beginning of a text, and a reply is not the beginning.
    folder = make_tiny()
    tokenizer = make_tokenizer()
    tokenizer.backend_tokenizer.decoder = decoders.Sequence(
        [decoders.ByteLevel(), decoders.Strip(content=" ", left=1, right=0)]
    )
    tokenizer.save_pretrained(folder)
    engine = open_tiny(folder, 100)
    sampling = Sampling(temperature=3, top_p=1, max_tokens=2)
    replies = answer(engine, [make_prompt(number) for number in range(1500)], sampling).values()
    assert any(response.text.startswith(" ") for response in replies)


def test_attention_stays_off_cudnn_while_it_generates(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enabled: Callable[[], bool] = torch.backends.cuda.cudnn_sdp_enabled
    seen = []
    forward = transformers.LlamaForCausalLM.forward

    @wraps(forward)  # the engine looks at its signature
    def spy(self: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(enabled())
        return forward(self, *args, **kwargs)

    monkeypatch.setattr(transformers.LlamaForCausalLM, "forward", spy)
    before = enabled()
    answer(open_tiny(tiny), PROMPTS[:1])
    assert set(seen) == {False}
    assert enabled() == before


def test_responses_come_batch_by_batch(tiny: Path, batches: list[Batch]) -> None:
    responses = open_tiny(tiny, batch_size=2).generate(PROMPTS, GREEDY)
    first = next(responses)
    assert len(batches) == 1
    assert first.latency_s is not None
    assert first.latency_s > 0
    assert first.sample_id == "sample-3"


def test_draining_ends_with_the_batch_in_progress(tiny: Path) -> None:
    engine = open_tiny(tiny, batch_size=3)
    responses = engine.generate(PROMPTS, GREEDY)
    next(responses)
    engine.drain()
    assert len(list(responses)) == 2


def test_nothing_asked_is_nothing_answered(tiny: Path) -> None:
    assert list(open_tiny(tiny).generate([], GREEDY)) == []


def test_a_prompt_without_a_seed_is_a_bug(tiny: Path) -> None:
    with pytest.raises(ValueError, match="without a seed"):
        list(open_tiny(tiny).generate([PROMPTS[0].model_copy(update={"seed": None})], SAMPLED))


# --- context ----------------------------------------------------------------------------------------------------------


def test_a_prompt_that_does_not_fit_is_an_error_that_names_the_numbers(make_tiny: Callable[..., Path]) -> None:
    engine = open_tiny(make_tiny(context_tokens=40))
    assert engine.info.max_context_tokens == 40
    responses = answer(engine, [make_prompt(1, "x" * 36), make_prompt(2, "x" * 35)], GREEDY)
    refused, answered = responses["sample-1"], responses["sample-2"]
    assert refused.finish_reason == "error"
    assert "the prompt has 40 tokens" in str(refused.error)
    assert "holds 40" in str(refused.error)
    assert refused.prompt_tokens == 40
    assert (answered.finish_reason, answered.completion_tokens) == ("length", 1)


def test_a_budget_is_cut_to_what_the_context_leaves_and_that_is_said_once(
    make_tiny: Callable[..., Path], caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_tiny(make_tiny(context_tokens=40, generation={"eos_token_id": PAD}))
    prompts = [make_prompt(number, "x" * number) for number in range(1, 21)]
    responses = answer(engine, prompts, Sampling(temperature=0, max_tokens=22))
    for prompt in prompts:
        response = responses[str(prompt.sample_id)]
        n_tokens = 4 + len(prompt.messages[0].content)
        assert response.prompt_tokens == n_tokens
        if response.finish_reason == "length":
            assert response.completion_tokens == min(22, 40 - n_tokens)
    assert sum(response.finish_reason == "length" for response in responses.values()) > 15
    assert caplog.text.count("--max-tokens 22") == 1
    assert "holds 40 tokens" in caplog.text


# --- faults -----------------------------------------------------------------------------------------------------------


def no_memory() -> BaseException:
    """Return the very error that the CPU allocator raises."""
    try:
        torch.empty(2**60)
    except RuntimeError as error:
        return error
    raise AssertionError("this machine has an exabyte of memory")


OUT_OF_MEMORY = {
    "cuda": lambda: torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
    "mps": lambda: RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)."),
    "cpu": no_memory,
    "python": MemoryError,
}


@pytest.mark.parametrize("error", OUT_OF_MEMORY.values(), ids=OUT_OF_MEMORY.keys())
def test_out_of_memory_halves_the_batch_for_good(
    error: Callable[[], BaseException], tiny: Path, fail_when: Any, caplog: pytest.LogCaptureFixture
) -> None:
    expected = texts(open_tiny(tiny, batch_size=8), PROMPTS, GREEDY)
    sizes = fail_when(lambda batch: error() if len(batch) > 2 else None)
    engine = open_tiny(tiny, batch_size=7)
    assert texts(engine, PROMPTS, GREEDY) == expected
    assert sizes == [7, 3, *[1] * 8]
    answer(engine, PROMPTS)
    assert sizes[10:] == [1] * 8
    assert "cpu ran out of memory with 7 prompts of up to 34 tokens and up to 24 tokens of reply" in caplog.text
    assert "going on with --batch-size 3" in caplog.text


def test_one_sample_that_does_not_fit_into_memory_is_an_error_that_names_the_numbers(
    tiny: Path, fail_when: Any
) -> None:
    longest = max(len(text) for text in TEXTS)
    fail_when(lambda batch: torch.OutOfMemoryError("CUDA out of memory.") if len(batch[0]) >= longest + 4 else None)
    responses = answer(open_tiny(tiny), PROMPTS)
    failed = [response for response in responses.values() if response.finish_reason == "error"]
    assert [response.sample_id for response in failed] == ["sample-3"]
    assert failed[0].error == (
        "cpu ran out of memory with 1 prompt of up to 34 tokens and up to 24 tokens of reply; "
        "lower --max-tokens or use a device with more memory"
    )


def test_a_failure_is_pinned_to_the_row_that_causes_it(tiny: Path, fail_when: Any) -> None:
    marker = make_tokenizer()("yz", add_special_tokens=False)["input_ids"]
    fail_when(lambda batch: RuntimeError("bad row") if any(set(marker) <= set(row) for row in batch) else None)
    responses = answer(open_tiny(tiny, batch_size=8), PROMPTS)
    assert [each for each, response in responses.items() if response.finish_reason == "error"] == ["sample-7"]
    assert "generation failed with 1 prompt" in str(responses["sample-7"].error)
    assert "RuntimeError: bad row" in str(responses["sample-7"].error)


FATAL = {
    "a lost device": (torch.AcceleratorError("CUDA error: device-side assert triggered"), "--device cpu: cannot go on"),
    "an operation the device lacks": (NotImplementedError("aten::foo is not for MPS"), "--device cpu: cannot go on"),
    "broken model code": (AttributeError("no attribute 'past'"), "its code failed"),
}


@pytest.mark.parametrize(("error", "sentence"), FATAL.values(), ids=FATAL.keys())
def test_a_fault_that_no_batch_escapes_stops_the_engine(
    error: Exception, sentence: str, tiny: Path, fail_when: Any
) -> None:
    fail_when(lambda _: error)
    with pytest.raises(EngineError, match=sentence):
        list(open_tiny(tiny).generate(PROMPTS, GREEDY))


def test_an_interrupt_passes_through(tiny: Path, fail_when: Any) -> None:
    sizes = fail_when(lambda _: KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        list(open_tiny(tiny).generate(PROMPTS, GREEDY))
    assert len(sizes) == 1


def test_logits_that_are_not_numbers_are_an_error(make_tiny: Callable[..., Path]) -> None:
    folder = make_tiny()
    model = transformers.AutoModelForCausalLM.from_pretrained(folder)
    with torch.no_grad():
        model.model.norm.weight[0] = float("nan")
    model.save_pretrained(folder)
    for sampling in (GREEDY, SAMPLED):
        for response in answer(open_tiny(folder), PROMPTS, sampling).values():
            assert response.finish_reason == "error"
            assert "gave logits that are not numbers at token 1" in str(response.error)


def test_nothing_is_written_to_the_terminal(
    tiny: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), open_tiny(tiny) as engine:
        answer(engine, PROMPTS, SAMPLED)
    assert capfd.readouterr() == ("", "")
    assert not caplog.records
