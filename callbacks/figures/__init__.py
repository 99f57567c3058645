"""The supervisor's counts: promises kept, times, load and causes, over days of the office."""
