"""A local counterpart of Telegram and a chat page, so that everything runs without a token.

May import the standard library, aiohttp, jinja2 and `bot.domain` only: it must stay an independent
counterpart of the bot, so it shares neither the bot's code nor its Telegram library.
"""
