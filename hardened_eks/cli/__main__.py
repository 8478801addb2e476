"""`python -m hardened_eks.cli`."""

from hardened_eks.cli import main

main()
