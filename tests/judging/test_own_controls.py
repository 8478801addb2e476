"""Controls of a team's own: by entry point, by module, by file; what is wrong with one is said, never skipped."""

import importlib
import sys
from collections.abc import Iterator

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.model import Control, Problem, Severity, control
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import Finding, evaluate
from hardened_eks.judging.own_controls import GROUP, from_module, installed, with_own

SOURCE = dedent("""\
    from hardened_eks.controls.model import Problem, Severity, control


    @control(
        id="{id}",
        title="Clusters are named",
        types=["AWS::EKS::Cluster"],
        severity=Severity.LOW,
        why="Bills name them.",
        fix="Set Name.",
        source="https://wiki.example.com/names",
    )
    def {name}(cluster, assembly):
        if cluster.get("Name") is None:
            yield Problem("no name", "Name")
""")


def make(id: str, name: str) -> Control:
    def check(cluster: Any, assembly: Any) -> Iterator[Problem]:
        yield Problem("no name", "Name")

    check.__name__ = name
    texts = {"title": "t", "why": "w", "fix": "f", "source": "https://wiki.example.com"}
    return control(id=id, types=["AWS::EKS::Cluster"], severity=Severity.LOW, **texts)(check)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on sys.path, as packages are installed in; its modules are forgotten afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    installed.cache_clear()
    yield tmp_path
    installed.cache_clear()
    for name in set(sys.modules) - before:
        del sys.modules[name]


def install(site: Path, module: str, text: str, *points: str) -> None:
    (site / f"{module}.py").write_text(text)
    info = site / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *points]))
    importlib.invalidate_caches()


def test_without_any_it_is_the_catalogue(site: Path) -> None:
    assert with_own() == (CATALOGUE, [])
    assert with_own([]) == (CATALOGUE, [])


def test_an_installed_package_brings_controls(site: Path) -> None:
    install(site, "acme_eks", SOURCE.format(id="ACME-01", name="named") + "ALL = [named]\n", "a = acme_eks:named")
    together, mistakes = with_own()
    assert ([c.id for c in together[len(CATALOGUE) :]], mistakes) == (["ACME-01"], [])


def test_an_entry_point_may_name_several(site: Path) -> None:
    text = SOURCE.format(id="ACME-01", name="named") + SOURCE.format(id="ACME-02", name="named_too")
    install(site, "acme_eks", text + "ALL = (c for c in [named, named_too])\n", "a = acme_eks:ALL")
    assert [c.id for c in installed()[0]] == ["ACME-01", "ACME-02"]


def test_one_control_by_two_ways_counts_once(site: Path) -> None:
    install(site, "acme_eks", SOURCE.format(id="ACME-01", name="named"), "a = acme_eks:named", "b = acme_eks:named")
    named = from_module("acme_eks")
    assert from_module(str(site / "acme_eks.py")) == named
    together, mistakes = with_own(named, ["acme_eks", str(site / "acme_eks.py")])
    assert (len(together), mistakes) == (len(CATALOGUE) + 1, [])


@pytest.mark.parametrize(
    ("text", "point", "message"),
    [
        ("", "a = acme_eks:gone", "cannot be loaded: AttributeError: module 'acme_eks' has no attribute 'gone'"),
        ("", "a = acme_none:x", "cannot be loaded: ModuleNotFoundError: No module named 'acme_none'"),
        ("1 / 0", "a = acme_eks:x", "cannot be loaded: ZeroDivisionError: division by zero ("),
        ("exit(3)", "a = acme_eks:x", "cannot be loaded: SystemExit: 3 ("),
        ("x = [", "a = acme_eks:x", "cannot be loaded: SyntaxError: '[' was never closed"),
        ("x = 'CP-01'", "a = acme_eks:x", "needs a control object or a list of them, got 'CP-01'"),
        ("x = ['CP-01']", "a = acme_eks:x", "needs a control object or a list of them, got 'CP-01'"),
        ("x = []", "a = acme_eks:x", "needs a control object or a list of them, got none"),
        ("x = None", "a = acme_eks:x", "needs a control object or a list of them, got None"),
        (
            "def x(cluster, assembly): yield",
            "a = acme_eks:x",
            "needs a control object or a list of them, got <function x",
        ),
        ("", "a = acme_eks", "needs a control object or a list of them, got <module 'acme_eks'"),
    ],
)
def test_a_broken_entry_point_is_said_with_its_package(site: Path, text: str, point: str, message: str) -> None:
    install(site, "acme_eks", text, point)
    together, (mistake,) = with_own()
    assert together == CATALOGUE
    assert mistake.startswith(f"the entry point {point} of acme_eks ({GROUP}) {message}")


