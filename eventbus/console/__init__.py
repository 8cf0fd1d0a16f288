"""The console: pages for operators, about a running system of any project."""
