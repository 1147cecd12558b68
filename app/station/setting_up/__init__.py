"""From an empty folder to a station in service: a workstation's package, its request, its certificate."""

from typing import Final

#: A folder of files that are ready to be moved into the station's; with `.part` behind it is not ready yet.
INCOMING: Final = "incoming"
#: Says which package was taken, until the journal says it.
TAKEN_FILE: Final = "package.taken"
#: The package that a folder was made of; without `station.toml` beside it the folder waits for a certificate.
PACKAGE_FILE: Final = "package.p7m"
#: The signed list of approved programs.
BUILDS_FILE: Final = "builds.p7m"
