"""Pictures of what templates build: who talks to whom, what each key encrypts, who may take which role."""

from hardened_eks.diagram.drawing import Theme, draw
from hardened_eks.diagram.facts import Facts, gather

__all__ = ["Facts", "Theme", "draw", "gather"]
