"""Přebírka: the software of a Czech election night.

The desk at every transfer point (přebírací místo), where commissions hand their protocols over, and
the centre that the desks feed. Each package is one floor of the house and knows only the floors below
it: commands, rehearsal and desktop, central and station, trust, documents, election.
"""

__version__ = "0.1.0"
