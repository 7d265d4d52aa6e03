"""What people can say to the bot: parse → one service call → one reply. A file a subject.

May import bot.services (with bot.services.unit) and bot.domain; decides nothing about business.
"""
