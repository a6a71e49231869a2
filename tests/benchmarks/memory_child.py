"""A process of its own for the memory of a run: ``python -m tests.benchmarks.memory_child HOME BARS``, prints megabytes."""

import resource
import sys
from pathlib import Path

from tests.benchmarks.house import in_house
from tests.benchmarks.reference import ReferenceWork, series_from

_STATUS = Path("/proc/self/status")


def highest_mb() -> float:
    """Return the most memory that this process ever had.

    Linux hands the mark of `getrusage` down from the parent that started us; the kernel's own is ours alone.
    """
    if _STATUS.is_file():
        line = next(line for line in _STATUS.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return highest / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Run the reference work over bars that lie on the disk; imports, but not the bars, are taken off."""
    home, bars = map(Path, sys.argv[1:])
    before = highest_mb()
    in_house(ReferenceWork.found_in(home), series_from(bars))()
    print(highest_mb() - before)  # noqa: T201


if __name__ == "__main__":
    main()
