"""The progress of a long run on a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def progress() -> Iterator[Callable[[int, int, int, int], None]]:
    """Yield a function that shows the progress in Regions and calls on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _done, _regions, _answered, _asked: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading from AWS", total=None)

        def show(done: int, regions: int, answered: int, asked: int) -> None:
            where = f"reading from AWS, Region {done + 1} of {regions}" if done < regions > 1 else "reading from AWS"
            bar.update(task, description=where, completed=answered, total=asked)

        yield show
