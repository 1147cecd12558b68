"""The media server: the media's own line, a process that reads published files and the signed list alone."""
