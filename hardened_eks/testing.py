"""`assert_hardened` for tests of your own stacks, as a function and as a pytest fixture.

pytest loads this module at every start if the library is installed, so it imports nothing until it is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from hardened_eks.controls.model import Control, Severity
    from hardened_eks.judging.evaluation import Outcome
    from hardened_eks.reports import Report
    from hardened_eks.sources import Loaded

try:
    import pytest
except ImportError:  # the function works with any test runner
    pytest = None  # type: ignore[assignment]


def assert_hardened(
    *templates: Any,
    controls: Iterable[Control | str] | Control | str = (),
    extra: Iterable[Control] | Control = (),
    exclude: Iterable[Control | str] | Control | str = (),
    fail_on: Severity | str = "low",
    waivers: str | Path | Sequence[str | Path] = (),
    previous: Any = None,
    complete: str | Sequence[str] = (),
    scope: Literal["eks", "all"] = "eks",
    today: date | None = None,
    allow_nothing: bool = False,
) -> Outcome:
    """Fail the test unless the templates pass the catalog, with something examined.

    Example:
        assert_hardened(stack)

    Args:
        *templates: CDK apps, stages or stacks (for a stack, its whole app is evaluated), with their waivers in code;
            `aws_cdk.assertions.Template` objects, template bodies, or paths as for `hardened-eks check`. All of them
            are one assembly. In a test, a `Template` or a body has no construct paths, so waivers in code (`waive`)
            cover nothing in it: pass the stack.
        controls: IDs or control objects to evaluate, including your own. Default: the whole catalog, with the controls
            of installed packages (entry points ``hardened_eks.controls``).
        extra: your own controls, evaluated in addition. Default: none.
        exclude: IDs or control objects to leave out. Default: none.
        fail_on: the lowest severity that fails (``critical``, ``high``, ``medium``, ``low``), or ``incomplete`` if an
            incomplete verdict fails, too. Default: ``low``, every finding fails.
        waivers: paths of waiver files. Default: none, only waivers in the code of apps, stages and stacks.
        previous: the deployed templates, in the same forms, for controls that evaluate a change. Default: not known;
            these controls evaluate nothing.
        complete: CloudFormation types of which the templates contain every resource of the account, or ``all``:
            templates without a trail, a detector or a backup plan then fail. Default: none.
        scope: ``all`` to also evaluate resources that belong to no cluster. Default: ``eks``, only those that belong to
            a cluster.
        today: the day on which waivers and versions are evaluated. Default: the current date in UTC.
        allow_nothing: accept that no control found anything to evaluate. Default: no, this fails the test, because it
            proves nothing.

    Returns:
        The outcome, for further assertions, for example on ``outcome.waived``.

    Raises:
        AssertionError: there are findings, nothing was examined, or a control could not see a required property. The
            message has the report.
        ConfigurationError: a control, the severity or a type is unknown, two of your controls have the same ID or name,
            an entry point cannot be loaded, or a waiver file is unreadable or invalid. The error lists all mistakes.
        UnusableInputError: a file or body is not a template.
    """
    __tracebackhide__ = True
    from hardened_eks import _clock
    from hardened_eks._choice import choose
    from hardened_eks.judging.evaluation import evaluate

    choice = choose(
        "assert_hardened",
        controls=controls,
        extra=extra,
        exclude=exclude,
        fail_on=fail_on,
        waivers=waivers,
        complete=complete,
        scope=scope,
        today=today,
    )
    loaded = _load(templates)
    loaded.assembly.complete |= choice.complete
    if previous is not None:
        loaded.assembly.previous = _load((previous,)).assembly
    day = choice.today or _clock.today()
    accepted = (*loaded.waivers, *choice.waivers)
    outcome = evaluate(
        loaded.assembly,
        choice.controls,
        waivers=accepted,
        known=choice.catalogue,
        fail_on=choice.fail_on,
        today=day,
        scope=choice.scope,
    )
    report = _report(outcome, loaded, day)
    if report.fails or not (outcome.resources or allow_nothing):
        from hardened_eks.reports import render

        raise AssertionError("not hardened\n" + render(report, "text"))
    return outcome


def _load(templates: Sequence[Any]) -> Loaded:
    """Load the arguments of a test as one assembly."""
    from hardened_eks.evidence import Assembly
    from hardened_eks.sources import Loaded, from_bodies, load

    parts: list[Loaded] = []
    paths: list[str | Path] = []
    bodies: dict[str, Any] = {}
    for template in templates:
        if isinstance(template, str | Path):
            paths.append(template)
        elif isinstance(template, Mapping):
            bodies[f"Template{len(bodies) or ''}"] = dict(template)
        elif hasattr(template, "to_json"):  # aws_cdk.assertions.Template
            bodies[f"Template{len(bodies) or ''}"] = template.to_json()
        elif hasattr(template, "synth"):  # an app or a stage
            paths.append(template.synth().directory)
        elif hasattr(template, "template_file"):  # a stack
            paths.append(template.node.root.synth().directory)
        else:
            raise TypeError(f"expected an app, a stack, a template or a path, got {template!r}")
    parts += [load(dict.fromkeys(paths))] if paths else []
    parts += [from_bodies(bodies)] if bodies or not paths else []
    if len(parts) == 1:
        return parts[0]
    return Loaded(
        Assembly(template for part in parts for template in part.assembly.templates),
        tuple(waiver for part in parts for waiver in part.waivers),
        tuple(note for part in parts for note in part.notes),
        any(part.hides_eks for part in parts),
    )


def _report(outcome: Outcome, loaded: Loaded, day: date) -> Report:
    from hardened_eks.reports import Report

    stacks = len(loaded.assembly.templates)
    return Report(outcome=outcome, day=day, notes=loaded.notes, hides_eks=loaded.hides_eks, stacks=stacks)


if pytest is not None:

    @pytest.fixture(name="assert_hardened", scope="session")
    def assert_hardened_fixture() -> Callable[..., Outcome]:
        """`hardened_eks.testing.assert_hardened`, without an import."""
        return assert_hardened
