"""Digests as files, each form made from the same value. Imported by the composition root and the commands."""
