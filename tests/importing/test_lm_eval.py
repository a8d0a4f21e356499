import json
import logging
from pathlib import Path
from typing import Any

import pytest

from rest_bench.errors import StoreError
from rest_bench.importing import Wanted, open_lm_eval_log
from rest_bench.importing.foreign import ForeignSample, Packed
from rest_bench.pipeline import Imported, import_log
from tests.importing.logs import DATE, GREEDY, lm_eval_line, planned, right, text_of, write_lm_eval

RESULTS = {
    "lm_eval_version": "0.4.13",
    "model_source": "hf",
    "model_name": "org/model",
    "chat_template_sha": "abc",
    "config": {
        "model": "hf",
        "model_args": {"pretrained": "org/model", "dtype": "bfloat16"},
        "model_revision": "main",
        "model_sha": "0123",
        "model_dtype": "torch.bfloat16",
    },
}


def imported(folder: Path, tmp_path: Path, **wanted: Any) -> Imported:
    settings = {"tasks": ("arithmetic",), "levels": (2,), "limit": 5, **wanted}
    return import_log(open_lm_eval_log(folder), Wanted(**settings), tmp_path / "run")


def samples(folder: Path) -> list[ForeignSample]:
    return list(open_lm_eval_log(folder).samples())


# --- anybody's samples ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "template",
    ["{}", "<|user|>{}<|end|><|assistant|>", "<s>[INST] {} [/INST]", "Solve.\n\n{}\n\nAnswer:"],
    ids=["plain", "chat", "inst", "words"],
)
def test_prompts_are_found_behind_whatever_template(tmp_path: Path, template: str) -> None:
    lines = [lm_eval_line(k, template.format(text_of(each)), [right(each)]) for k, each in enumerate(planned())]
    found = imported(write_lm_eval(tmp_path / "log", lines[::-1]), tmp_path)
    assert (found.n_samples, found.n_missing, found.n_foreign, found.n_twice) == (5, 0, 0, 0)
    assert found.run.summary.tasks["arithmetic"].levels["2"].accuracy.value == 1.0


def test_chat_messages_of_an_api_are_prompts(tmp_path: Path) -> None:
    def context(text: str) -> list[str]:
        return [json.dumps([{"role": "system", "content": "Be brief."}, {"role": "user", "content": text}])]

    lines = [lm_eval_line(k, context(text_of(each)), [right(each)]) for k, each in enumerate(planned())]
    assert imported(write_lm_eval(tmp_path / "log", lines), tmp_path).n_samples == 5


def test_replies_of_one_document_are_repeats(tmp_path: Path) -> None:
    lines = [lm_eval_line(k, text_of(each), [right(each), "", right(each)]) for k, each in enumerate(planned())]
    found = imported(write_lm_eval(tmp_path / "log", lines), tmp_path)
    level = found.run.summary.tasks["arithmetic"].levels["2"]
    assert (found.n_samples, level.repeats, level.n_packs) == (15, 3, 15)
    assert level.accuracy.value == pytest.approx(2 / 3)


def test_documents_that_ask_the_same_are_repeats(tmp_path: Path) -> None:
    asked = [each for each in planned() for _ in range(2)]
    lines = [lm_eval_line(k, text_of(each), [right(each) if k % 2 else ""]) for k, each in enumerate(asked)]
    level = imported(write_lm_eval(tmp_path / "log", lines), tmp_path).run.summary.tasks["arithmetic"].levels["2"]
    assert (level.repeats, level.accuracy.value) == (2, 0.5)


def test_levels_are_found_by_their_prompts(tmp_path: Path) -> None:
    lines = [
        lm_eval_line(k, text_of(each), [right(each)]) for k, each in enumerate([*planned(2), *planned(1), *planned(4)])
    ]
    found = imported(write_lm_eval(tmp_path / "log", lines), tmp_path, levels=())
    assert sorted(found.run.summary.tasks["arithmetic"].levels) == ["1", "2", "4"]
    assert found.n_missing == 0


def test_prompts_of_others_are_counted_and_left(tmp_path: Path) -> None:
    theirs = [lm_eval_line(100 + k, f"Q1: What is {k}?", ["?"]) for k in range(7)]
    ours = [lm_eval_line(k, text_of(each), [right(each)]) for k, each in enumerate(planned())]
    found = imported(write_lm_eval(tmp_path / "log", theirs + ours), tmp_path)
    assert (found.n_samples, found.n_foreign) == (5, 7)


