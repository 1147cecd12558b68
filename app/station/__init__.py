"""The transfer point without a window: store, intake, outbox, sending, completeness, prints.

All that the desk shows and does is a call on this floor, so that it is tested and driven without a
screen. It knows nothing of the centre but the documents that they exchange.
"""
