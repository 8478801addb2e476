"""Build the wheel and the source distribution, and test the wheel without the source tree. `make dist` runs this.

The wheel and its dependencies are installed into a separate environment. The tests of the code that evaluates, reads
and reports are copied there and run. A bill of materials (CycloneDX) of that environment is written next to the
distributions.
"""

import copy
import json
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TOOLS = ("build>=1.4", "cyclonedx-bom>=7.2", "twine>=7,<8")
"""What builds and describes a release. The action that publishes it contains twine 7."""
TESTED = ("baseline", "cli/test_check.py", "diagram", "evidence", "judging", "reports/test_formats.py", "sources")
"""The tests of what reads, evaluates and reports."""
BESIDE = ("tests", "tools", "docs", "benchmarks")
"""The folders that these tests import from or read. The package itself comes from the wheel alone."""


def build(output: Path) -> Path:
    """Write both distributions, check that PyPI accepts them, and return the path of the wheel."""
    output.mkdir(parents=True, exist_ok=True)
    for old in (*output.glob("*.whl"), *output.glob("*.tar.gz")):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        python = _environment(Path(folder) / "build", *TOOLS)
        subprocess.run([python, "-m", "build", "--outdir", output, ROOT], check=True)
        (wheel,), (source,) = output.glob("*.whl"), output.glob("*.tar.gz")
        subprocess.run([python, "-m", "twine", "check", "--strict", wheel, source], check=True)
    return wheel


def check(wheel: Path, output: Path) -> None:
    """Run the tests against the wheel, and write the bill of materials."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name in BESIDE:
            shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__", ".venv"))
        (home / "node_modules").symlink_to(ROOT / "node_modules")  # a template that the CDK CLI ships
        shutil.copyfile(ROOT / "pyproject.toml", home / "pyproject.toml")  # the settings of pytest
        python = _environment(home / "user", str(wheel))
        _bill(python, home, output / "sbom.json")
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--group", f"{ROOT / 'pyproject.toml'}:dev"], check=True
        )
        where = subprocess.run(
            [python, "-c", "import hardened_eks; print(hardened_eks.__file__)"],
            check=True, capture_output=True, text=True, cwd=home,
        ).stdout.strip()  # fmt: skip
        if not where.startswith(str(home)):
            raise SystemExit(f"the tests would not use the wheel but {where}")
        tests = [str(Path("tests") / name) for name in TESTED]
        subprocess.run(
            [python, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--durations=0", *tests], check=True, cwd=home
        )


def _environment(folder: Path, *packages: str) -> str:
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", "pip", *packages], check=True)
    return python


def _bill(python: str, home: Path, output: Path) -> None:
    """Write the bill of materials of the wheel and its dependencies, before the test tools are installed."""
    cyclonedx = _environment(home / "bill", *TOOLS)
    subject = ("--pyproject", ROOT / "pyproject.toml", "--mc-type", "library")
    command = [
        cyclonedx,
        "-m",
        "cyclonedx_py",
        "environment",
        *subject,
        "--output-reproducible",
        "--of",
        "JSON",
        python,
    ]
    document = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    version = subprocess.run(
        [python, "-c", "import hardened_eks; print(hardened_eks.__version__)"],
        check=True, capture_output=True, text=True, cwd=home / "user",
    ).stdout.strip()  # fmt: skip
    output.write_text(json.dumps(of_release(document, version), indent=2) + "\n", encoding="utf-8")


def of_release(document: dict[str, Any], version: str) -> dict[str, Any]:
    """Return a bill of materials whose subject has a version, with only what the wheel needs.

    The environment also contains what Python puts there: pip, and before 3.12 setuptools.
    """
    bill = copy.deepcopy(document)
    subject = bill["metadata"]["component"]
    subject["version"] = version
    needs = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    needed, waiting = set(), [subject["bom-ref"]]
    while waiting:
        ref = waiting.pop()
        if ref not in needed:
            needed.add(ref)
            waiting += needs.get(ref, [])
    bill["components"] = [one for one in bill["components"] if one["bom-ref"] in needed]
    bill["dependencies"] = [one for one in bill["dependencies"] if one["ref"] in needed]
    return bill


def main() -> None:
    output = ROOT / "dist"
    wheel = build(output)
    check(wheel, output)
    print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
