"""The outside world: Telegram, the clock, pictures of codes. Adapters for the ports in bot.services.

Only bot.app and bot.__main__ may import this package; it imports bot.services.ports and bot.domain.
"""
