import json
import logging
from pathlib import Path

from rest_bench.store import log_to


def test_what_is_logged_stands_in_log_jsonl(tmp_path: Path) -> None:
    logger = logging.getLogger("rest_bench.anything")
    with log_to(tmp_path / "log.jsonl"):
        logger.warning("%s was cut", "prompt")
    logger.warning("not any more")
    (line,) = (tmp_path / "log.jsonl").read_text().splitlines()
    assert json.loads(line)["message"] == "prompt was cut"
