"""The demonstration keys, whose private halves anyone may have."""

from __future__ import annotations

DEMONSTRATION_KEYS: frozenset[str] = frozenset(
    {
        "SHA256:+3dapavAX4hXlFQyb/zKybn6jf65u2mnYg0TieTJutI",
        "SHA256:+4EYcEPMlx6xC7Azm0UXtgOhD+Zlg20Zck9UN1TGoTE",
        "SHA256:18nJ2rnosXf9BiLLOY4edEOFsxUNOu9pmshOzh3uATk",
        "SHA256:1FEsnA+JGHi2l3lbynekaFM4GCEvCA0kdYvgY1PHHIQ",
        "SHA256:1inSfcSzhP2PpAxIGlfI479M95O/OMbd7kd5apmK2wE",
        "SHA256:3xvDolD2v5fOBwQcJTiQv6cdePT/9vYFOWsyC7kYbgQ",
        "SHA256:4u7fcviUP8tOZr7ByIt7ouXo1K3vfpghCdwl1k81dqg",
        "SHA256:59yJLDBlKELM7chighdzZ2KOjfNUdeBX5eNtfjpaXTs",
        "SHA256:60LdRJvOTF+8rTMmKaRL3FF8Rkp6Tbm2qT9FgaRMIAs",
        "SHA256:6RtKsg3kt+I4UBdBxUnI7euUu3hlpmj+mytj3zbSMtg",
        "SHA256:8gPrtt8TXTbkXbSWdEkbX9yv4BbO57tc4s3/qmmMhG4",
        "SHA256:D/tz2Sk6Ox34FS5fK0xBrV+yHcFU9T1bmvM2Ke39DLg",
        "SHA256:Dm/MzA6NFNhXkNiRQiK3cTKbUmZgBduCY9bfUt9kKws",
        "SHA256:KF5yzNwXqNAAPclJv46zjNPUqaY54d5o1VimcyIuab8",
        "SHA256:Mr6BXGhTxaebVmRLMAXIb/Ye6SETUOEKlfAm5zquf6w",
        "SHA256:QpA04LFrW85tOKok8ef4ET8zMSf8ru/5HOtqh4TNyTQ",
        "SHA256:SfT/6tD4rLQBEznaWjuQJxZHQ+mZDBBQesU0P/HSHJw",
        "SHA256:ZSk8lw+9X5b+KTIwM2qPGtMR23pRqCcPoUHMwKEx6wM",
        "SHA256:Zx2crSOxZzuVwHUI5D8+dl+ZlR8Quo60BuoKN3rf+yQ",
        "SHA256:ZyYyvrNZ4uSRC/cFoMH+72czmfG6I0AJ7IFpD3tpqtE",
        "SHA256:dcJEzjrshOnDesLV0Ri6xxCF/1zUHU0/gdpompJtiME",
        "SHA256:eVRVl9c/gvacweVpcXFPv0qenW60zZ5mAPUE7EoUonQ",
        "SHA256:gDGTGbO8AM/w6mzz9nkZSBKtfzqFMQuOl5x6eSAxsyU",
        "SHA256:lIUbRQhu7rTfayJckBIHI3NLQ7IL5wBQb/PiDDpdojo",
        "SHA256:r5mnZsxFJtihDnbKQP6nx3isKF3Qn9zllpcTasp9LfI",
        "SHA256:saeiCAB+80H74oTwdiyh71xC3gaQa9JwzljsDsagKnc",
        "SHA256:txiG9tvUX9KU4th0JSWnXySHiTFeQTAxKU79RbdXpnU",
        "SHA256:uI+dmAZBfIGcYuP47XnPH0SzAUgTWyxwIrg9kq1n0Xg",
        "SHA256:vu9O+c+JKI5qqCJe3a+CtRK1MPdQ1rWuFI/rw9zCcjc",
        "SHA256:zawiy+8bbdLTwmKY6WX+DUCsx+PjiIcqki2YQfHImKk",
    }
)
"""Fingerprints of the keys under ``tests/keys``: only a register whose policy says
``demonstration: true`` trusts them."""
