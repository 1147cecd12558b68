"""The line from a station to the centre: the way that a request takes, and finding out what is wrong with it.

Nothing here shows anything: the desk's page and the command line tell the same findings.
"""
