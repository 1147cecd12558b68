"""Fuzzing of everything that reads what a stranger wrote: files on a stick, the line, the centre's door.

`python -m tests.fuzzing --minutes 30` runs every target guided by coverage (atheris, on Linux); the suite
replays the stored corpus and a few mutations of it without atheris. A target is a function of bytes that
must end, with a refusal that has a code or without one, and keep what its module promises. Seeds are made
by the program as it is now; the corpus beside them holds only short inputs that reach something new.
"""
