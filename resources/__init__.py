"""Files that come with the program: defaults, schemas, icons, the handbook. No logic but the one accessor."""

from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).resolve().parent


def path_of(*parts: str) -> Path:
    """Return where a file or folder of ours lies, in the source tree and in an installed wheel alike.

    Example: ``path_of("config", "platform.yaml")``.

    Raises:
        FileNotFoundError: we bring no such file; a resource is named in code, so this is a packaging fault.
    """
    path = _FOLDER.joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"{'/'.join(parts)} is not among the files that come with the program, below {_FOLDER}")
    return path