def test_a_log_without_any_prompt_of_ours_says_how_to_name_them(tmp_path: Path) -> None:
    log = write_lm_eval(tmp_path / "log", [lm_eval_line(0, "What is love?", ["?"])])
    with pytest.raises(StoreError, match="none of its 1 prompts is one of rest-bench's; say with --tasks, --levels"):
        imported(log, tmp_path)
    assert not (tmp_path / "run").exists()


def test_what_is_missing_of_a_level_is_counted(tmp_path: Path) -> None:
    lines = [lm_eval_line(k, text_of(each), [right(each)]) for k, each in enumerate(planned()[:3])]
    found = imported(write_lm_eval(tmp_path / "log", lines), tmp_path)
    assert (found.n_samples, found.n_missing) == (3, 2)
    assert found.run.summary.config.partial


def test_a_log_read_twice_counts_once(tmp_path: Path) -> None:
    lines = [lm_eval_line(k, text_of(each), [right(each)]) for k, each in enumerate(planned())]
    imported(write_lm_eval(tmp_path / "log", lines[:2]), tmp_path)
    found = imported(write_lm_eval(tmp_path / "log", lines), tmp_path)
    assert len((found.run.path / "responses.jsonl").read_text().splitlines()) == 5


# --- what is known of a reply -----------------------------------------------------------------------------------------


def test_what_lm_eval_does_not_log_is_not_known(tmp_path: Path) -> None:
    first = planned()[0]
    log = write_lm_eval(tmp_path / "log", [lm_eval_line(0, text_of(first), ["<think>\nQ1: 1 + 1"])])
    found = imported(log, tmp_path)
    (line,) = map(json.loads, (found.run.path / "responses.jsonl").read_text().splitlines())
    assert [line[name] for name in ("finish_reason", "completion_tokens", "line_tokens", "seed")] == [None] * 4
    level = found.run.summary.tasks["arithmetic"].levels["2"]
    assert level.truncation_rate is None
    assert level.undefined["truncation_rate"] == "nobody noted how the responses ended"
    assert level.outcomes["truncated"] == 1.0  # it never left its thinking


def test_a_prompt_that_opens_the_thinking_is_noticed(tmp_path: Path) -> None:
    context = f"<|user|>{text_of(planned()[0])}<|assistant|><think>\n"
    log = write_lm_eval(tmp_path / "log", [lm_eval_line(0, context, ["Q1: \\boxed{1} Q2: \\boxed{2}"])])
    (line,) = map(json.loads, (imported(log, tmp_path).run.path / "responses.jsonl").read_text().splitlines())
    assert line["thinking_prefilled"]


def test_lines_for_further_filters_are_the_same_replies(tmp_path: Path) -> None:
    lines = [
        lm_eval_line(k, text_of(each), [right(each)], filter=name)
        for k, each in enumerate(planned())
        for name in ("strict-match", "flexible-extract")
    ]
    found = imported(write_lm_eval(tmp_path / "log", lines), tmp_path)
    assert (found.n_samples, found.n_twice) == (5, 0)


# --- replies that are none, and damaged lines -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resps", "error"),
    [
        ([[None]], "lm-eval logged null in place of a reply"),
        ([[]], "lm-eval logged null in place of a reply"),
        ([], "lm-eval logged null in place of a reply"),
        (None, "lm-eval logged null in place of a reply"),
        ({}, "lm-eval logged null in place of a reply"),
        ([None], "lm-eval logged null in place of a reply"),
        ([[7]], "lm-eval logged a int in place of a reply"),
        ([[["x"]]], "lm-eval logged a list in place of a reply"),
        ([[float("nan")]], "lm-eval logged a float in place of a reply"),
        ([[{"text": "x"}]], "lm-eval logged a dict in place of a reply"),
    ],
)
def test_a_reply_that_is_no_text_is_one_error_and_the_rest_is_imported(tmp_path: Path, resps: Any, error: str) -> None:
    lines = [lm_eval_line(k, text_of(each), [right(each)]) for k, each in enumerate(planned())]
    lines[0]["resps"] = resps
    found = imported(write_lm_eval(tmp_path / "log", lines), tmp_path)
    assert (found.n_samples, found.n_errors, found.n_missing) == (5, 1, 0)
    assert [each.response.error for each in found.run.samples()] == [error, None, None, None, None]
    assert found.run.summary.tasks["arithmetic"].levels["2"].outcomes["error"] == pytest.approx(0.2)


