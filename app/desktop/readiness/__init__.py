"""The readiness check in the window: what the desk sees of the machine, and its page."""
