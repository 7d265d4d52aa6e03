"""How Korean personal data is recognised. Only bot.digest.redact imports this package."""
