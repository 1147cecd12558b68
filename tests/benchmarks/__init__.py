"""What is measured, one module each, run by `bootstrap.py bench NAME`; no part of the tests."""
