"""Every document that crosses a border, one module each: bytes in, model out, and back.

Documents speak the official words (OKRSEK, VYDANE_OBALKY); the models that they are read into speak
English. The only floor that knows XML.
"""
