"""What is wrong with an input file, with its path and line."""

from hardened_eks.errors import InputProblem, UnusableInputError

__all__ = ["InputProblem", "UnusableInputError"]
