"""F1 on the desk: the handbook's page about what the clerk is at, in a window of its own beside the work.

`subject` says what F1 is about, `window` shows pages and searches them, `desk` brings both together and has
the handbook read in the background before anybody asks.
"""
