"""From the command to the first page: in an empty directory, where the demo county is settled first, and once more with what is there."""

import shutil
import tempfile
import time
from pathlib import Path
from statistics import median

from . import counties, report
from .served import serving

FIRST, SECOND = 15, 4  # seconds at most


def measure(small, large, wanted, *, rounds=2):
    """Yields both figures. What `make run` does before it, setting up Python's environment, is not in them."""
    if not any(map(wanted, ("first_start", "second_start"))):
        return
    taken = {"first_start": [], "second_start": []}
    for _ in range(rounds):
        folder = Path(tempfile.mkdtemp(prefix="start-", dir=counties.HOME))
        for seconds in taken.values():
            begun = time.perf_counter()
            with serving(folder):
                seconds.append(time.perf_counter() - begun)
        shutil.rmtree(folder)
    yield report.within("first_start", median(taken["first_start"]), "s", FIRST)
    yield report.within("second_start", median(taken["second_start"]), "s", SECOND)
