"""`make bench`: how fast orders settle, beside a naive Celery version of the same work.

All ways run the same reactions with as many workers, on the same servers, in turns. The figure to
read is the ratio: the seconds depend on the machine.
"""
