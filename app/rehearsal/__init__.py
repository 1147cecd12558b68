"""An election night in a box: invented elections, simulated stations, replays of real nights.

It drives the real station and the real centre, so that what is rehearsed is what will run.
"""
