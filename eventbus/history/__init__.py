"""The past: partitions by month, archive, redaction, and what late joiners are fed."""
