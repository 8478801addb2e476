"""The command line: one module for each command, which is imported when the command is called."""

from __future__ import annotations

import importlib
import sys
from typing import Any, Final

import click

from hardened_eks import __version__, _startup
from hardened_eks.cli._run import output, run

COMMANDS: Final = {
    "audit": ("hardened_eks.cli.audit", "Evaluate the clusters of an account, and report differences from templates."),
    "check": ("hardened_eks.cli.check", "Evaluate cdk.out directories, CloudFormation templates and manifests."),
    "controls": ("hardened_eks.cli.controls", "List and explain the controls; write the coverage matrix and OSCAL."),
    "detections": ("hardened_eks.cli.detections", "Print the detections of a cluster and their runbooks."),
    "diagram": ("hardened_eks.cli.diagram", "Draw the networks, ports, keys and roles of templates as a diagram."),
    "guardrails": (
        "hardened_eks.cli.guardrails",
        "Print organization policies that make AWS deny unhardened resources.",
    ),
    "data": ("hardened_eks.cli.data", "Update the data of this package from AWS."),
    "evidence": ("hardened_eks.cli.evidence", "Write evidence for auditors: report, control matrix and OSCAL."),
    "hook": ("hardened_eks.cli.hook", "Package the CloudFormation hook that evaluates deployments."),
    "image-gate": ("hardened_eks.cli.image_gate", "Fail if an image has too many vulnerabilities."),
    "manifests": ("hardened_eks.cli.manifests", "Write the in-cluster baseline as Kubernetes YAML."),
    "upgrade": ("hardened_eks.cli.upgrade", "Plan a Kubernetes upgrade and report what blocks it."),
}
"""Command name -> (module with the click command `command`, one line of help)."""


class LazyGroup(click.Group):
    """A group whose commands are imported only when they are called, so that `--help` stays fast."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        with output():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with output():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        with _startup.quick():
            command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS)
            hint = f"did you mean {near[0]!r}" if near else f"available commands: {', '.join(sorted(COMMANDS))}"
            ctx.fail(f"unknown command {args[0]!r}: {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, help_) in sorted(COMMANDS.items())])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(__version__, "-V", "--version", prog_name="hardened-eks")
def group() -> None:
    """Hardened Amazon EKS: check any EKS template against a catalog of controls, without Node or an AWS account."""


def main() -> None:
    """Run the command line."""
    sys.exit(run(group, "hardened-eks"))
