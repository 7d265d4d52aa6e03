"""The report of a tour: what its region-days' digests say together. Functions over values, as the rest of bot.digest."""
