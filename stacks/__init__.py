"""The reference stacks: composition only."""
