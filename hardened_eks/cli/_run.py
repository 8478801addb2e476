"""Run the command line. A failed run ends with an exit code and one line, without a traceback."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

UNUSABLE: Final = 2
"""The exit code for unusable input, output that cannot be written, and internal errors."""
INTERRUPTED: Final = 130
"""The exit code after Ctrl-C, as in shells."""
DEBUG: Final = "HARDENED_EKS_DEBUG"
"""The environment variable that shows the traceback of an internal error."""
_OF_STREAMS: Final = {errno.EPIPE, errno.ENOSPC, errno.EBADF, errno.EIO, errno.EFBIG}


class UnusableError(click.ClickException):
    """An error with the exit code for unusable input and output, which click shows as one line."""

    exit_code = UNUSABLE

    def show(self, file: Any = None) -> None:  # noqa: ARG002 - click's signature
        """Print the error as one line."""
        click.echo(f"error: {self.message}", err=True)


class OutputError(UnusableError):
    """An error if standard output cannot be written: it is closed, its reader ended, or the disk is full."""


class _Closed(io.TextIOBase):
    """A replacement for a standard output that was closed before the start, for which Python has None."""

    def write(self, _text: str) -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


@contextmanager
def output() -> Iterator[None]:
    """Turn a failed write to the standard output into an `OutputError`: click ends some of them with exit code 1."""
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno in _OF_STREAMS:
            raise OutputError(f"the standard output cannot be written: {error.strerror}") from error
        raise


def run(command: click.Command, name: str) -> int:
    """Run `command` with the arguments of the process and return its exit code."""
    if sys.stdout is None:
        sys.stdout = _Closed()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    code = _run(command, name)
    for stream in (sys.stdout, sys.stderr):
        code = _flush(stream, told=code == UNUSABLE) or code
    return code


def _run(command: click.Command, name: str) -> int:
    with suppress(OSError):  # of a standard error that takes nothing either: the exit code is all that is left
        try:
            code = command.main(prog_name=name, standalone_mode=False)
        except SystemExit as end:
            code = end.code
        except click.ClickException as error:
            _show(error)
            return UNUSABLE
        except (click.Abort, KeyboardInterrupt):
            click.echo("interrupted", err=True)
            return INTERRUPTED
        except Exception as error:  # noqa: BLE001 - an error of ours must not look like findings
            click.echo(_internal(error), err=True)
            return UNUSABLE
        return 0 if code is None else code if isinstance(code, int) else UNUSABLE
    return UNUSABLE


def _show(error: click.ClickException) -> None:
    """Print an error of click as ours: a line that begins with ``error:``, after the usage if the options are wrong."""
    only_help = getattr(click.exceptions, "NoArgsIsHelpError", ())  # of a group without arguments, in newer versions
    if not isinstance(error, click.UsageError) or isinstance(error, only_help):
        error.show()
        return
    if error.ctx is not None:
        click.echo(f"{error.ctx.get_usage()}\nTry '{error.ctx.command_path} --help' for help.\n", err=True)
    click.echo(f"error: {error.format_message()}", err=True)


def _internal(error: Exception) -> str:
    """Return an internal error in one line, or with its traceback if the user requests it."""
    import traceback

    from hardened_eks.reports.model import clean

    if os.environ.get(DEBUG):
        return "".join(traceback.format_exception(error))
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119 - pathlib would slow down every start
    return clean(
        f"error: internal error, which is a bug in hardened-eks: {type(error).__name__}: {error} ({place}); "
        f"please report it with the output of the same command under {DEBUG}=1"
    )


def _flush(stream: Any, *, told: bool) -> int:
    """Flush `stream` and return the exit code; after a failure, keep Python from flushing it again at exit.

    Args:
        stream: the stream.
        told: whether a line already named the reason: the unwritten output is then still in the buffer.
    """
    try:
        stream.flush()
    except (AttributeError, ValueError):  # no stream, or a closed one
        return 0
    except OSError as error:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if stream is sys.stdout:
            if not told:
                with suppress(OSError):
                    click.echo(f"error: the standard output cannot be written: {error.strerror}", err=True)
            return UNUSABLE
    return 0
