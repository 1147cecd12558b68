"""The commands of `prebirka`, one module each, named in the table of `app/cli.py`.

A module offers `app`, a `typer.Typer` made with `add_completion=False`. With one command in it, that
command is the command (`prebirka demo`); with a callback or several commands it is a group (`prebirka
trust ca`). A module is imported only when its command is called; what is heavy (Qt, SQL) it still
imports inside the function that needs it, so that its `--help` answers at once. Commands read the
clock, print and choose exit codes; what they do lives on the floors below.
"""
