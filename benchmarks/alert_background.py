"""The background of invented alerts, and how the program's own SQL is asked of them.

Each premises has its own rate, log-normal with a heavy tail; one in a thousand sends thousands.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from defectreg.store.tables.engine import read_sql

if TYPE_CHECKING:
    import duckdb

REGIONS = ("North", "South")
START = date(2026, 6, 1)


def noise(rng: random.Random) -> float:
    """How noisy a premises is, about 1 on average; one in a thousand is a storm of its own."""
    if rng.random() < 0.001:
        return rng.uniform(200, 2000)
    return rng.lognormvariate(-1.125, 1.5)


def poisson(rng: random.Random, mean: float) -> int:
    """A number of events of which so many are expected."""
    if mean > 30:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, number, left = math.exp(-mean), 0, rng.random()
    while left > limit:
        number += 1
        left *= rng.random()
    return number


def answered(
    file: str,
    parameters: Mapping[str, Any],
    exposed: Iterable[tuple[Any, ...]],
    sent: Iterable[tuple[Any, ...]],
) -> list[tuple[Any, ...]]:
    """The rows with which one of the program's SQL files answers."""
    import duckdb

    with duckdb.connect(":memory:") as database:
        database.execute("SET threads = 1")
        table(database, "alerts", "premises,device_type,alert_code,alerts,day", sent)
        columns = "premises,region,esme,gsme,hub,esme_hub,combination,first_day,last_day"
        table(database, "exposure", columns, exposed)
        table(database, "codes", "code", [("8F1E",)])
        for statement in database.extract_statements(read_sql("defectreg.alerts", file)):
            named = statement.named_parameters
            database.execute(statement, {name: parameters[name] for name in named})
        return database.fetchall()


def table(
    database: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Iterable[Any]
) -> None:
    """A table of these rows; ``columns`` as ``name TYPE, …``."""
    import pyarrow

    names = [column.split()[0] for column in columns.split(",")]
    arrays = [pyarrow.array(column) for column in zip(*rows, strict=True)]
    database.register("made", pyarrow.table(arrays, names=names))
    database.execute(f"CREATE TABLE {name} AS SELECT * FROM made")
    database.unregister("made")