def test_a_module_brings_what_is_at_its_top_level_or_in_its_list(site: Path) -> None:
    text = SOURCE.format(id="ACME-01", name="named") + SOURCE.format(id="ACME-02", name="named_too")
    (site / "acme_top.py").write_text(text + "from hardened_eks.controls.control_plane import private_endpoint\n")
    assert [c.id for c in with_own(modules=["acme_top"])[0][len(CATALOGUE) :]] == ["ACME-01", "ACME-02"]
    (site / "acme_list.py").write_text(text + "CONTROLS = [named_too]\n")
    assert [c.id for c in from_module(str(site / "acme_list.py"))] == ["ACME-02"]


@pytest.mark.parametrize(
    ("module", "message"),
    [
        ("acme_none", "the module 'acme_none' cannot be imported: ModuleNotFoundError: No module named 'acme_none'"),
        ("none.py", "the module 'none.py' cannot be imported: FileNotFoundError: "),
        ("", "the module '' cannot be imported: ValueError: Empty module name"),
        ("..x", "the module '..x' cannot be imported: TypeError: "),
        ("json", "the module 'json' has neither a control at its top level nor a list CONTROLS"),
        ("acme_wrong", "CONTROLS of acme_wrong needs a control object or a list of them, got 7"),
        (
            "acme_broken",
            "the module 'acme_broken' cannot be imported: ConfigurationError: control ACME-01: severity needs",
        ),
    ],
)
def test_fails_when_a_module_brings_no_control(site: Path, module: str, message: str) -> None:
    (site / "acme_wrong.py").write_text("CONTROLS = 7\n")
    broken = SOURCE.format(id="ACME-01", name="named").replace("Severity.LOW", "'low'")
    (site / "acme_broken.py").write_text(broken)
    together, (mistake,) = with_own(modules=[module])
    assert together == CATALOGUE
    assert mistake.startswith(message)


def test_a_broken_file_can_be_mended_and_read_again(site: Path) -> None:
    file = site / "acme_file.py"
    file.write_text("1 / 0\n")
    with pytest.raises(ValueError, match="ZeroDivisionError.*acme_file.py:1"):
        from_module(str(file))
    file.write_text(SOURCE.format(id="ACME-01", name="named"))
    assert [c.id for c in from_module(str(file))] == ["ACME-01"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("A-1", "x"), ("A-1", "y")),
        (("A-1", "x"), ("a-1", "y")),
        (("A-1", "x"), ("A-2", "x")),
        (("A-1", "x"), ("B", "a-1")),
    ],
)
def test_fails_when_two_own_controls_have_one_id_or_name(
    site: Path, one: tuple[str, str], other: tuple[str, str]
) -> None:
    _, (mistake,) = with_own([make(*one), make(*other)])
    assert mistake.startswith(
        f"{' '.join(other)} (tests.judging.test_own_controls) has the ID or name of {' '.join(one)} ("
    )


@pytest.mark.parametrize("extra", ["CP-01", [7], make, {"a": 1}, 7, None])
def test_fails_when_extra_is_no_control(site: Path, extra: object) -> None:
    _, (mistake,) = with_own(extra)
    assert mistake.startswith("extra needs a control object or a list of them, got ")


@pytest.mark.parametrize("yielded", ["no name", None, Problem("no name", None), Problem(7)])  # type: ignore[arg-type]
def test_what_is_no_problem_is_a_finding_of_its_own(yielded: object) -> None:
    def check(cluster: Any, assembly: Any) -> Iterator[Any]:
        yield yielded

    (finding,) = judged(check)
    assert finding.problem.message.startswith(f"cannot be evaluated, the control yielded {yielded!r}, not a Problem")


def test_an_own_control_that_breaks_is_said_to_be_at_fault() -> None:
    def check(cluster: Any, assembly: Any) -> Iterator[Any]:
        yield Problem({}["Name"])

    (finding,) = judged(check)
    assert finding.problem.message == "cannot be evaluated, the control raised an exception (KeyError: 'Name')"


def judged(check: Any) -> tuple[Finding, ...]:
    texts = {"title": "t", "why": "w", "fix": "f", "source": "https://wiki.example.com"}
    own = control(id="ACME-01", types=["AWS::EKS::Cluster"], severity=Severity.LOW, **texts)(check)
    body = {"Resources": {"C": {"Type": "AWS::EKS::Cluster"}}}
    return evaluate(Assembly([Template("T", body)]), [own]).findings
