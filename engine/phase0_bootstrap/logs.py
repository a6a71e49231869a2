"""Makes the program as loud as platform.yaml says."""

import logging

from engine.config.platform_settings import LoggingSettings

_OURS = ("engine", "gui", "connectors", "plugins")


def apply_logging(settings: LoggingSettings) -> None:
    """Set the level of our packages, then of those that are named. A root that shows everything (--verbose) stays so."""
    if logging.getLogger().level == logging.DEBUG:
        return
    for package in _OURS:
        logging.getLogger(package).setLevel(settings.level.value)
    for package, level in settings.packages.items():
        logging.getLogger(package).setLevel(level.value)
