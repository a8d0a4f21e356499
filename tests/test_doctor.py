from importlib.metadata import PackageNotFoundError, version

import pytest

from rest_bench import doctor


def test_what_works_here_is_said_to_work() -> None:
    findings = {finding.part: finding for finding in doctor.examine()}
    assert findings["python"].works
    assert findings["math-verify"].detail.startswith("0.9")
    assert findings["engine replay"].works
    assert findings["engine openai"].detail == f"openai {version('openai')}, needs --base-url URL"


def test_a_missing_package_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda _name: None)
    findings = {finding.part: finding for finding in doctor.examine()}
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


def test_an_installed_vllm_is_found_by_its_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda _name: object())
    assert {finding.part: finding.works for finding in doctor.examine()}["engine vllm"]


def test_a_package_that_is_not_there_is_found_missing() -> None:
    assert not doctor._package("no-such-package-anywhere", "install it").works
