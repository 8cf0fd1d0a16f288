"""`make chaos`: a real system under load, faults by a reproducible schedule, then the audit.

`python -m devtools.chaos --help`; what is promised and survived stands in `docs/reliability.md`.
"""
