"""The papers that a transfer point gives out: transcript, error report, refusal, confirmation.

One module a paper says what stands on it (`transcript`, `error_report`, `refusal`, `confirmation`), `frame`
lays any of them out on A4 pages, `documents` writes, opens, prints and saves them for the window.
"""