def test_one_of_several_repeats_may_be_none(tmp_path: Path) -> None:
    lines = [lm_eval_line(k, text_of(each), [right(each), right(each)]) for k, each in enumerate(planned())]
    lines[2]["resps"][0][1] = None
    found = imported(write_lm_eval(tmp_path / "log", lines), tmp_path)
    assert (found.n_samples, found.n_errors) == (10, 1)


def test_an_empty_reply_is_a_reply(tmp_path: Path) -> None:
    lines = [lm_eval_line(k, text_of(each), [""]) for k, each in enumerate(planned())]
    found = imported(write_lm_eval(tmp_path / "log", lines), tmp_path)
    assert (found.n_samples, found.n_errors) == (5, 0)
    assert found.run.summary.tasks["arithmetic"].levels["2"].outcomes["omitted"] == 1.0


def test_replies_may_stand_in_a_list_of_their_own(tmp_path: Path) -> None:
    lines = [
        lm_eval_line(k, text_of(each), [], resps=[right(each)], filtered_resps=[["no"], "shape"])
        for k, each in enumerate(planned())
    ]
    assert imported(write_lm_eval(tmp_path / "log", lines), tmp_path).n_samples == 5


@pytest.mark.parametrize(
    "damage",
    [
        b'{"doc_id": 1, "doc": {"quest',
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b'{"arguments": [5], "resps": [["x"]]}',
        b'{"arguments": {"gen_args_0": {"arg_0": "x", "arg_1": null}}}',
    ],
)
@pytest.mark.parametrize("place", [0, 2, 5])
def test_a_damaged_line_costs_itself_and_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: bytes, place: int
) -> None:
    lines = [lm_eval_line(k, text_of(each), [right(each)]) for k, each in enumerate(planned())]
    (path,) = write_lm_eval(tmp_path / "log", lines).iterdir()
    raw = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([*raw[:place], damage, *raw[place:]]))
    with caplog.at_level(logging.WARNING, logger="rest_bench"):
        assert imported(tmp_path / "log", tmp_path).n_samples == 5
    assert [record.message for record in caplog.records] == [
        f"{path}: 1 lines are left out; the first: " + record.message.partition("the first: ")[2]
        for record in caplog.records
    ]
    assert f"line {place + 1}: " in caplog.text


def test_a_cut_file_of_our_own_tasks_gives_what_it_holds(tmp_path: Path) -> None:
    lines = [
        lm_eval_line(k, text_of(each), [right(each)], doc=each.pack.model_dump(exclude={"problems"}))
        for k, each in enumerate(planned())
    ]
    (path,) = write_lm_eval(tmp_path / "log", lines, task="rest_arithmetic_s2").iterdir()
    path.write_bytes(path.read_bytes()[:-300])
    found = imported(tmp_path / "log", tmp_path, tasks=(), levels=())
    assert (found.n_samples, found.n_missing) == (4, 1)


def test_lines_without_a_number_are_all_read(tmp_path: Path) -> None:
    lines = [{**lm_eval_line(0, text_of(each), [right(each)]), "doc_id": None} for each in planned()]
    assert imported(write_lm_eval(tmp_path / "log", lines), tmp_path).n_samples == 5
    listed = [{**lm_eval_line(0, text_of(each), ["x"]), "doc_id": [k]} for k, each in enumerate(planned())]
    assert len(samples(write_lm_eval(tmp_path / "other", listed))) == 5


@pytest.mark.parametrize("said", [7, {"finish_reason": "novel"}, {"seed": "x"}, {"novel": 1}])
def test_what_an_export_says_of_a_reply_is_checked(tmp_path: Path, said: Any) -> None:
    doc = {**planned()[0].pack.model_dump(exclude={"problems"}), "reply": said}
    log = write_lm_eval(tmp_path / "log", [lm_eval_line(0, text_of(planned()[0]), ["x"], doc=doc)])
    with pytest.raises(StoreError, match=r"line 1: doc\.reply"):
        samples(log)


# --- what the log says of itself --------------------------------------------------------------------------------------


