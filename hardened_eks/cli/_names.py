"""The type of options and arguments that name a file or a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from hardened_eks.cli._run import UnusableError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    _ParamType = click.ParamType[str]
else:
    _ParamType = click.ParamType  # generic only in newer versions of click


class EmptyNameError(UnusableError):
    """An error if the name of a file or folder is empty."""


class Name(_ParamType):
    """The name of a file or folder. An empty one is an error: for the system it is the working directory."""

    name = "file"

    def convert(
        self,
        value: str,
        param: click.Parameter | None,
        ctx: click.Context | None,  # noqa: ARG002 - click's signature
    ) -> str:
        """Return the name.

        Raises:
            EmptyNameError: it is empty.
        """
        if not value:
            which = param.opts[-1] if isinstance(param, click.Option) else str(param and param.name).upper()
            raise EmptyNameError(f"{which}: the name is empty: check that the variable in your command has a value")
        return value

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Let the shell complete the names of files."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


NAME: Final = Name()
