import pytest

from engine.sdk import connector

pytestmark = pytest.mark.unit


def test_every_promised_name_is_there_and_no_other_is_public() -> None:
    names = {name for name in vars(connector) if not name.startswith("_")}

    assert names == set(connector.__all__)


def test_the_names_are_sorted_so_that_two_people_add_to_them_without_conflict() -> None:
    upper = [name for name in connector.__all__ if name.isupper()]
    classes = [name for name in connector.__all__ if name[0].isupper() and not name.isupper()]
    functions = [name for name in connector.__all__ if name[0].islower()]

    assert connector.__all__ == [*sorted(upper), *sorted(classes), *sorted(functions)]
