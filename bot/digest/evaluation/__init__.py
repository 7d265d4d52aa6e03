"""Scores a digest against notes that people labelled: from its JSON form alone, with rules of its own.

Nothing here asks the pipeline's checks whether they were right: a check that is broken must show. Pure functions;
imported by `bot.commands` and by tests.
"""
