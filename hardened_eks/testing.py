"""For teams that test their own stacks: `assert_hardened`, as a function and as a pytest fixture.

pytest loads this module at its start wherever the library is installed, so it imports nothing until it is called.
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
        assert_hardened(Template.from_stack(stack))

    Args:
        *templates: CDK apps, stages or stacks (their whole app is evaluated, with the waivers created in code),
            `aws_cdk.assertions.Template` objects, template bodies, or paths as `hardened-eks check` takes them. All
            together are one assembly.
        controls: ids or control objects to evaluate by, and no others. Default: the whole catalog, with the controls of
            installed packages (entry points ``hardened_eks.controls``).
        extra: your own controls, evaluated in addition. Default: none.
        exclude: ids or control objects to leave out. Default: none.
        fail_on: the least severity that fails, or ``incomplete``: an incomplete verdict fails, too.
            Default: every finding fails.
        waivers: files of waivers. Default: only the waivers created in code, which apps, stages and stacks carry.
        previous: what is deployed now, in the same forms, for controls that evaluate a change. Default: unknown, and
            these controls evaluate nothing.
        complete: CloudFormation types of which the templates have all there are, or ``all``: templates without a trail,
            a detector or a backup plan then fail. Default: none.
        scope: ``all`` to evaluate resources that belong to no cluster too. Default: ``eks``, what belongs to one.
        today: the day on which waivers and versions are evaluated. Default: today, UTC.
        allow_nothing: accept that no control found anything to evaluate. Default: that fails too, since such a test
            proves nothing.

    Returns:
        The outcome, for further assertions, for example on ``outcome.waived``.

    Raises:
        AssertionError: with the report, when there are findings, nothing was examined, or a control could not see what
            it asks for.
        ConfigurationError: unknown controls, severity or types, two own controls with one id or name, an entry point
            that cannot be loaded, unreadable or wrong waiver files; all at once.
        UnusableInputError: a file or body that is not a template.
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
    """Read what a test has at hand as one assembly."""
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
