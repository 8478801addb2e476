"""Controls at work on evidence: evaluation, selection, waivers."""
