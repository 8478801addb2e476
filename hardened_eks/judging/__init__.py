"""Evaluation of controls on evidence, selection of controls, and waivers."""
