"""Proving that a store holds what the program wrote: row by row, against seals, journal and signatures."""
