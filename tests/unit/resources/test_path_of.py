from pathlib import Path

import pytest

import resources
from resources import path_of

pytestmark = pytest.mark.unit


def test_a_file_of_ours_is_found_below_resources() -> None:
    assert path_of("handbook", "adr").is_dir()
    assert path_of().samefile(Path(resources.__file__).parent)


def test_a_file_that_we_do_not_bring_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"config/nothing\.yaml"):
        path_of("config", "nothing.yaml")
