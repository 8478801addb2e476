"""Run a command and measure its whole process tree (Python and Node)."""

import ctypes
import json
import os
import signal
import statistics
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from benchmarks.cases import Case

_PR_SET_CHILD_SUBREAPER = 36
_TIMEOUT = 900
_SAMPLE = 0.05


@dataclass(frozen=True)
class Usage:
    cpu: float
    """CPU time in seconds: user and system time of all processes."""
    wall: float
    """Wall-clock time in seconds."""
    memory: float
    """Peak of the total resident memory in MiB, sampled every 50 ms."""


@dataclass(frozen=True)
class Measured:
    """Measurements of a group of cases."""

    cases: Sequence[Case]
    runs: Mapping[str, Sequence[Usage]]
    """Usage in each round, by case."""
    resources: Mapping[str, int]
    """Number of resources in the templates, by case; checkers write no templates."""

    @cached_property
    def cpu(self) -> dict[str, float]:
        """Median CPU seconds by case."""
        return {name: statistics.median(u.cpu for u in runs) for name, runs in self.runs.items()}

    @cached_property
    def wall(self) -> dict[str, float]:
        """Median wall-clock seconds by case."""
        return {name: statistics.median(u.wall for u in runs) for name, runs in self.runs.items()}

    @cached_property
    def memory(self) -> dict[str, float]:
        """Median peak memory in MiB by case."""
        return {name: statistics.median(u.memory for u in runs) for name, runs in self.runs.items()}

    @property
    def rounds(self) -> list[dict[str, Usage]]:
        """Usage of each case, by round."""
        return [dict(zip(self.runs, usages, strict=True)) for usages in zip(*self.runs.values(), strict=True)]


class BenchmarkError(RuntimeError):
    pass


def adopt_orphans() -> None:
    """Reap grandchildren too, because the jsii runtime does not always wait for its Node process."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def run(command: list[str], *, cwd: Path, env: dict[str, str], accept: tuple[int, ...] = (0,)) -> Usage:
    """Run a command to its end and measure it.

    Raises:
        BenchmarkError: the exit code is not accepted, so that a failed run does not count as a fast one.
    """
    started = time.perf_counter()
    with (
        subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **env},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process,
        _Sampler(process.pid) as sampler,
    ):
        errors: list[bytes] = []
        reader = threading.Thread(target=lambda: errors.append(process.stderr.read() if process.stderr else b""))
        reader.start()
        cpu = 0.0
        code = -1
        alarm = threading.Timer(_TIMEOUT, os.killpg, (process.pid, signal.SIGKILL))
        alarm.start()
        with suppress(ChildProcessError):  # there are no more
            while True:
                pid, status, usage = os.wait4(-process.pid, 0)  # any of its group
                cpu += usage.ru_utime + usage.ru_stime
                if pid == process.pid:
                    code = process.returncode = os.waitstatus_to_exitcode(status)
                    wall = time.perf_counter() - started
        alarm.cancel()
        reader.join()
    if code not in accept:
        raise BenchmarkError(f"{' '.join(command)} ended with {code}\n{errors[0].decode(errors='replace')[-3000:]}")
    return Usage(cpu, wall, sampler.peak)


def resources(outdir: Path) -> int:
    """Return the number of resources in the templates in `outdir`, including nested stacks and other assets."""
    return sum(len(json.loads(file.read_text())["Resources"]) for file in outdir.rglob("*.template.json"))


class _Sampler:
    """Samples the total resident memory of a session's processes."""

    def __init__(self, session: int) -> None:
        self.peak = 0.0
        self._session = session
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _sample(self) -> None:
        page = os.sysconf("SC_PAGE_SIZE") / 2**20
        while not self._stop.wait(_SAMPLE):
            total = 0.0
            for folder in Path("/proc").iterdir():
                if not folder.name.isdecimal():
                    continue
                try:
                    fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
                    if int(fields[3]) == self._session:
                        total += int(fields[21]) * page
                except (OSError, IndexError, ValueError):
                    continue
            self.peak = max(self.peak, total)
