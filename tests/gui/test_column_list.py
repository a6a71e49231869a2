"""What is drawn on the chart and by whom, as a list."""

import pytest

from gui.app import Workstation
from gui.dialogs.column_list import ColumnListDialog
from gui.theme.formats import words_text
from tests.gui.conftest import Play
from tests.support.gui import SPECS, WRITTEN_BY, ScriptedSession, until

pytestmark = pytest.mark.gui


def test_every_column_is_listed_in_the_order_of_the_chain_with_its_worker(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        desk = workstation.desk
        assert desk is not None
        chart = desk.market.chart
        assert chart is not None
        (action,) = (each for each in chart.export_menu.actions() if each.text() == "List the columns…")
        action.trigger()
        dialogs = desk.window().findChildren(ColumnListDialog)
        await until(lambda: any(dialog.isVisible() for dialog in dialogs))
        (dialog,) = dialogs
        model = dialog.model
        texts = [
            [model.index(row, column).data() for column in range(model.columnCount())]
            for row in range(model.rowCount())
        ]
        dialog.close()

        assert [row[0] for row in texts] == [words_text(spec.name) for spec in SPECS]
        assert [row[1] for row in texts] == [WRITTEN_BY[spec.name] for spec in SPECS]
        assert [row[2] for row in texts] == [
            "line over the price",
            "line over the price",
            "coloured strip: ranging, trending",
            "line in a pane of its own",
            "mark at its bar",
        ]

    play(ScriptedSession(), story)
