"""The console: what operators ask of a running shop, and the documents made from the code."""
