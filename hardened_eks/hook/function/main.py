"""The entry point of AWS Lambda, which imports the other modules with garbage collection off."""

from hardened_eks import _startup

with _startup.quick():
    from hardened_eks.hook.function.handler import handler

__all__ = ["handler"]
