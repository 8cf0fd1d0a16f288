"""Celery and the brokers: workers, the relay process, topology, transport, signatures."""
