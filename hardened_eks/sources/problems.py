"""Problems of input files, with path and line."""

from hardened_eks.errors import InputProblem, UnusableInputError

__all__ = ["InputProblem", "UnusableInputError"]


def reason(error: Exception) -> str:
    """Return why a file cannot be read. Python versions word a NUL character in its name differently."""
    if isinstance(error, ValueError) and "null" in str(error):
        return "its name contains a NUL character"
    return getattr(error, "strerror", None) or str(error)
