"""How Korean personal data is recognised. bot.digest.redact puts it together; its marks and names are known elsewhere too."""
