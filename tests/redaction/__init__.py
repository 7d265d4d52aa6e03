"""How well personal data is taken out, judged from outside: generators written from how people write, not from the recogniser.

`python -m tests.redaction` prints the measure; `test_rates.py` holds the suite to it. Every form and every sentence
belongs to one of two halves: **seen**, which may be looked at while the recogniser is mended, and **held out**, which
may not. All people, numbers and addresses are invented and stand in ranges that are in use by nobody.
"""
