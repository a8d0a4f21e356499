"""Train rest-nano: `python -m models.train_rest_nano.train --out FOLDER`.

From scratch and seeded, in half an hour on two CPU cores. Writes the folder that transformers and vLLM load, and
training.json with the figures of the training.
"""

import argparse
import json
import math
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from models.train_rest_nano.lessons import Lesson, Question, lesson, questions
from rest_bench.config import RunConfig
from rest_bench.integrations.trackers import log_run
from rest_bench.integrations.training import CheckpointEvaluator
from rest_bench.store import Run

SPECIAL = ("<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>")
PAD, END = 0, 1
THINK_TAGS = ("<think>", "</think>")
"""Added tokens but not special ones: a server that drops special tokens must not glue thinking and answer together."""
CHAT_TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
VOCABULARY = 640
"""At most: the bytes, then phrases of the lessons. Digits, signs of numbers and line ends always stand alone."""

BATCHES_AT_ONCE = 16
"""Batches of a level that are made together, so that lessons of about one length can share one."""
CONTEXT_TOKENS = 1024
"""The longest lessons have about 900; beyond, it would have to guess what a position means."""
EASY_LEVELS, EASY_SHARE = (1, 2), 0.35
"""The curriculum: which levels the first part of the training draws from, and how long that part is."""
LEVEL_WEIGHTS = (1, 0.6, 0.42, 0.28, 0.17, 0.11, 0.06, 0.03)
"""How often a batch is of level 1, 2, ... 8 in the second part."""


class Settings(NamedTuple):
    """What a training depends on."""

    seed: int
    n_steps: int
    questions_per_step: int
    peak_rate: float
    warmup_steps: int


class Batch(NamedTuple):
    """Lessons of one level, padded to the right."""

    token_ids: torch.Tensor
    """(lessons, width)"""
    targets: torch.Tensor
    """(lessons, width): the next token where it belongs to the reply, else -100."""


