"""What `run.py` does: servers, a relay, a worker for each app, the page, some riders."""
