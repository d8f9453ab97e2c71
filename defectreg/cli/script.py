"""The console script: the program, begun and ended without what only long work needs."""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress

from defectreg.store.processes import keep_values


def script() -> int:
    """Run the command line, and end the process at once; gives the exit code where that cannot be.

    To look for circles among the values of modules, again and again while they are loaded, is a
    tenth of a short command; to take every value apart at the end, as Python does, another. Where
    threads are left or output cannot be written, Python ends as it always does.
    """
    keep_values()
    from defectreg.cli.app import main

    code = main()
    threading = sys.modules.get("threading")
    if threading is None or threading.active_count() == 1:
        atexit._run_exitfuncs()
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return code
