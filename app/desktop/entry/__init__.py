"""Typing a protocol from its paper: the form on the screen, the number pad, the second entry, settling."""
