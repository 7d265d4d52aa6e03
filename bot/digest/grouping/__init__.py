"""Which notes speak of the same matter, proposed without a language model: pure functions over values.

May use numpy; never a morphological analyser or a sentence encoder: those run in a child process
(bot.gateways.analysis) and hand over `Reading`s. Imported by bot.digest and by what feeds it.
"""
