"""Files that people send into the chat: received, looked at, applied or dropped; templates to fill in.

`intake` is what handlers ask for, `work` what the clock asks for; `documents` makes files when a delivery is claimed.
"""
