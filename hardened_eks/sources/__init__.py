"""Templates as files: cdk.out directories and CloudFormation JSON or YAML, read without Node and without AWS."""

from hardened_eks.errors import InputProblem, UnusableInputError
from hardened_eks.sources.loading import STDIN, Loaded, compare, from_bodies, from_text, load, load_stacks

__all__ = [
    "STDIN",
    "InputProblem",
    "Loaded",
    "UnusableInputError",
    "compare",
    "from_bodies",
    "from_text",
    "load",
    "load_stacks",
]
