"""The ways to react to an order: the choreography, naive Celery, one synchronous request."""
