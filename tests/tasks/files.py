"""Task files for the tests, written as a user writes them."""

from pathlib import Path
from textwrap import dedent

TOY_ROWS = """
{"id": "a", "question": "What is 1 + 1?", "answer": "2"}
{"id": "b", "question": "What is 2 + 2?", "answer": "4"}
{"id": "c", "question": "What is 3 + 3?", "answer": "6"}
"""


def write(folder: Path, name: str, text: str) -> Path:
    """Write a text without its common indent, and return where it lies."""
    path = folder / name
    path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return path


def task_yaml(local: str, **keys: str) -> str:
    """Return the smallest task file with this `local:` mapping and these keys changed or added."""
    lines = {
        "name": "toy",
        "title": "Toy",
        "answer_type": "integer",
        "levels": "[1, 3]",
        "repeats": "1",
        "template": "rest_math",
        "source": f"{{local: {{{local}}}}}",
        **keys,
    }
    return "".join(f"{key}: {value}\n" for key, value in lines.items())
