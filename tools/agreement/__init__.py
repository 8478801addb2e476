"""Compare our verdicts with those of other checkers, where their rules check the same setting as our controls.

`tools/agreement/agreement.yaml` pairs controls with rules and explains differences, `agreement.json` records
the verdicts of the other checkers, and `tests/tools/test_agreement.py` compares them with ours.
"""
