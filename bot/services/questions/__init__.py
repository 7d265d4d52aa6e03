"""Questions of the notes: asking, finding, answering. Only what readers are shown of reports is searched (editions.py)."""
