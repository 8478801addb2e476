"""What tests leave out when they run cfn-lint."""

READS_THE_CALENDAR = ("E2531", "E2533", "W2531")
"""Rules on deprecated runtimes, which judge on the day of the calendar. Tests judge on one day, and FN-02 judges runtimes."""
