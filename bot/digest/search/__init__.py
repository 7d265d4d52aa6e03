"""Answers from notes: what a question asks for, which notes speak of it, and which of their words are shown.

Functions over values, as the rest of bot.digest: no database, no chat. Only bot.services may import it.
"""
