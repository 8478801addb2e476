"""`make control` makes files that work, fail until they are filled in, and say how."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hardened_eks.controls import CATALOGUE
from tools import new_control

ROOT = Path(__file__).parents[2]
NODES = [int(control.id.removeprefix("ND-")) for control in CATALOGUE if control.id.startswith("ND-")]
NEXT = f"ND-{max(NODES) + 1:02d}"
COPIED = ("hardened_eks", "tests", "benchmarks", "tools", "pyproject.toml", "CONTRIBUTING.md")


def copy(to: Path) -> Path:
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__", "results", "peers"))
        else:
            shutil.copy(ROOT / name, to / name)
    return to


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy(tmp_path_factory.mktemp("repository"))


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *arguments], cwd=root, capture_output=True, text=True, check=False)


def outcome_of(root: Path, id: str) -> subprocess.CompletedProcess[str]:
    files = ("tests/controls/test_catalogue.py", "tests/controls/test_conformance.py")
    return run(root, "pytest", "-q", "-p", "no:xdist", "--tb=line", "--durations=0", "-k", id, *files)


FILLED_IN = {
    'title="..."': 'title="Volumes carry a note"',
    "AWS::EKS::Cluster": "AWS::EC2::Volume",
    'requirement="..."': 'requirement="node.ebs.encrypted"',
    'why="..."': 'why="Nobody knows whose disk it is, so nobody deletes it."',
    'fix="..."': 'fix="Set Property to true."',
    'source="..."': 'source="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volumes.html"',
    'enforced_by="..."': 'enforced_by="NodeGroup"',
    'Problem("..."': 'Problem("the property is off"',
    '{"It": (TYPE, {})}': '{"It": (TYPE, {"Property": True})}',
}


def test_the_files_fail_until_they_are_filled_in(repository: Path) -> None:
    made = run(repository, "tools.new_control", "nodes", "volume_noted")
    assert (made.returncode, made.stderr) == (0, "")
    files = made.stdout.splitlines()[:3]
    assert files == [
        "hardened_eks/controls/nodes/volume_noted.py",
        "hardened_eks/controls/nodes/__init__.py",
        "tests/controls/nodes/volume_noted.py",
    ]
    assert f"tests/controls -k {NEXT}" in made.stdout

    failed = outcome_of(repository, NEXT)
    assert failed.returncode == 1
    for way_out in (
        "write in source= the page that says so",
        "add requirement= keys of hardened_eks/controls/frameworks/requirements.json",
        "write enforced_by= (a public name of hardened_eks) or detective=",
        "make controls",
        "hardened_eks/controls/nodes/volume_noted.py",
    ):
        assert way_out in failed.stdout, failed.stdout

    for file in files[::2]:
        path = repository / file
        text = path.read_text(encoding="utf-8")
        for before, after in FILLED_IN.items():
            text = text.replace(before, after)
        path.write_text(text, encoding="utf-8")
    assert run(repository, "tests.controls.messages").returncode == 0
    passed = outcome_of(repository, NEXT)
    assert passed.returncode == 0, passed.stdout
    checked = run(repository, "ruff", "check", *files)
    assert checked.returncode == 0, checked.stdout
    assert run(repository, "ruff", "format", "--check", *files).returncode == 0


def test_without_a_case_the_way_out_is_told(tmp_path: Path) -> None:
    root = copy(tmp_path)
    run(root, "tools.new_control", "keys", "key_described")
    (root / "tests/controls/keys/key_described.py").unlink()
    told = outcome_of(root, "KY-07").stdout
    assert "KY-07 has no case: write tests/controls/keys/key_described.py with CASE = Case(key_described, ...)" in told


def test_a_deployable_control_asks_for_no_requirement(tmp_path: Path) -> None:
    root = copy(tmp_path)
    _, (control, package, _) = new_control.make(root, "deployable", "a_new_one")
    assert "family=Family.DEPLOYABLE," in control.read_text()
    assert "requirement" not in control.read_text()
    assert package.read_text().count("a_new_one") == 4


def test_the_longest_name_has_an_import_of_one_line(tmp_path: Path) -> None:
    """A longer import is wrapped by ruff, and the next control of the area would not find it."""
    package = Path("hardened_eks/controls/keys/__init__.py")
    (tmp_path / package).parent.mkdir(parents=True)
    (tmp_path / "tests/controls").mkdir(parents=True)
    for file in (ROOT / package).parent.glob("*.py"):
        shutil.copy(file, tmp_path / package.parent)
    new_control.make(tmp_path, "keys", "z" * 38)
    lines = (tmp_path / package).read_text(encoding="utf-8").splitlines()
    assert 119 <= max(map(len, lines)) <= 120
    with pytest.raises(new_control.WrongError, match="at most 38 characters"):
        new_control.make(tmp_path, "keys", "z" * 39)


@pytest.mark.parametrize("area", new_control.areas(ROOT))
def test_the_lines_of_every_area_are_found(area: str) -> None:
    package = (ROOT / f"hardened_eks/controls/{area}/__init__.py").read_text(encoding="utf-8")
    text = new_control.listed(package, area, "zz_new")
    assert f"    from hardened_eks.controls.{area}.zz_new import zz_new\n" in text
    assert '    "zz_new",\n)\n' in text
    assert '    "zz_new",\n]\n' in text
    assert len(text.splitlines()) == len(package.splitlines()) + 3


@pytest.mark.parametrize(
    ("area", "name", "told"),
    [
        (
            "",
            "",
            ["AREA must be one of access, account, control_plane, ", "got ''", "NAME must be a valid function name"],
        ),
        ("node", "no_swap", ["AREA must be one of ", "nodes", "got 'node'"]),
        ("frameworks", "no_swap", ["got 'frameworks'"]),
        ("nodes", "No-Swap", ["NAME must be a valid function name, such as no_public_ip, got 'No-Swap'"]),
        ("nodes", "lambda", ["got 'lambda'"]),
        ("nodes", "base", ["NAME cannot be base, which is a module that is not a control"]),
        ("nodes", "../../x", ["got '../../x'"]),
        ("keys", "imds_v2", ["must be unique, but hardened_eks/controls/nodes/imds_v2.py already exists"]),
    ],
)
def test_wrong_arguments_are_told_and_nothing_is_written(
    area: str,
    name: str,
    told: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = (ROOT / "hardened_eks/controls/keys/__init__.py").read_text()
    assert new_control.main([area, name]) == 2
    error = capsys.readouterr().err
    assert all(words in error for words in told), error
    assert (ROOT / "hardened_eks/controls/keys/__init__.py").read_text() == before
