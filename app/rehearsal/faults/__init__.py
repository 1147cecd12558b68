"""Everything that can go wrong between a station and the centre, done on purpose.

A run is a small invented night (one to three stations, some tens of protocols, mistakes and corrections
among them) and a plan of faults drawn from a seed. When the faults end, everything is started again, and
the night has to come out right: nothing lost, nothing counted twice, nothing forged accepted, nothing
stuck. The parts:

    kinds       the faults by name, and which belong together
    scene       the small night: built once, copied for each run; its clock
    line        a proxy on the line that loses, holds back, repeats, cuts, corrupts, swaps and forges
    mischief    what it does to the bytes
    posts       a station with its people, and a centre behind a real HTTP server, within one process
    victims     processes that end themselves with SIGKILL at a chosen point of the code: before or after
                the n-th commit, fsync, send, receive, or after a random time
    disks       a disk that is full, and one that can only be read
    bits        flipped bits in a database file, which must be noticed, and the repair
    verdict     what was lost, doubled, forged, stuck
    runs        one run of each sort
    campaign    many runs and their table

The programs under test have no hooks: the proxy stands outside, and what counts the points is put over
the standard library in the victim's process alone.
"""
