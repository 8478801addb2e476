"""The entry point of AWS Lambda, which imports the other modules with garbage collection off.

It imports the catalog too: a function starts once and evaluates often, and no call should wait for imports. Templates
rarely contain Kubernetes objects, so the first one that does waits for their controls.
"""

from hardened_eks import _startup

with _startup.quick():
    from hardened_eks.controls import CATALOGUE
    from hardened_eks.evidence.objects import PREFIX
    from hardened_eks.hook.function.handler import handler

    for _control in CATALOGUE:
        if not all(type_.startswith(PREFIX) for type_ in _control.types):
            _ = _control.check  # imports the file of the control

__all__ = ["handler"]
