"""`make run`: the whole shop on this machine, one system at a time in a state folder.

supervisord keeps the processes alive (`supervisord.conf`); this package starts it, brings
the database up to date, waits until every process does its work, shows what they all
print, and leaves nothing behind when it ends.
"""
