"""`hardened-eks data`: what EC2 says goes into a file; what it refuses is said in a line."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from click.testing import CliRunner, Result

from hardened_eks.cli import group
from hardened_eks.data import instances
from tests.emulator.service import environment, serving

EC2 = "http://ec2.amazonaws.com/doc/2016-11-15/"


@pytest.fixture(autouse=True)
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No AWS settings of whoever runs the tests, and no way to AWS."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["data", "refresh-instance-types", *arguments], catch_exceptions=False)


@contextmanager
def stand_in(*answers: tuple[int, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, list[str]]]]:
    """Answer in EC2's XML, one answer a call; yields what was asked. For what the emulator does not do."""
    asked: list[dict[str, list[str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            status, body = answers[min(len(asked), len(answers)) - 1]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    try:
        yield asked
    finally:
        server.shutdown()
        server.server_close()


def named(*types: str, token: str = "") -> tuple[int, str]:
    items = "".join(
        f"<item><instanceType>{name}</instanceType><bareMetal>false</bareMetal><hypervisor>nitro</hypervisor>"
        "<processorInfo><supportedArchitectures><item>arm64</item></supportedArchitectures></processorInfo>"
        "<vCpuInfo><defaultVCpus>2</defaultVCpus></vCpuInfo><memoryInfo><sizeInMiB>8192</sizeInMiB></memoryInfo>"
        "<networkInfo><encryptionInTransitSupported>true</encryptionInTransitSupported></networkInfo></item>"
        for name in types
    )
    rest = f"<nextToken>{token}</nextToken>" if token else ""
    body = f'<DescribeInstanceTypesResponse xmlns="{EC2}"><instanceTypeSet>{items}</instanceTypeSet>{rest}'
    return 200, f"{body}</DescribeInstanceTypesResponse>"


def refused(status: int, code: str, message: str = "No.") -> tuple[int, str]:
    error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return status, f"<Response><Errors>{error}</Errors><RequestID>1</RequestID></Response>"


@pytest.mark.emulator
def test_what_the_emulated_ec2_says_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "types.json"
    with serving() as url:
        for name, value in environment(url).items():
            monkeypatch.setenv(name, value)
        result = run("--output", str(file))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"{file}: 12 instance types of us-east-1, 0 new, ")
    document = json.loads(file.read_text())
    assert document["source"] == "ec2:DescribeInstanceTypes in us-east-1"
    assert document["families"]["t2"]["hypervisor"] == "xen"
    assert "large" in document["families"]["m5"]["sizes"]


def test_every_page_is_read_and_the_change_is_told(
    tmp_path: Path, signed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "types.json"
    with stand_in(named("m7g.large", token="more"), named("m99g.large"), monkeypatch=monkeypatch) as asked:
        result = run("--region", "eu-west-1", "--output", str(file))
    gone = len(instances.names()) - 1
    assert result.stdout == f"{file}: 2 instance types of eu-west-1, 1 new, {gone} gone\n"
    assert [call.get("NextToken") for call in asked] == [None, ["more"]]
    assert set(json.loads(file.read_text())["families"]) == {"m7g", "m99g"}


def test_the_file_is_the_packages_own_by_default(tmp_path: Path, signed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    names = instances.names()  # read before the package seems to be elsewhere
    monkeypatch.setattr(instances, "__file__", str(tmp_path / "instances.py"))
    with stand_in(named("m7g.large"), monkeypatch=monkeypatch):
        assert run().exit_code == 0
    assert names
    assert "m7g" in json.loads((tmp_path / "instance_types.json").read_text())["families"]


def test_a_profile_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "credentials").write_text("[sandbox]\naws_access_key_id = test\naws_secret_access_key = test\n")
    with stand_in(named("m7g.large"), monkeypatch=monkeypatch):
        assert run("--profile", "sandbox", "--output", str(tmp_path / "types.json")).exit_code == 0


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            refused(403, "UnauthorizedOperation"),
            "EC2 in us-east-1 denied the call: the identity needs ec2:DescribeInstanceTypes (UnauthorizedOperation)",
        ),
        (
            refused(403, "AccessDenied"),
            "EC2 in us-east-1 denied the call: the identity needs ec2:DescribeInstanceTypes (AccessDenied)",
        ),
        (
            refused(401, "AuthFailure"),
            "EC2 in us-east-1 denied the call: the credentials are not valid there, or the Region is not enabled (AuthFailure)",
        ),
        (
            refused(400, "RequestExpired", "Request has expired."),
            "EC2 in us-east-1 rejected the call: Request has expired. (RequestExpired)",
        ),
        (named(), "EC2 in us-east-1 returned no instance types, so {file} is unchanged"),
    ],
)
def test_fails_when_ec2_refuses(
    answer: tuple[int, str], expected: str, tmp_path: Path, signed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "types.json"
    with stand_in(answer, monkeypatch=monkeypatch):
        result = run("--output", str(file))
    assert result.exit_code == 2
    assert result.stderr == f"error: {expected.format(file=file)}\n"
    assert not file.exists()


def test_fails_without_credentials(tmp_path: Path) -> None:
    result = run("--output", str(tmp_path / "types.json"))
    assert result.exit_code == 2
    assert result.stderr == ("error: no AWS credentials were found: pass --profile, set AWS_PROFILE, or log in\n")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ("--profile", "nobodys"),
            "EC2 in us-east-1 cannot be called: The config profile (nobodys) could not be found",
        ),
        (("--region", "no region"), "EC2 in no region cannot be called: Provided region_name 'no region'"),
        (("--region", ""), "--region needs the name of an AWS Region such as us-east-1, got ''"),
        (("--region", " "), "--region needs the name of an AWS Region such as us-east-1, got ' '"),
        ((), "EC2 in us-east-1 cannot be called: Could not connect to the endpoint URL"),
    ],
)
def test_fails_when_there_is_no_way(arguments: tuple[str, ...], expected: str, tmp_path: Path, signed: None) -> None:
    result = run(*arguments, "--output", str(tmp_path / "types.json"))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {expected}")


def test_fails_without_boto3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    result = run("--output", str(tmp_path / "types.json"))
    assert result.exit_code == 2
    assert result.stderr == "error: boto3 is not installed: pip install 'boto3>=1.43'\n"


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (".", "cannot be written: it is a folder, not a file"),
        ("no/such/types.json", "cannot be written: the folder"),
    ],
)
def test_fails_before_asking_when_there_is_no_place(output: str, expected: str, tmp_path: Path) -> None:
    result = run("--output", str(tmp_path / output))
    assert result.exit_code == 2
    assert expected in result.stderr


@pytest.mark.parametrize(("output", "hint"), [(True, ""), (False, "; name another file with --output")])
def test_fails_when_the_file_may_not_be_written(
    output: bool, hint: str, tmp_path: Path, signed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deny(self: Path, *_: object, **__: object) -> None:  # root may write anything, so permissions do not do it
        raise PermissionError(13, "Permission denied")

    file = tmp_path / "instance_types.json"
    monkeypatch.setattr(instances, "__file__", str(tmp_path / "instances.py"))
    monkeypatch.setattr(Path, "write_text", deny)
    with stand_in(named("m7g.large"), monkeypatch=monkeypatch):
        result = run(*(("--output", str(file)) if output else ()))
    assert result.exit_code == 2
    assert result.stderr == f"error: {file}: cannot be written: Permission denied{hint}\n"


def test_boto3_is_imported_only_when_it_is_needed() -> None:
    code = "import sys, hardened_eks.cli.data; sys.exit('boto3' in sys.modules or 'botocore' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
