"""A standalone Spark cluster of this machine: a master and two workers, on loopback only.

The wheel of PySpark has no script that starts one, so it is started class by class. Everything
waits for a bounded time and stops with the ``with``: each process is the first of a group of its
own, and the group is ended.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
WORKERS = 2
_PATIENCE = 240
"""Seconds until the workers must have registered."""
_SETTINGS = f"""
spark.driver.host {LOOPBACK}
spark.driver.bindAddress {LOOPBACK}
spark.driver.memory 1g
spark.executor.memory 768m
spark.cores.max {WORKERS}
spark.sql.shuffle.partitions {WORKERS}
spark.default.parallelism {WORKERS}
spark.ui.enabled false
spark.network.timeout 600s
spark.sql.codegen.wholeStage false
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1
spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1
"""
"""For a fleet so small that compiling the queries would take longest."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster: the address of its master, and what a driver's environment needs."""

    master: str
    environment: Mapping[str, str]


@contextmanager
def started(folder: Path) -> Iterator[Cluster]:
    """A cluster whose logs, work and settings are in this folder."""
    settings = folder / "conf"
    settings.mkdir()
    (settings / "spark-defaults.conf").write_text(_SETTINGS, "utf-8")
    said = {
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_CONF_DIR": str(settings),
        "SPARK_LOCAL_DIRS": str(folder / "scratch"),
        "SPARK_WORKER_DIR": str(folder / "work"),
    }
    port = _free_port()
    address = f"spark://{LOOPBACK}:{port}"
    log = folder / "master.log"
    with ExitStack() as running:
        master = ("master.Master", "--host", LOOPBACK, "--port", str(port), "--webui-port", "0")
        running.enter_context(_process(log, said, *master))
        _wait_for(log, "Starting Spark master", 1)
        for number in range(WORKERS):
            worker = ("worker.Worker", "--host", LOOPBACK, "--webui-port", "0", "--cores", "1",
                      "--memory", "1g", address)  # fmt: skip
            running.enter_context(_process(folder / f"worker-{number}.log", said, *worker))
        _wait_for(log, "Registering worker", WORKERS)
        yield Cluster(address, said)


@contextmanager
def _process(log: Path, said: Mapping[str, str], name: str, *words: str) -> Iterator[None]:
    import pyspark

    program = Path(pyspark.__file__).parent / "bin" / "spark-class"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(program), f"org.apache.spark.deploy.{name}", *words],
            env={**os.environ, **said, "SPARK_DAEMON_MEMORY": "512m"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it started: politely, then not."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(20)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
    process.wait(20)


def _wait_for(log: Path, words: str, times: int) -> None:
    """Until a log says it so often; what it says instead is the error."""
    for _ in range(_PATIENCE * 4):
        if log.exists() and log.read_text("utf-8", "replace").count(words) >= times:
            return
        time.sleep(0.25)
    raise AssertionError(f"Spark did not start: {log.read_text('utf-8', 'replace')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
