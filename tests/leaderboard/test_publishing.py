import hashlib
import json
import shutil
from pathlib import Path

import pytest

from rest_bench.errors import ConfigError, StoreError
from rest_bench.leaderboard.answers_file import ANSWERS, SUBMISSION
from rest_bench.leaderboard.publishing import make_submitter, make_traces, publish, publishable_manifest, wall_time_s
from rest_bench.parsing import split_thinking
from rest_bench.schema import AdapterInfo, Endpoint, Invocation, Manifest, Shard, Submission
from rest_bench.store import Run
from tests.leaderboard.build import PUBLISHER, read_lines, read_record
from tests.records import make_manifest


@pytest.fixture
def copy(run: Run, tmp_path: Path) -> Run:
    """The run, to do with as one likes."""
    return Run(shutil.copytree(run.path, tmp_path / "run"))


def change_responses(run: Run, change: object) -> None:
    lines = [json.loads(line) for line in (run.path / "responses.jsonl").read_text().splitlines()]
    change(lines)  # type: ignore[operator]
    (run.path / "responses.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_a_submission_lies_where_its_model_and_its_id_say(submission: Path) -> None:
    record = Submission.model_validate_json((submission / SUBMISSION).read_bytes())
    assert (submission.parent.name, submission.name) == ("org__model", record.submission_id)
    assert sorted(path.name for path in submission.iterdir()) == [ANSWERS, SUBMISSION]


def test_the_thinking_stays_out(submission: Path, run: Run) -> None:
    published = (submission / SUBMISSION).read_text() + json.dumps(read_lines(submission))
    for sample, line in zip(run.samples(), read_lines(submission), strict=True):
        thinking = split_thinking(sample.response)
        assert line["text"] == thinking.final
        if len(thinking.thinking) > 200:
            assert thinking.thinking[:100] not in published
            assert line["thinking"]["sha256"] == hashlib.sha256(thinking.thinking.encode()).hexdigest()


def test_nothing_of_the_submitters_disk_is_in_it(copy: Run, tmp_path: Path) -> None:
    manifest = copy.manifest
    engine = manifest.engine.model_copy(update={"model": str(tmp_path)})
    dressing = manifest.dressing.model_copy(update={"profile": str(tmp_path / "own.yaml")})
    (task,) = manifest.tasks
    changed = manifest.model_copy(
        update={
            "engine": engine,
            "dressing": dressing,
            "tasks": (task.model_copy(update={"template": str(tmp_path / task.template)}),),
        }
    )
    (copy.path / "manifest.json").write_text(changed.model_dump_json())
    folder = publish(copy, tmp_path / "to", PUBLISHER)
    assert str(tmp_path) not in (folder / SUBMISSION).read_text()
    assert read_record(folder)["manifest"]["tasks"][0]["source"] == "local"


def test_data_of_the_hub_may_be_named() -> None:
    manifest = make_manifest()
    task = manifest.tasks[0].model_copy(update={"source": "hub: org/data, config None, split test, revision 1"})
    published = publishable_manifest(manifest.model_copy(update={"tasks": (task,)}), "org/model")
    assert published.tasks[0].source == task.source


def test_where_a_server_stands_and_what_it_says_is_not_published() -> None:
    manifest = make_manifest()
    server = Endpoint(
        address="http://gpu7.internal:8000/v1",
        facts={"root": "/home/me/secret-model"},
        greedy_answer="It is 5.",
        greedy_sha256="0",
        greedy_stable=True,
    )
    (call,) = manifest.invocations
    asked = manifest.model_copy(
        update={
            "engine": manifest.engine.model_copy(update={"endpoints": (server,)}),
            "invocations": (call.model_copy(update={"addresses": (server.address,), "n_asked": 3}),),
        }
    )
    text = publishable_manifest(asked, "org/model").model_dump_json()
    assert not any(word in text for word in ("internal", "secret", "It is 5", "endpoints", "addresses"))


@pytest.mark.parametrize("name", ["model", "/models/org/model", "org/model/more", "org/mo del", "../model", ""])
def test_a_model_without_a_public_name_needs_one(name: str) -> None:
    manifest = make_manifest()
    own = manifest.model_copy(update={"engine": manifest.engine.model_copy(update={"model": name})})
    with pytest.raises(ConfigError, match="--model-id: the board names models organisation/name"):
        publishable_manifest(own, None)
    assert publishable_manifest(own, "org/model").engine.model == "org/model"


def test_a_folder_beside_is_no_public_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models" / "own").mkdir(parents=True)
    manifest = make_manifest()
    own = manifest.model_copy(update={"engine": manifest.engine.model_copy(update={"model": "models/own"})})
    with pytest.raises(ConfigError, match="'own' is none"):
        publishable_manifest(own, None)


@pytest.mark.parametrize(
    ("base", "published"), [("org/base", "org/base"), ("/home/me/base", "base"), ("../models/base", "base")]
)
def test_the_base_of_an_adapter_is_named_without_its_path(base: str, published: str) -> None:
    manifest = make_manifest()
    adapter = AdapterInfo(base_model=base, base_revision="a" * 64, sha256="b" * 64)
    own = manifest.model_copy(update={"engine": manifest.engine.model_copy(update={"adapter": adapter})})
    found = publishable_manifest(own, "org/model").engine.adapter
    assert found == adapter.model_copy(update={"base_model": published})


def test_a_shard_is_no_run() -> None:
    manifest = make_manifest().model_copy(update={"shard": Shard(index=1, count=2)})
    with pytest.raises(StoreError, match="`rest-bench merge` joins"):
        publishable_manifest(manifest, "org/model")


def test_a_part_of_a_run_is_published_only_as_one(run: Run, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"only a part of its samples .* --partial"):
        publish(run, tmp_path, PUBLISHER._replace(partial=False))
    assert list(tmp_path.iterdir()) == []


def test_samples_that_failed_make_a_part(copy: Run, tmp_path: Path) -> None:
    change_responses(copy, lambda lines: lines[0].update(finish_reason="error", text="", error="http://host: gone"))
    folder = publish(copy, tmp_path / "to", PUBLISHER)
    assert read_record(folder)["partial"]
    assert "gone" not in (folder / SUBMISSION).read_text() + json.dumps(read_lines(folder))


def test_a_run_without_responses_is_nothing_to_publish(copy: Run, tmp_path: Path) -> None:
    (copy.path / "responses.jsonl").write_text("")
    with pytest.raises(StoreError, match="holds no response"):
        publish(copy, tmp_path / "to", PUBLISHER)


def test_a_key_in_a_reply_is_never_published(copy: Run, tmp_path: Path) -> None:
    change_responses(copy, lambda lines: lines[0].update(text="\\boxed{1} ghp_" + "a" * 36))
    with pytest.raises(StoreError, match=r"the reply to pack \w+ holds what looks like a GitHub token") as caught:
        publish(copy, tmp_path / "to", PUBLISHER)
    assert "aaaa" not in str(caught.value)


def test_a_key_in_the_settings_is_never_published(copy: Run, tmp_path: Path) -> None:
    manifest = copy.manifest
    dressing = manifest.dressing.model_copy(update={"extra_body": '{"token": "sk-' + "a" * 40 + '"}'})
    (copy.path / "manifest.json").write_text(manifest.model_copy(update={"dressing": dressing}).model_dump_json())
    with pytest.raises(StoreError, match=r"manifest\.json: holds what looks like an OpenAI-like key"):
        publish(copy, tmp_path / "to", PUBLISHER)


def test_a_key_in_an_address_is_never_published(run: Run, tmp_path: Path) -> None:
    traces = make_traces("https://host/r.jsonl?token=hf_" + "a" * 34, "0" * 64)
    with pytest.raises(ConfigError, match="--traces-url, --submitter-url: hold what looks like a Hugging Face token"):
        publish(run, tmp_path, PUBLISHER._replace(traces=traces))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_run_on_other_data_cannot_be_checked_here(copy: Run, tmp_path: Path) -> None:
    manifest = copy.manifest
    task = manifest.tasks[0].model_copy(update={"data_sha256": "0" * 64})
    (copy.path / "manifest.json").write_text(manifest.model_copy(update={"tasks": (task,)}).model_dump_json())
    with pytest.raises(StoreError, match="task arithmetic was run with other data than are here now"):
        publish(copy, tmp_path / "to", PUBLISHER)


def test_a_run_is_published_once(run: Run, submission: Path) -> None:
    with pytest.raises(StoreError, match="published already"):
        publish(run, submission.parents[1], PUBLISHER._replace(submitted_on="2026-02-02"))


def test_numbers_alone_have_no_answers(run: Run, tmp_path: Path) -> None:
    folder = publish(run, tmp_path, PUBLISHER._replace(numbers_only=True))
    assert [path.name for path in folder.iterdir()] == [SUBMISSION]
    assert read_record(folder)["answers"] is None


def test_what_cannot_be_shown_is_one_sentence(run: Run, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"--submitter: 'a\\nb' cannot be published"):
        make_submitter("a\nb", None, "other")
    with pytest.raises(ConfigError, match=r"--submitter-url: 'javascript:1' cannot be published"):
        make_submitter("a", "javascript:1", "other")
    with pytest.raises(ConfigError, match="--traces-url: must be an http"):
        make_traces("file:///etc", "0" * 64)
    with pytest.raises(ConfigError, match="this cannot be published: notes"):
        publish(run, tmp_path, PUBLISHER._replace(notes="a" * 3000))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_time_is_that_of_the_calls_that_ended() -> None:
    invocation = make_manifest().invocations[0]
    ended = invocation.model_copy(
        update={"started_at": "2026-01-01T00:00:00+00:00", "finished_at": "2026-01-01T00:01:30+00:00"}
    )
    cut: Invocation = invocation.model_copy(update={"finished_at": None})
    assert wall_time_s((ended, cut, ended)) == 180.0
    assert wall_time_s((cut,)) is None


def test_the_manifest_is_otherwise_that_of_the_run(submission: Path, run: Run) -> None:
    published = Manifest.model_validate(read_record(submission)["manifest"])
    assert published.sampling == run.manifest.sampling
    for mine, theirs in zip(published.invocations, run.manifest.invocations, strict=True):
        assert mine == theirs.model_copy(update={"platform": mine.platform})
        assert mine.platform in {"Linux", "macOS", "Windows"}
