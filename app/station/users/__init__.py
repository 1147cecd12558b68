"""Who works at the station: accounts, their passwords, signing in, delay and lock-out."""
