"""Closing the transfer point: what has to be done before, the report, and that nothing is written after.

- `gate`       the one place that refuses every act of a closed point
- `explaining` why a protocol is missing, in a supervisor's words
- `checklist`  what has to be true before the point is closed
- `report`     what the closing report says
- `closing`    the acts: explain, verify, close, reopen
"""
