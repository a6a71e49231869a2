"""One table of keys: nothing is bound twice, what is refused is said in words."""

import pytest

from engine.ports.session import Mode
from gui.actions.catalogue import ActionName, catalogue, settings_name
from gui.actions.keymap import Keymap
from gui.workspace.layouts import Workspace, first_workspace
from gui.workspace.panel_names import PanelName

pytestmark = pytest.mark.unit


def usual() -> Keymap:
    return Keymap(catalogue(), {})


def test_the_usual_keys_never_clash_and_leave_typing_alone() -> None:
    keymap = usual()

    for action, entry in keymap.usual.items():
        for keys in entry.keys:
            assert keymap.objection(action, keys) == "", action


def test_every_panel_and_workspace_is_an_action() -> None:
    assert {*PanelName, *Workspace, *ActionName} == set(catalogue())
    assert len({settings_name(action) for action in catalogue()}) == len(catalogue())


def test_keys_that_are_taken_are_refused_with_the_name_of_who_has_them() -> None:
    said = usual().objection(ActionName.STOP, "Ctrl+Shift+F")

    assert "Flatten all…" in said
    assert "Ctrl+Shift+F" in said


def test_a_sequence_that_begins_with_taken_keys_is_refused_too() -> None:
    assert "Find a command" in usual().objection(ActionName.STOP, "Ctrl+K, S")


@pytest.mark.parametrize("keys", ["S", "Space", "Shift+S", "Left"])
def test_keys_for_typing_are_refused(keys: str) -> None:
    assert "text fields" in usual().objection(ActionName.STOP, keys)


def test_function_keys_need_nothing_else() -> None:
    assert usual().objection(ActionName.STOP, "Shift+F5") == ""


def test_new_keys_free_the_old_ones() -> None:
    keymap = usual().rebound(ActionName.STOP, ("Ctrl+Alt+S",))

    assert keymap.keys_of(ActionName.STOP) == ("Ctrl+Alt+S",)
    assert keymap.objection(PanelName.NOTES, "Ctrl+.") == ""
    assert keymap.chosen == {"stop": ("Ctrl+Alt+S",)}


def test_usual_keys_are_not_written_down() -> None:
    keymap = usual().rebound(ActionName.STOP, ("F9",)).rebound(ActionName.STOP, ("Ctrl+.",))

    assert not keymap.chosen


def test_what_a_person_chose_wins_over_the_usual_keys_of_a_later_version() -> None:
    keymap = Keymap(catalogue(), {"panel/notes": ("Ctrl+K",), "an action that is gone": ("F8",)})

    assert keymap.keys_of(PanelName.NOTES) == ("Ctrl+K",)
    assert keymap.keys_of(ActionName.COMMANDS) == ()


def test_each_mode_begins_in_its_workspace() -> None:
    assert [first_workspace(mode) for mode in Mode] == [
        Workspace.RESEARCH,
        Workspace.RESEARCH,
        Workspace.PAPER,
        Workspace.LIVE_DESK,
    ]
