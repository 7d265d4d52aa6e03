"""What is remembered. The only importer of SQLAlchemy and Alembic; no ORM object leaves this package.

May import bot.domain. Imported by bot.services (and by bot.app, which opens the database).
"""
