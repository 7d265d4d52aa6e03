"""The tour's report as people ask for it: what it is made of, who may read which of it, in the chat and as a file.

It is made of the digests that were sent, as they are now, whenever somebody reads it, and is kept nowhere: what is taken
out of a digest is out of the tour's report.
"""
