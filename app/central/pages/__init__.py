"""The public page: results as people want them, made of published documents alone.

A page is a pure function of what one version says (`view`), of a path (`routes`) and of a language
(`texts`): `rendering.Pages.page`. The server (`serving`) keeps what it rendered until the documents behind it
change; the export writes the same bytes to files. Nothing here knows the centre's database.
"""
