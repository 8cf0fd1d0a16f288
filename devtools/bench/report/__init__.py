"""The report of a benchmark, in Markdown: each figure with command, machine, versions and plots."""
