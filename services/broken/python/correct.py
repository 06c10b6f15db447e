"""The correct Python subject, for those here that replace one part of it: import this first, then what is to be replaced."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "python"))

import main  # noqa: E402
from settings import Unsupported, settings_from  # noqa: E402


def run(speaks=lambda settings: True) -> None:
    """Plays the subject as it now is, where it plays such a run at all."""

    def settings(environment):
        asked = settings_from(environment)
        if not speaks(asked):
            raise Unsupported("not played with this bug")
        return asked

    main.settings_from = settings
    sys.exit(main.main())


def each_message_comes_alone(settings) -> bool:
    """Workloads in which a clean network delivers each message on its own."""
    return settings.workload in ("connect", "echo", "reconnect") or (
        settings.workload == "pipeline" and settings.pace_ms > 0
    )
