"""The catalogue of a little shop for house and garden, to try everything with.

products.csv  its catalogue, a product file like any other
pictures      its pictures by name; kitchen, candles, ... draw them
loading       puts both into the shop
"""
