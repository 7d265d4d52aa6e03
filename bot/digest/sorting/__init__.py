"""A language model says of notes without a button what they speak of; code decides what is made of it.

Order of sources: a person's button, then the model, then the offline proposal (bot.digest.grouping). Pure functions over
values; who asks is bot.services.ai_sorting. The model can place a note, never remove one or move what a person filed.
"""
