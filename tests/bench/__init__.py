"""The benchmark: `python -m tests.bench` measures what the project promises about speed and memory, and prints a table.

Every number is measured on a server that was started for it and against bounds that stand beside the measurement. What
cannot be measured (an element that is not there, a server that logs a traceback) raises; nothing passes unmeasured.
"""
