"""Search: finding products by words and by what they are like.

models     a line for each product on sale, with all that lists and searches need
indexing   writes these lines, in the transaction of whatever changed
wording    from what somebody typed to a question, spelling mistakes included
filters    what a shopper asked for, as the address says it
results    what fits, how much of what kind there is, and what else may help

It promises that a line is what a fresh `manage.py reindex` would write.
"""
