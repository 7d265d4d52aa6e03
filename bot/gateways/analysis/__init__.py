"""Reading Korean, in a process of its own: 130 to 350 MB that come when first needed and go when nobody asks.

`korean` reads (heavy packages, imported inside functions), `child` is the program around it, `process` is what the bot holds.
"""
