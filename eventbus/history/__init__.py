"""The past: partitions by month, archive, redaction."""
