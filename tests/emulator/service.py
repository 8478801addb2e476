"""ministack with our handlers, as a process of its own on a free loopback port.

python -m tests.emulator.service       serves until it is stopped (settings come from the environment)
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ACCOUNT, REGION = "123456789012", "us-east-1"
ROOT = Path(__file__).parents[2]


def settings(port: int, state: str) -> dict[str, str]:
    """Return what ministack reads from its environment: a loopback port, no Docker, waits that are short."""
    return {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "IOT_MTLS_ENABLED": "0",
        "STATE_DIR": state,
        "DOCKER_HOST": "tcp://127.0.0.1:1",
        "MINISTACK_REGION": REGION,
        "LOG_LEVEL": "WARNING",
        "MINISTACK_DOCKER_TIMEOUT": "1",
        "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.01",  # Lambda tries a failed call again after one minute, and after two
        "SFN_WAIT_SCALE": "0.002",  # waits of state machines, and the pauses between their retries
    }


@contextmanager
def serving() -> Iterator[str]:
    """Serve for as long as the block runs; yields the endpoint URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as state, tempfile.TemporaryFile() as log:
        environment = {**os.environ, **settings(port, state), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "tests.emulator.service"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        url = f"http://127.0.0.1:{port}"
        try:
            _wait(url, process, log)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def environment(url: str) -> dict[str, str]:
    """What a client, boto3 or the CDK CLI, must have in its environment to talk to the emulator and to nobody else."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _wait(url: str, process: subprocess.Popen[bytes], log: object) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/_ministack/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    log.seek(0)  # type: ignore[attr-defined]
    raise RuntimeError(f"the emulator did not start:\n{log.read().decode()[-3000:]}")  # type: ignore[attr-defined]


if __name__ == "__main__":
    from ministack import app

    from tests.emulator import resources

    resources.register()
    sys.argv = ["ministack"]
    app.main()
