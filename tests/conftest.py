"""What holds for all tests."""

import os

from hypothesis import settings

# Workers run side by side, one to a core: threads of their own would wait for each other.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

settings.register_profile("rest-bench", deadline=None)  # how fast a machine is says nothing about the code
settings.load_profile("rest-bench")
