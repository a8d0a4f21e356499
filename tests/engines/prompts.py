"""Prompts as the pipeline hands them to an engine."""

from rest_bench.schema import Message, Prompt


def make_prompt(number: int, text: str = "hello", repeat: int = 0) -> Prompt:
    """Return the prompt of one sample; its ids and its seed follow from `number`."""
    return Prompt(
        pack_id=f"{number:016x}",
        task="toy",
        level=2,
        repeat=repeat,
        answer_type="integer",
        messages=(Message(role="user", content=text),),
        sha256=f"{number:064x}",
        sample_id=f"sample-{number}",
        seed=2**62 + number,
    )
