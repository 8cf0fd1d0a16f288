"""`make bench`: how fast orders settle, beside a naive Celery version of the same work.

Both ways run the same reactions with as many workers, on servers of the same kind, one after the
other in one run. The figure to read is the ratio: the seconds depend on the machine.
"""
