"""Times that lie ahead of the clock: whoever wrote them had a clock that was ahead and was set back since."""

from datetime import timedelta

SLACK = timedelta(seconds=5)
"""Clocks of several processes differ by so much; what is ahead by less was written a moment ago."""
