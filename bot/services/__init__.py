"""Use cases: one file for what a person or the clock can ask for, and the ports they need from outside.

May import bot.digest, storage, prompts and bot.domain. Edges import this package, never storage.
"""
