"""Kill -9 while flows are written: what was acknowledged is there, and the file is sound."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.journal.queries import SqliteJournalReader
from tests.support.journals import tick_id
from tests.support.tree import ROOT

pytestmark = pytest.mark.unit

# Prints the number of a flow only after the journal said that it is on disk.
WRITER = """
import sys
from pathlib import Path
from itertools import count
from tests.support.journals import a_journal, a_rejected_flow, quiet_ticks, tick_id

journal = a_journal(Path(sys.argv[1]), block_size=int(sys.argv[2]))
for number in count():
    quiet_ticks(journal, range(3 * number, 3 * number + 2))
    journal.flow(a_rejected_flow(tick_id(3 * number + 2)))
    if number % int(sys.argv[3]) == 0:
        journal.commit()
        print(number, flush=True)
"""


@pytest.mark.parametrize(("block_size", "commit_every"), [(1, 1), (4096, 7)])
def test_every_acknowledged_commit_survives_kill_9(tmp_path: Path, block_size: int, commit_every: int) -> None:
    path = tmp_path / "session.db"
    command = [sys.executable, "-c", WRITER, str(path), str(block_size), str(commit_every)]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(60)]
        process.kill()
        acknowledged += [int(line) for line in process.stdout.read().splitlines()]

    last = acknowledged[-1]
    with SqliteJournalReader(path) as reader:
        assert reader.quick_check() == ()
        missing = [number for number in range(last + 1) if reader.flow(tick_id(3 * number + 2)) is None]
        ticks = [minute for minute in range(3 * last + 2) if minute % 3 < 2 and reader.flow(tick_id(minute)) is None]
    assert missing == []
    assert ticks == []
