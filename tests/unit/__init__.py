"""Rules of one package at a time, in this process."""
