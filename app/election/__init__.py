"""What an election is: protocols, control numbers, checks, tallies, seats.

Pure Python: no input or output, no clock, no Qt, no SQL, no XML. Every rule is written here once
and run at every node: at the station when typing, at acceptance, before sending, and at the centre.
"""
