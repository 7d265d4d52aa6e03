"""How much the bot's own work costs, as ratios against a plain way to do the same in the same run.

`make bench` (`python -m tests.bench`) prints them, `python -m tests.bench.large` measures a day of 10,000 notes and more.
Neither passes or fails: machines differ, and what is slow is for people to judge. `make test` runs the smallest size once.
"""
