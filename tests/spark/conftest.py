"""Tests on a Spark cluster of this machine; only ``make test-spark`` runs them, for minutes."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.spark.cluster import Cluster, started

collect_ignore_glob = [] if os.environ.get("DEFECTREG_TEST_SPARK") else ["test_*.py"]


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A standalone master with two workers on loopback, stopped at the end whatever happens."""
    with started(tmp_path_factory.mktemp("spark")) as running:
        yield running
