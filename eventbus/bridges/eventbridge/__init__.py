"""AWS EventBridge: every event on an event bus there."""
