"""Azure Service Bus: every event on a topic there."""
