"""Where AWS Lambda starts: it imports the rest without collections of garbage in between."""

from hardened_eks import _startup

with _startup.quick():
    from hardened_eks.hook.function.handler import handler

__all__ = ["handler"]
