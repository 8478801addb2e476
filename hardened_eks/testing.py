"""The pytest plugin and the Python API for tests."""