def train_tokenizer(seed: int) -> PreTrainedTokenizerFast:
    """Return a byte-level BPE tokenizer whose merges may span words, so that phrases of the lessons become tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[0-9]|-(?=[0-9])|\n"), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        min_frequency=20,
        special_tokens=list(SPECIAL),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    draw, source = random.Random(f"{seed} tokenizer"), questions(f"rest-nano {seed} tokenizer")
    corpus = [lesson(level, source, draw) for level in (1, 1, 2, 3) for _ in range(500)]
    pieces = [part for each in corpus for part in (each.prompt, *_between_tags(each.reply))]
    tokenizer.train_from_iterator(pieces, trainer)
    tokenizer.add_tokens([AddedToken(tag, special=False, normalized=False) for tag in THINK_TAGS])
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<|pad|>",
        eos_token="<|end|>",
        additional_special_tokens=list(SPECIAL[2:]),
        model_max_length=CONTEXT_TOKENS,
        clean_up_tokenization_spaces=False,
    )
    fast.chat_template = CHAT_TEMPLATE
    return fast


def _between_tags(reply: str) -> list[str]:
    opened, _, final = reply.partition(THINK_TAGS[1])
    return [opened.removeprefix(THINK_TAGS[0]), final]


def make_model(vocabulary: int) -> LlamaForCausalLM:
    """Return the untrained model."""
    config = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=160,
        intermediate_size=432,
        num_hidden_layers=4,
        num_attention_heads=5,  # of 32, the smallest head that vLLM's CPU attention has
        num_key_value_heads=5,
        max_position_embeddings=CONTEXT_TOKENS,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=END,
        pad_token_id=PAD,
    )
    model = LlamaForCausalLM(config)
    model.generation_config = GenerationConfig(do_sample=False, eos_token_id=END, pad_token_id=PAD)
    return model


def batches(settings: Settings, tokenizer: PreTrainedTokenizerFast) -> Iterator[Batch]:
    """Yield one batch for every step."""
    draw, source = random.Random(f"{settings.seed} lessons"), questions(f"rest-nano {settings.seed}")
    levels = range(1, len(LEVEL_WEIGHTS) + 1)
    waiting: dict[int, list[list[Lesson]]] = {level: [] for level in levels}
    for step in range(settings.n_steps):
        easy = step < EASY_SHARE * settings.n_steps
        level = draw.choice(EASY_LEVELS) if easy else draw.choices(levels, LEVEL_WEIGHTS)[0]
        if not waiting[level]:
            waiting[level] = _alike(level, settings.questions_per_step // level, source, draw)
        yield _collate(waiting[level].pop(), tokenizer)


def _alike(level: int, n_lessons: int, source: Iterator[Question], draw: random.Random) -> list[list[Lesson]]:
    """Return batches of lessons of about one length, in random order: a third of the work would go into padding."""
    taught = [lesson(level, source, draw) for _ in range(n_lessons * BATCHES_AT_ONCE)]
    taught.sort(key=lambda each: len(each.prompt) + len(each.reply))
    alike = [taught[start : start + n_lessons] for start in range(0, len(taught), n_lessons)]
    draw.shuffle(alike)
    return alike


def _collate(taught: list[Lesson], tokenizer: PreTrainedTokenizerFast) -> Batch:
    prompts = tokenizer([f"<|user|>{each.prompt}<|end|><|assistant|>" for each in taught])["input_ids"]
    replies = tokenizer([f"{each.reply}<|end|>" for each in taught])["input_ids"]
    width = max(len(prompt) + len(reply) for prompt, reply in zip(prompts, replies, strict=True))
    token_ids = torch.full((len(taught), width), PAD)
    targets = torch.full((len(taught), width), -100)
    for row, (prompt, reply) in enumerate(zip(prompts, replies, strict=True)):
        end = len(prompt) + len(reply)
        token_ids[row, :end] = torch.tensor(prompt + reply)
        targets[row, len(prompt) - 1 : end - 1] = torch.tensor(reply)
    return Batch(token_ids, targets)


class Teaching(NamedTuple):
    """What one batch taught."""

    loss: torch.Tensor
    """Mean cross-entropy over the reply tokens, in nats."""
    n_right: int
    """Digits of the replies that the model would have written, given all that precedes them."""
    n_digits: int


def teach(model: LlamaForCausalLM, batch: Batch, digits: torch.Tensor) -> Teaching:
    """Return the loss of a batch.

    Args:
        model: on its device.
        batch: on the CPU.
        digits: ids of the tokens 0 to 9.
    """
    targets = batch.targets.to(model.device)
    # Padding stands behind every reply, where causal attention never looks: no mask is needed.
    hidden = model.model(input_ids=batch.token_ids.to(model.device), use_cache=False).last_hidden_state
    of_reply = targets != -100
    targets = targets[of_reply]
    logits = model.lm_head(hidden[of_reply]).float()
    is_digit = torch.isin(targets, digits)
    n_right = int(((logits.argmax(dim=-1) == targets) & is_digit).sum())
    return Teaching(torch.nn.functional.cross_entropy(logits, targets), n_right, int(is_digit.sum()))


def learning_rate(step: int, settings: Settings) -> float:
    """Return the rate at a step: a linear rise, then a cosine down to a hundredth of the peak."""
    if step <= settings.warmup_steps:
        return settings.peak_rate * step / settings.warmup_steps
    done = (step - settings.warmup_steps) / max(1, settings.n_steps - settings.warmup_steps)
    return settings.peak_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))


def make_optimizer(model: LlamaForCausalLM, settings: Settings) -> torch.optim.Optimizer:
    """Return AdamW with decay on the matrices only."""
    matrices = [weights for weights in model.parameters() if weights.ndim > 1]
    vectors = [weights for weights in model.parameters() if weights.ndim == 1]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=settings.peak_rate, betas=(0.9, 0.95))


AfterStep = Callable[[int, LlamaForCausalLM, PreTrainedTokenizerFast], object]


def train(settings: Settings, out: Path, device: str, after_step: AfterStep | None = None) -> None:
    """Train and write the model folder.

    Args:
        settings: what the training depends on.
        out: the folder.
        device: of torch.
        after_step: called with every step, the model and its tokenizer; it must leave the model as it was.
    """
    torch.manual_seed(settings.seed)
    tokenizer = train_tokenizer(settings.seed)
    model = make_model(len(tokenizer)).to(device)
    optimizer = make_optimizer(model, settings)
    digits = torch.tensor(tokenizer.convert_tokens_to_ids(list("0123456789")), device=device)
    log = TrainingLog(settings)
    for step, batch in enumerate(batches(settings, tokenizer), start=1):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, settings)
        with torch.autocast("cuda", torch.bfloat16, enabled=device.startswith("cuda")):
            teaching = teach(model, batch, digits)
        optimizer.zero_grad()
        teaching.loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        log.add(step, teaching, int((batch.token_ids != PAD).sum()))
        if after_step is not None:
            after_step(step, model, tokenizer)
    model.cpu().save_pretrained(out)
    tokenizer.save_pretrained(out)
    log.write(out / "training.json", model)


def evaluating(out: Path, every_n_steps: int | None, limit: int = 60) -> AfterStep | None:
    """Return what evaluates the model every so many steps: the curve is in OUT/evaluations/metrics.jsonl."""
    if every_n_steps is None:
        return None
    config = RunConfig(model="rest-nano", levels=(1, 2, 4), limit=limit, temperature=0, max_tokens=600, batch_size=60)

    def log(run: Run, step: int) -> None:
        log_run(run, "jsonl", project=str(out / "evaluations" / "metrics.jsonl"), step=step)
        accuracy = {level: found.accuracy.value for level, found in run.summary.tasks["arithmetic"].levels.items()}
        print(f"step {step}  accuracy by level {accuracy}", flush=True)

    evaluator = CheckpointEvaluator(config, out / "evaluations", every_n_steps=every_n_steps, log=log)

    def after_step(step: int, model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast) -> None:
        evaluator(step, lambda folder: (model.save_pretrained(folder), tokenizer.save_pretrained(folder)))

    return after_step


class TrainingLog:
    """What training.json says: settings, size, and per hundred steps the mean loss and the share of digits right."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._started = time.perf_counter()
        self._n_tokens = 0
        self._recent: list[Teaching] = []
        self._lines: list[dict[str, float]] = []

    def add(self, step: int, teaching: Teaching, n_tokens: int) -> None:
        """Note one step, and say how it goes."""
        self._n_tokens += n_tokens
        self._recent.append(teaching._replace(loss=teaching.loss.detach()))
        if step % 100 == 0 or step == self._settings.n_steps:
            loss = float(torch.stack([each.loss for each in self._recent]).mean())
            digits = sum(each.n_right for each in self._recent) / sum(each.n_digits for each in self._recent)
            line = {"step": step, "loss": round(loss, 4), "digits": round(digits, 5)}
            self._lines.append({**line, "elapsed_s": round(self._elapsed_s())})
            speed = f"{self._n_tokens / self._elapsed_s():,.0f} tokens/s"
            print(f"step {step}/{self._settings.n_steps}  loss {loss:.4f}  digits {digits:.3%}  {speed}", flush=True)
            self._recent = []

    def write(self, path: Path, model: LlamaForCausalLM) -> None:
        """Write the figures."""
        figures = {
            **self._settings._asdict(),
            "n_parameters": sum(weights.numel() for weights in model.parameters()),
            "n_tokens": self._n_tokens,
            "elapsed_s": round(self._elapsed_s()),
            "torch": torch.__version__,
        }
        path.write_text(json.dumps({**figures, "log": self._lines}, indent=1) + "\n", encoding="utf-8")

    def _elapsed_s(self) -> float:
        return time.perf_counter() - self._started


def main() -> None:
    """Read the flags and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the folder to write")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--evaluate-every", type=int, default=None, metavar="STEPS", help="rest-bench on the way")
    flags = parser.parse_args()
    settings = Settings(flags.seed, flags.steps, questions_per_step=96, peak_rate=2e-3, warmup_steps=100)
    train(settings, flags.out, flags.device, evaluating(flags.out, flags.evaluate_every))


if __name__ == "__main__":
    main()
