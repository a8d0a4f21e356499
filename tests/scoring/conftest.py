"""One judge for all tests of this folder: its worker processes take a second to start."""

from collections.abc import Iterator

import pytest

from rest_bench.scoring import Judge


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    with Judge(workers=1, timeout_s=30) as judge:
        yield judge
