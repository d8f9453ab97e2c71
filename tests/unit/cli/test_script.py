"""The console script."""

from __future__ import annotations

import subprocess
import sys

from defectreg.cli.errors import USAGE


def test_the_script_ends_at_once_with_what_was_printed_and_with_what_waits_for_the_end() -> None:
    question = (
        "import atexit, sys\n"
        "from defectreg.cli.script import script\n"
        "atexit.register(print, 'at the end')\n"
        "sys.argv = ['defectreg', 'absent-command']\n"
        "script()\n"
        "print('went on')\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", question], capture_output=True, text=True, check=False
    )
    assert answer.returncode == USAGE
    assert "absent-command" in answer.stderr
    assert answer.stdout == "at the end\n"


def test_the_script_leaves_nothing_undone_that_another_thread_does() -> None:
    question = (
        "import sys, threading\n"
        "from defectreg.cli.script import script\n"
        "goes_on = threading.Event()\n"
        "threading.Thread(target=lambda: print(goes_on.wait(60))).start()\n"
        "sys.argv = ['defectreg', '--version']\n"
        "code = script()\n"
        "goes_on.set()\n"
        "sys.exit(code)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", question], capture_output=True, text=True, check=True
    )
    assert answer.stdout.splitlines()[-1] == "True"
