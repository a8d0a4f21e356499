"""The scorer in the real inspect_ai, with a local server as the model."""

import gc
import json
import re
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from rest_bench.errors import StoreError
from rest_bench.importing import Wanted, open_inspect_log
from rest_bench.pipeline import import_log
from rest_bench.store import Run

pytestmark = [pytest.mark.integrations, pytest.mark.timeout(300), pytest.mark.filterwarnings("default")]


def answer(request: Request) -> Response:
    """Solve all but the last question; split the thinking off; run out of tokens where a question holds a 7."""
    prompt = json.loads(request.data)["messages"][-1]["content"]
    sums = re.findall(r"What is (.+)\?", prompt)
    boxes = [f"Q{k}: \\boxed{{{eval(each)}}}" for k, each in enumerate(sums[:-1], start=1)]  # noqa: S307 (our own sums)
    is_cut = "7" in "".join(sums)
    message = {
        "role": "assistant",
        "content": "" if is_cut else "\n".join(boxes),
        "reasoning_content": "Q1: let me see.\n" * 10,
    }
    body = {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "length" if is_cut else "stop"}],
        "usage": {"prompt_tokens": 30, "completion_tokens": 50, "total_tokens": 80},
    }
    return Response(json.dumps(body), content_type="application/json")


@pytest.fixture
def log(httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    from inspect_ai import eval as evaluate

    from rest_bench.integrations.inspect_ai.tasks import rest

    httpserver.expect_request("/v1/chat/completions", method="POST").respond_with_handler(answer)
    monkeypatch.setenv("LOCAL_API_KEY", "none")
    monkeypatch.setenv("LOCAL_BASE_URL", httpserver.url_for("/v1"))
    (found,) = evaluate(
        rest(level=3, limit=30, repeats=2),
        model="openai-api/local/m",
        log_dir=str(tmp_path / "logs"),
        display="none",
        max_tokens=50,
    )
    assert found.status == "success", found.error
    gc.collect()  # what it leaves open is complained of here, where that is ignored
    return found


@pytest.fixture
def run(log: Any, tmp_path: Path) -> Run:
    found = import_log(open_inspect_log([tmp_path / "logs"]), Wanted(), tmp_path / "run")
    assert (found.n_samples, found.n_missing, found.n_foreign, found.n_twice) == (60, 0, 0, 0)
    return found.run


def metrics(log: Any) -> dict[str, dict[str, float]]:
    """Return the metrics of each value: those of all replies and those of means over epochs stand apart in a log."""
    found: dict[str, dict[str, float]] = {}
    for score in log.results.scores:
        named = {name.split("/")[-1]: metric.value for name, metric in score.metrics.items()}
        found.setdefault(score.name, {}).update(named)
    return found


def test_every_metric_is_the_one_of_our_run_and_so_are_the_clustered_errors(log: Any, run: Run) -> None:
    found, level = metrics(log), run.summary.tasks["arithmetic"].levels["3"]
    assert found["acc"]["mean"] == pytest.approx(level.accuracy.value)
    assert found["acc"]["question_stderr"] == pytest.approx(level.accuracy.se)
    assert found["paper"]["mean"] == pytest.approx(level.accuracy_paper.value)
    assert [found[f"acc_pos{position}"]["mean"] for position in (1, 2, 3)] == pytest.approx(level.position_accuracy)
    assert found["truncated"]["mean"] == pytest.approx(level.truncation_rate)
    assert 0 < found["truncated"]["mean"] < 1
    assert found["acc_pos3"]["mean"] == 0.0
    assert found["answered"]["mean"] == pytest.approx(level.completion)


def test_reasoning_is_kept_and_counts_as_thinking(log: Any, run: Run) -> None:
    (sample, *_) = log.samples
    assert sample.output.choices[0].message.content[0].type == "reasoning"
    responses = [each.response for each in run.samples()]
    assert {response.reasoning for response in responses} == {"Q1: let me see.\n" * 10}
    assert {response.finish_reason for response in responses} == {"stop", "length"}
    assert {response.completion_tokens for response in responses} == {50}
    assert metrics(log)["think_tokens_pos1"]["mean"] > 0


def test_what_a_viewer_shows_of_a_sample_says_how_each_answer_was_found(log: Any) -> None:
    score = next(sample.scores["rest"] for sample in log.samples if sample.output.stop_reason == "stop")
    assert re.fullmatch(r"Q1: -?\d+\nQ2: -?\d+\nQ3: None", score.answer)
    assert score.explanation == "Q1: correct, found by label\nQ2: correct, found by label\nQ3: omitted, found by none"


def test_the_run_says_what_it_was_made_with(run: Run) -> None:
    manifest = run.manifest
    assert manifest.engine.engine == "inspect_ai"
    assert re.match(r"inspect_ai [\d.]+", manifest.engine.engine_version)
    assert manifest.engine.model == "openai-api/local/m"
    assert (manifest.sampling.temperature, manifest.sampling.max_tokens) == (0.6, 50)
    assert "not known: imported from logs" in manifest.invocations[0].hardware


def refuse(path: Path, tmp_path: Path) -> str:
    with pytest.raises(StoreError) as caught:
        import_log(open_inspect_log([path]), Wanted(), tmp_path / "refused")
    assert not (tmp_path / "refused").exists()
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_a_cut_log_is_one_sentence(log: Any, tmp_path: Path, share: float) -> None:
    from inspect_ai.log import write_eval_log

    write_eval_log(log, str(tmp_path / "whole.json"))
    archive = next((tmp_path / "logs").glob("*.eval"))
    for whole in (tmp_path / "whole.json", archive):
        content = whole.read_bytes()
        cut = tmp_path / f"cut{whole.suffix}"
        cut.write_bytes(content[: int(len(content) * share)])
        assert f"{cut.name}: cannot be read as a log of inspect_ai" in refuse(cut, tmp_path)


def test_a_log_that_is_not_whole_gives_what_it_holds(
    log: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from inspect_ai.log import write_eval_log

    write_eval_log(log, str(tmp_path / "whole.json"))
    said = json.loads((tmp_path / "whole.json").read_text())
    said["status"], said["samples"] = "cancelled", said["samples"][:10]
    said["samples"][0]["output"]["choices"] = []
    said["samples"][1]["output"]["choices"][0]["stop_reason"] = "content_filter"
    (tmp_path / "cancelled.json").write_text(json.dumps(said))
    with caplog.at_level("WARNING", logger="rest_bench"):
        found = import_log(open_inspect_log([tmp_path / "cancelled.json"]), Wanted(), tmp_path / "run")
    assert "is the log of a run with status cancelled; what it holds is imported" in caplog.text
    assert (found.n_samples, found.n_errors) == (10, 2)
    assert {each.response.error for each in found.run.samples()} == {
        None,
        "the log holds no output of the model",
        "the provider's content filter ended the reply; use a provider without one",
    }


def test_a_log_without_samples_or_their_ids_is_one_sentence(log: Any, tmp_path: Path) -> None:
    from inspect_ai.log import write_eval_log

    write_eval_log(log, str(tmp_path / "whole.json"))
    path = tmp_path / "changed.json"
    said = json.loads((tmp_path / "whole.json").read_text())
    path.write_text(json.dumps({**said, "samples": []}))
    assert "changed.json: holds no sample" in refuse(path, tmp_path)
    del said["eval"]["dataset"]["sample_ids"]
    path.write_text(json.dumps(said))
    assert "changed.json: names no sample ids; read it with inspect_ai's read_eval_log" in refuse(path, tmp_path)


def test_a_file_that_is_no_log_is_told(tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text('{"a": 1}')
    (tmp_path / "log.eval").write_bytes(b"PK no")
    for name in ("log.json", "log.eval"):
        with pytest.raises(StoreError, match=f"{name}: cannot be read as a log of inspect_ai"):
            open_inspect_log([tmp_path / name])
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match="holds no log of inspect_ai"):
        open_inspect_log([tmp_path / "empty"])
    with pytest.raises(StoreError, match="no such log"):
        open_inspect_log([tmp_path / "nowhere"])
