"""The centre: ingest, store, publishing, and the pages that media and the public read.

It trusts no sender: each batch is verified, parsed, and every check run again before it counts.
"""
