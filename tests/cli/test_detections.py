"""`hardened-eks detections`: three formats, filled in, and every mistake of a parameter file."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hardened_eks.cli import group
from hardened_eks.detections import DETECTIONS
from tests.detections.events import PARAMETERS


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["detections", *arguments], catch_exceptions=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "parameters.json"
    path.write_text(json.dumps(PARAMETERS), encoding="utf-8")
    return path


def test_json(file: Path) -> None:
    result = run("--parameters-file", str(file), "--format", "json")
    entries = json.loads(result.stdout)
    assert result.exit_code == 0
    assert all(set(e) == {"id", "severity", "source", "default", "expression", "title"} for e in entries)
    assert {e["id"] for e in entries} == {d.id for d in DETECTIONS}
    assert len({(e["id"], e["source"]) for e in entries}) == len(entries)
    assert {e["source"] for e in entries} == {
        "alarm",
        "audit-log",
        "authenticator-log",
        "containers-log",
        "eventbridge",
        "trail-log",
    }
    assert all(isinstance(e["default"], bool) for e in entries)
    kinds = {"eventbridge": dict, "alarm": dict}
    assert all(isinstance(e["expression"], kinds.get(e["source"], str)) for e in entries)
    assert "<" not in json.dumps(entries).replace("< 300", "").replace('["<", 9]', "").replace('"<", 9', "")
    assert 45 <= sum(e["default"] for e in entries) <= 50


def test_json_without_parameters_has_placeholders() -> None:
    shown = run("-f", "json").stdout
    assert "/aws/eks/<cluster>/cluster" in shown
    assert json.loads(shown)


def test_text(file: Path) -> None:
    lines = run("--parameters-file", str(file)).stdout.splitlines()
    assert lines[-1] == "109 detections, 51 of them in the default set"
    at = lines.index("k8s-forbidden  high  default  audit-log  Many requests that RBAC denied (403)")
    assert lines[at + 1] == '    { $.stage = "ResponseComplete" && $.responseStatus.code = 403 }'
    assert (
        "iam-role-changed  high  full  trail-log  The cluster role, a node role or the break-glass role was changed"
        in lines
    )


def test_one_with_its_runbook(file: Path) -> None:
    shown = run("--parameters-file", str(file), "eks-endpoint-public").stdout
    assert "1. Close it: `aws eks update-cluster-config --name ledger --resources-vpc-config" in shown
    assert "1 detections, 1 of them in the default set" in shown
    assert "eks-cluster-deleted" not in shown


def test_markdown(file: Path) -> None:
    shown = run("--parameters-file", str(file), "-f", "markdown").stdout
    for expected in ("| [`eks-changed`](#eks-changed) |", "## `kms-key-at-risk`", "--cluster-name ledger --principal-arn arn:aws:iam::444455556666:role/emergency/ledger-break-glass",
                     "| `trusted_automation` | list of strings |", "https://attack.mitre.org/techniques/T1078/004/"):  # fmt: skip
        assert expected in shown


def test_markdown_shows_the_same_json(file: Path) -> None:
    shown = run("--parameters-file", str(file), "-f", "markdown").stdout
    entries = json.loads(run("--parameters-file", str(file), "-f", "json").stdout)
    blocks = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", shown, re.DOTALL)]
    assert blocks == [e["expression"] for e in entries if e["source"] in {"eventbridge", "alarm"}]
    filters = re.findall(r"```text\n(.*?)\n```", shown, re.DOTALL)
    assert filters == [e["expression"] for e in entries if e["source"] not in {"eventbridge", "alarm"}]


def refused(*arguments: str) -> list[str]:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    return result.stderr.splitlines()


def test_fails_with_one_line_for_each_mistake(file: Path) -> None:
    values = {
        "clutser": "x",
        "account": 5,
        "roles": "a",
        "kms_key": "arn:aws:kms:eu-west-1:1:key",
        "trusted_automation": ["x"],
    }
    file.write_text(json.dumps(values), encoding="utf-8")
    assert refused("--parameters-file", str(file), "-f", "json") == [
        f"error: {file}: clutser: unknown parameter; did you mean 'cluster'",
        f"error: {file}: account: a string is needed, got a number",
        f"error: {file}: roles: a list of strings is needed, got a string",
        f"error: {file}: kms_key: 'arn:aws:kms:eu-west-1:1:key' is not the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID",
        f"error: {file}: trusted_automation[0]: 'x' is not the ARN of an IAM role, arn:aws:iam::111122223333:role/NAME",
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"cluster: ledger", "not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"", "not JSON: Expecting value"),
        (b"\xff\xfe", "not UTF-8: invalid start byte at byte 0"),
        (b"[" * 100_000, "not JSON: "),
        (b"[]", "a JSON object is needed"),
        (b'{"cluster": "a", "cluster": "b"}', "cluster: defined more than once"),
        (b'{"cluster": {"cluster": 1, "name": 2}}', "cluster: a string is needed, got an object"),
        (b'{"cluster": "a\\nb"}', "is not the name of an EKS cluster"),
        (b'{"cluster": NaN}', "cluster: a string is needed, got a number"),
    ],
)
def test_fails_on_a_file_that_is_none(file: Path, content: bytes, expected: str) -> None:
    file.write_bytes(content)
    (line,) = refused("--parameters-file", str(file))
    assert line.startswith(f"error: {file}: ")
    assert expected in line


def test_fails_without_the_file(tmp_path: Path) -> None:
    assert refused("--parameters-file", str(tmp_path / "no.json")) == [
        f"error: {tmp_path / 'no.json'}: cannot be read: No such file or directory"
    ]
    assert "Is a directory" in refused("--parameters-file", str(tmp_path))[0]


def test_fails_on_unknown_ids() -> None:
    assert refused("eks-endpoint-pubic", "zzzzzz") == [
        "error: unknown detection 'eks-endpoint-pubic': did you mean eks-endpoint-public, eks-endpoint-anywhere",
        "error: unknown detection 'zzzzzz': `hardened-eks detections` lists them all",
    ]


def test_fails_when_a_list_is_too_long(file: Path) -> None:
    many = [f"{n}.dkr.ecr.eu-west-1.amazonaws.com/" for n in range(100000000000, 100000000009)]
    file.write_text(json.dumps({**PARAMETERS, "trusted_registries": many}), encoding="utf-8")
    (line,) = refused("--parameters-file", str(file))
    assert line.startswith("error: k8s-untrusted-image, audit-log: ")
    assert line.endswith("1024 are allowed; shorten agent_namespaces, trusted_registries")


def test_a_byte_order_mark_is_no_mistake(file: Path) -> None:
    file.write_text("\ufeff" + json.dumps(PARAMETERS), encoding="utf-8")
    assert run("--parameters-file", str(file)).exit_code == 0


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["controls", "list"]])
def test_other_commands_do_not_import_it(arguments: list[str]) -> None:
    program = (
        "import sys\nfrom hardened_eks.cli import main\nsys.argv = ['hardened-eks', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "print(sorted(m for m in sys.modules if m.startswith('hardened_eks.detections')), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_it_needs_neither_cdk_nor_boto3() -> None:
    program = (
        "import sys, hardened_eks.cli.detections\n"
        "print(sorted({m.partition('.')[0] for m in sys.modules} & {'aws_cdk', 'jsii', 'boto3', 'botocore'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
