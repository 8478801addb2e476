"""Diagrams of templates: network traffic, encryption keys, and role trust."""

from hardened_eks.diagram.drawing import Theme, draw
from hardened_eks.diagram.facts import Facts
from hardened_eks.diagram.gathering import gather

__all__ = ["Facts", "Theme", "draw", "gather"]
