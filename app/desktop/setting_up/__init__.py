"""The desk's very first window: a new workstation is set up from its package before there is a station."""
