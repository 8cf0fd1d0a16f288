"""The benchmark's own parts, without a system to measure."""
