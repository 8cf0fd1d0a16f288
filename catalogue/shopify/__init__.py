"""The import of product files in Shopify's CSV format.

columns    which columns there are, under which names
reading    file -> rows
cells      what a cell may hold
drafting, variants, pictures    rows of one product -> a sound draft, or all its problems
storing    drafts -> catalogue, in bulk
importing  the whole way; report: what came of it
"""
