"""Endpoints for machines: liveness, readiness and Prometheus metrics."""
