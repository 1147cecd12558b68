"""Protocols typed from paper: drafts saved at every field exit, the blind second entry, and its closing."""
