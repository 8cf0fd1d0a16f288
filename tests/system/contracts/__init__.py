"""What only a parser of somebody else's can show of the contracts."""
