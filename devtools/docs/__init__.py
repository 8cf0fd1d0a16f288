"""Parts of our documents that are made from the code."""
