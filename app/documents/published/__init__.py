"""Published documents read back for whoever shows them: sums, percentages, seats and names as they are said.

Nothing is computed here: what a document does not say, its reading does not have. `territory` reads the zero
file, `regional` and `senate` the documents of volby.cz.
Every document passes the hardened parser and its schema first.
"""
