"""The entry point of AWS Lambda, which imports the other modules with garbage collection off.

It imports the whole catalog too: a function starts once and evaluates often, and no call should wait for imports.
"""

from hardened_eks import _startup

with _startup.quick():
    from hardened_eks.controls import CATALOGUE
    from hardened_eks.hook.function.handler import handler

    for _control in CATALOGUE:
        _ = _control.check  # imports the file of the control

__all__ = ["handler"]
