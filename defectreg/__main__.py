"""``python -m defectreg`` is ``defectreg``."""

from __future__ import annotations

import sys

from defectreg.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
