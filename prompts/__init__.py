"""Words as files, and the strict loader that reads them. May import bot.domain only."""
