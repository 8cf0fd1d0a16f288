"""The catalogue of a little shop for house and garden, to try everything with.

products.csv  its catalogue, a product file like any other; it names its pictures, static files
loading       puts it into the shop
"""
