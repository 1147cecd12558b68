"""The operations room: the page of the centre's operators, behind a login, as a process of its own."""
