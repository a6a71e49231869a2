"""What only some kinds of machine can do."""

import sys
from typing import Final

import pytest

NOT_ON_WINDOWS: Final = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows does not count a process's own time"
)