def test_model_and_settings_are_those_of_the_results_file(tmp_path: Path) -> None:
    sampled = {**GREEDY, "do_sample": True, "temperature": 0.7, "top_p": 0.9, "max_gen_toks": 99}
    arguments = {"gen_args_0": {"arg_0": text_of(planned()[0]), "arg_1": sampled}}
    line = lm_eval_line(0, "", ["x"], arguments=arguments)
    log = open_lm_eval_log(write_lm_eval(tmp_path / "log", [line], results=RESULTS))
    assert (log.info.engine, log.info.engine_version) == ("lm-eval", "lm_eval 0.4.13, hf")
    assert (log.info.model, log.info.revision, log.info.dtype) == ("org/model", "0123", "bfloat16")
    assert log.info.chat_template_sha256 == "abc"
    assert (log.sampling.temperature, log.sampling.top_p, log.sampling.max_tokens) == (0.7, 0.9, 99)
    assert log.packed == ()


def test_without_a_results_file_the_folder_names_the_model(tmp_path: Path) -> None:
    log = open_lm_eval_log(write_lm_eval(tmp_path / "their__model", [lm_eval_line(0, "x", ["y"])]))
    assert log.info.model == "their__model"
    assert log.sampling.temperature == 0.0


def test_logs_with_the_metric_names_of_before_are_imported(tmp_path: Path) -> None:
    """Metrics were called `acc` and the like until lm-eval's own got in their way."""
    lines = [
        lm_eval_line(k, text_of(each), [right(each)], acc=1.0, acc_pos1=1.0, metrics=["acc", "acc_pos1"])
        for k, each in enumerate(planned())
    ]
    results = {**RESULTS, "results": {"rest_arithmetic_s2": {"acc,none": 1.0}}}
    log = write_lm_eval(tmp_path / "log", lines, "rest_arithmetic_s2", results)
    assert imported(log, tmp_path).run.summary.tasks["arithmetic"].levels["2"].accuracy.value == 1.0


@pytest.mark.parametrize(
    "results",
    [
        {"config": [], "configs": 5},
        {"config": {"model_args": 5}, "configs": {"theirs": []}},
        {"configs": {"theirs": {"metadata": "x"}}, "system_instruction": 7},
    ],
)
def test_a_results_file_of_another_shape_says_nothing(tmp_path: Path, results: dict[str, Any]) -> None:
    log = open_lm_eval_log(write_lm_eval(tmp_path / "their__model", [lm_eval_line(0, "x", ["y"])], results=results))
    assert (log.info.model, log.packed) == ("their__model", ())


def test_chat_messages_may_be_a_list(tmp_path: Path) -> None:
    context = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "the prompt"}]
    (sample,) = samples(write_lm_eval(tmp_path / "log", [lm_eval_line(0, context, ["y"])]))
    assert sample.prompt == "Be brief.\n\nthe prompt"


def test_arguments_may_be_the_older_list_and_model_arguments_text(tmp_path: Path) -> None:
    line = lm_eval_line(0, "", ["y"], arguments=[["the prompt", {**GREEDY, "max_gen_toks": 7}]])
    config = {"config": {"model": "hf", "model_args": "pretrained=org/other,dtype=float32"}}
    log = open_lm_eval_log(write_lm_eval(tmp_path / "log", [line], results=config))
    assert (log.info.model, log.info.dtype, log.sampling.max_tokens) == ("org/other", "float32", 7)
    assert [sample.prompt for sample in log.samples()] == ["the prompt"]


@pytest.mark.parametrize(
    ("model_args", "arguments", "held"),
    [
        ({"pretrained": "org/model", "dtype": "bfloat16", "batch_size": 4}, None, None),
        ({"pretrained": "org/model", "load_in_4bit": True}, '{"load_in_4bit": true}', "bitsandbytes 4-bit"),
        ("pretrained=org/model,load_in_8bit=True", '{"load_in_8bit": "True"}', "bitsandbytes 8-bit"),
        ({"pretrained": "org/model", "max_length": 4096}, '{"max_length": 4096}', None),
    ],
)
def test_what_replies_depend_on_is_taken_over(
    tmp_path: Path, model_args: object, arguments: str | None, held: str | None
) -> None:
    config = {"config": {"model": "hf", "model_args": model_args}}
    info = open_lm_eval_log(write_lm_eval(tmp_path / "log", [lm_eval_line(0, "x", ["y"])], results=config)).info
    assert (info.arguments, info.weights_format) == (arguments, held)


def test_our_own_tasks_say_how_they_were_packed(tmp_path: Path) -> None:
    doc = {"pack_id": "0" * 16, "task": "arithmetic", "level": 2, "design": "shuffled", "seed": 3, "repeat": 0}
    line = lm_eval_line(0, "x", ["y"], doc=doc)
    log = open_lm_eval_log(write_lm_eval(tmp_path / "a", [line]))
    assert log.packed == (Packed(task="arithmetic", level=2, design="shuffled", seed=3),)
    said = {"rest_arithmetic_s2": {"metadata": {"rest_bench": {"task": "arithmetic", "level": 2, "limit": 9}}}}
    log = open_lm_eval_log(write_lm_eval(tmp_path / "b", [line], "rest_arithmetic_s2", {"configs": said}))
    assert log.packed == (Packed(task="arithmetic", level=2, limit=9),)


