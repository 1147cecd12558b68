"""What is published beside the documents of volby.cz: pointer, manifest, changes, checkpoint, zero file.

A document is text built from plain values, with a schema in `resources/schemas/feed_*.xsd`. Nothing here
knows how the values came about.
"""
