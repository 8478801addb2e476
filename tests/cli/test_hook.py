"""`hardened-eks hook package`: the archive, under the name that the construct expects."""

import io
import zipfile
from pathlib import Path

import aws_cdk as cdk
from click.testing import CliRunner

import hardened_eks as hardened
from hardened_eks.cli import group
from hardened_eks.hook._code import CODE


def run(*arguments: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(group, ["hook", *arguments])
    return found.exit_code, found.stdout, found.stderr


def test_it_writes_what_the_construct_takes(tmp_path: Path) -> None:
    code, printed, _ = run("package", "-o", str(tmp_path / "new"))
    file = Path(printed.strip())
    assert (code, file.parent) == (0, tmp_path / "new")
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == dict(CODE.files())
    stack = cdk.Stack(cdk.App(), "Hook")
    hook = hardened.Hook(
        stack, "Hook", alerts=hardened.alerts.nobody(reason="a test"), code_bucket_prefix="acme-hook-code"
    )
    where = stack.resolve(hook.function.resource.code)
    assert where == {"s3Bucket": {"Fn::Join": ["", ["acme-hook-code-", {"Ref": "AWS::Region"}]]}, "s3Key": file.name}


def test_it_is_the_same_each_time(tmp_path: Path) -> None:
    first, second = (Path(run("package", "-o", str(tmp_path / name))[1].strip()) for name in "ab")
    assert first.name == second.name and first.read_bytes() == second.read_bytes()


def test_fails_where_it_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, printed, told = run("package", "-o", str(tmp_path / "file"))
    assert (code, printed) == (2, "")
    assert told.startswith(f"error: {tmp_path / 'file'}: cannot be written: ")
