"""What another package adds to rest-bench, broken in every way."""

from pathlib import Path

NO_SUCH_FILE = Path(__file__).parent / "no-such-task.yaml"
SOMETHING = "a text"
