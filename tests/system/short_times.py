"""How soon a real system under test tries again and takes over."""

#: What a killed process held is taken over soon.
SHORT_TIMES = {
    "EVENTBUS_OVERDUE_AFTER": "2",
    "EVENTBUS_RETRY_BASE": "0.2",
    "EVENTBUS_LEASE": "5",
    "PACKING_TIME": "0",
    "CARRIER_TRANSIT": "0.5",
}
