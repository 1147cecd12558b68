"""Where the frozen program begins: the command `prebirka`.

A rehearsal starts processes of its own with `-m MODULE`, as with any Python. The frozen program is no
Python, so it answers to that here, for the modules of the program and no others.
"""

import io
import runpy
import sys

# What goes to a pipe or a file is UTF-8 on every system; Windows would take what its locale says.
for stream in (sys.stdout, sys.stderr):
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8")

if len(sys.argv) > 2 and sys.argv[1] == "-m" and sys.argv[2].partition(".")[0] == "app":
    module = sys.argv[2]
    sys.argv[:3] = [module]
    runpy.run_module("app.__main__" if module == "app" else module, run_name="__main__", alter_sys=True)
else:
    from app.cli import main

    main()
