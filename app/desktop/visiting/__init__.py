"""A commission's visit on the screen: the precinct found, its files taken off the stick, its paper checked.

Everything between "a commission stands here" and the acts of the verdict page lives in this package: the
search for a precinct, the scanner, the media, the totals typed from paper, their settlement, mending,
comparing and refusing. `conductor` joins them to the window.
"""
