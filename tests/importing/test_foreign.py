import pytest
from pydantic import ValidationError

from rest_bench.importing.foreign import Packed


def test_a_log_cannot_say_more_of_its_packs_than_is_known() -> None:
    assert Packed(task="arithmetic", level=2).design == "cyclic"
    for fields in ({"level": 0}, {"design": "circular"}, {"command": "rm"}, {"repeats": 0}, {"limit": -1}):
        with pytest.raises(ValidationError):
            Packed.model_validate({"task": "arithmetic", "level": 2, **fields})
