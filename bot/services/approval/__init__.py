"""Approval (결재) of a day's first digest: who is asked, what they may decide, and when it goes out without them.

Whoever publishes asks `asking`, handlers `deciding` and `naming`; whoever changes notes asks `bot.services.held_drafts`.
"""
