"""What only real servers, workers and processes can show."""
