"""Where other checkers ask what our controls ask: do they come to the same verdict?

`tools/agreement/agreement.yaml` pairs controls with rules and explains differences, `agreement.json` beside it records
the verdicts of the others, and `tests/controls/test_agreement.py` compares them with ours.
"""
