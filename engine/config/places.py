"""Where the user's files live: data (journals), configuration (operations), state (logs)."""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_APP = "s1mpletrader"
HOME_VARIABLE = "S1MPLETRADER_HOME"
"""Set it to keep everything under one folder: for a second installation, a stick, or a test."""


@dataclass(frozen=True, slots=True)
class Places:
    """Folders of the user; each is made when something is first written there."""

    data: Path
    config: Path
    state: Path

    @classmethod
    def of_user(cls) -> "Places":
        """Return the folders that the platform has for us, or those under the folder that the environment names."""
        home = os.environ.get(HOME_VARIABLE)
        if home:
            root = Path(home)
            return cls(data=root / "data", config=root / "config", state=root / "state")
        return cls(
            data=platformdirs.user_data_path(_APP, appauthor=False),
            config=platformdirs.user_config_path(_APP, appauthor=False),
            state=platformdirs.user_state_path(_APP, appauthor=False),
        )

    def journal_folder(self, operation: str, mode: str) -> Path:
        """Return the folder of an operation's journals of one mode: paper and live never share one."""
        return self.data / "journals" / operation / mode.lower()

    def fallback_folder(self, operation: str, mode: str) -> Path:
        """Return where text files take what journals cannot take: apart from them, under `state`."""
        return self.state / "fallback" / operation / mode.lower()

    def backup_folder(self, operation: str, mode: str) -> Path:
        """Return where the daily copies of an operation's journals of one mode are."""
        return self.data / "backups" / operation / mode.lower()
