"""What is wrong with an input file, with its path and line."""

from hardened_eks.errors import InputProblem, UnusableInputError

__all__ = ["InputProblem", "UnusableInputError"]


def reason(error: Exception) -> str:
    """Return why a file cannot be read. Each Python version has other words for a NUL character in its name."""
    if isinstance(error, ValueError) and "null" in str(error):
        return "its name contains a NUL character"
    return getattr(error, "strerror", None) or str(error)
