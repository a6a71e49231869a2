"""A plugin's folder as a package: imported under a private name, so that two plugins with a `worker.py` never meet."""

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

USER_PACKAGES: Final = "s1mpletrader_user_plugins"
"""The private package below which plugins of the user's folder are imported: it lies in no folder of ours."""

MANIFEST: Final = "manifest.yaml"


def is_test(file: Path) -> bool:
    """Tell whether a file of a plugin is there to test it, and is never imported when it trades."""
    return file.name.startswith("test_") or file.name == "conftest.py"


def files_of(folder: Path) -> Iterator[Path]:
    """Give every file of a plugin in a fixed order, without what tools leave behind (caches, hidden files)."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in parts):
            yield path


def digest_of(folder: Path) -> str:
    """Return a fingerprint of what is in a plugin's folder: another one as soon as a byte of a file is another."""
    digest = hashlib.sha256()
    for path in files_of(folder):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def neighbours_of(folder: Path) -> list[Path]:
    """Return the other plugins on the same shelf."""
    folder = folder.resolve()
    return sorted(file.parent for file in folder.parent.glob(f"*/{MANIFEST}") if file.parent != folder)


def package_of(folder: Path) -> str:
    """Return the private name of a user plugin's package."""
    return f"{USER_PACKAGES}.{folder.name}"


def import_folder(folder: Path) -> ModuleType:
    """Import a user plugin's package under its private name. What changed on disk since is imported anew.

    Whatever its code raises comes through: call it behind the fence, or in a test.
    """
    folder = folder.resolve()
    name, state = package_of(folder), (folder, digest_of(folder))
    known = sys.modules.get(name)
    if known is not None and known.__spec__ is not None and known.__spec__.loader_state == state:
        return known
    _forget(name)
    importlib.invalidate_caches()
    _root()
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"{folder} cannot be imported as a package", name=name)
    spec.loader_state = state
    package = importlib.util.module_from_spec(spec)
    sys.modules[name] = package
    is_whole = False
    try:
        spec.loader.exec_module(package)
        is_whole = True
    finally:
        if not is_whole:
            _forget(name)
    return package


def _root() -> None:
    if USER_PACKAGES not in sys.modules:
        root = ModuleType(USER_PACKAGES, "Plugins of the user's, by the names of their folders.")
        root.__path__ = []
        sys.modules[USER_PACKAGES] = root


def _forget(name: str) -> None:
    for module in [module for module in sys.modules if module == name or module.startswith(f"{name}.")]:
        del sys.modules[module]
