"""Who does not belong here tries to get in, or to see what is not theirs."""