def test_other_data_than_ours_is_refused(tmp_path: Path) -> None:
    first = planned()[0]
    doc = first.pack.model_dump(include={"pack_id", "task", "level", "design", "seed", "repeat"})
    log = write_lm_eval(tmp_path / "log", [lm_eval_line(0, "Q1: What is 2 + 2?", ["4"], doc=doc)])
    with pytest.raises(StoreError, match="line 1: its prompt is not that of pack"):
        imported(log, tmp_path)


def test_stop_words_are_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    arguments = {"gen_args_0": {"arg_0": "x", "arg_1": {**GREEDY, "until": ["\n\n"]}}}
    with caplog.at_level(logging.WARNING, logger="rest_bench"):
        open_lm_eval_log(write_lm_eval(tmp_path / "log", [lm_eval_line(0, "", ["y"], arguments=arguments)]))
    assert "replies were cut at ['\\n\\n'], which may cut thinking short" in caplog.text


# --- files ------------------------------------------------------------------------------------------------------------


def test_the_newest_file_of_a_task_counts_and_older_ones_are_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_lm_eval(tmp_path / "log", [lm_eval_line(0, "old", ["old"])], date=DATE)
    write_lm_eval(tmp_path / "log", [lm_eval_line(0, "new", ["new"])], date=DATE.replace("2026", "2027"))
    with caplog.at_level(logging.WARNING, logger="rest_bench"):
        assert [sample.prompt for sample in samples(tmp_path / "log")] == ["new"]
    assert "1 older files of the same tasks are left out" in caplog.text


def test_several_models_are_refused_by_name(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_lm_eval(tmp_path / "log" / name, [lm_eval_line(0, "x", ["y"])])
    with pytest.raises(StoreError, match=r"samples of 2 models; give one of .*log/one, .*log/two"):
        open_lm_eval_log(tmp_path / "log")


def test_tasks_under_other_settings_are_refused(tmp_path: Path) -> None:
    for tokens in (5, 6):
        arguments = {"gen_args_0": {"arg_0": "x", "arg_1": {**GREEDY, "max_gen_toks": tokens}}}
        write_lm_eval(tmp_path / "log", [lm_eval_line(0, "", ["y"], arguments=arguments)], task=f"task{tokens}")
    with pytest.raises(StoreError, match=r"its tasks differ in max_tokens \(5 and 6\); a run has one"):
        open_lm_eval_log(tmp_path / "log")
    one = tmp_path / "log" / f"samples_task5_{DATE}.jsonl"
    assert open_lm_eval_log(one).sampling.max_tokens == 5


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "holds no sample"),
        ("{", "line 1: is not JSON"),
        ("[1]\n", "line 1: is no JSON object"),
        ("{}\n", "line 1: holds no request with generation settings"),
        (json.dumps(lm_eval_line(0, "x", [], arguments=[["x", " y"]])), "holds no request with generation settings"),
        ("[" * 100_000, "line 1: is not JSON"),
    ],
)
def test_a_damaged_file_is_told_by_its_line(tmp_path: Path, content: str, sentence: str) -> None:
    path = write_lm_eval(tmp_path / "log", []) / f"samples_theirs_{DATE}.jsonl"
    path.write_text(content)
    with pytest.raises(StoreError, match=sentence):
        samples(path)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"resps": None}, "holds no `resps`; run lm_eval with --log_samples"),
        ({"resps": [[[-1.0, True]]]}, "a reply is no text, so this is no task that generates"),
    ],
)
def test_samples_that_are_no_generation_are_refused(tmp_path: Path, fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence):
        samples(write_lm_eval(tmp_path / "log", [lm_eval_line(0, "x", ["y"], **fields)]))


def test_a_results_file_that_is_no_json_is_told(tmp_path: Path) -> None:
    folder = write_lm_eval(tmp_path / "log", [lm_eval_line(0, "x", ["y"])])
    (folder / f"results_{DATE}.json").write_text("NaN, but not only")
    with pytest.raises(StoreError, match="cannot be read as JSON"):
        open_lm_eval_log(folder)
