"""A real trading day through the front door: `manage.py replay_orders FILE`.

The file is in the format of UCI Online Retail, one row for each line of an invoice.
The rules, row by row in order of InvoiceDate, rows of one minute as in the file:

1. A row is *goods* when its StockCode is five digits and at most two letters. Others are
   skipped as `not_goods`, then those with a UnitPrice not above 0 as `no_price`, then, on a
   sale, those with a Quantity not above 0 as `nonpositive_quantity`.
2. A sale with a row of goods is one order. Every row of goods is a line of it, at the
   file's price: no tax, no shipping cost, in GBP. It is placed when its first row of goods
   comes. Who orders is the CustomerID there, or a guest.
3. An InvoiceNo that begins with C is a return. The units of each of its rows of goods go
   back to that customer's earlier lines with that stock code, newest first, up to what was
   bought and not yet returned. What finds no line is unmatched, and so is all of a guest's.
   The units are the Quantity without its sign. Nothing is invented.
4. A product is listed and gets its stock when the first order with it comes, before that
   order is placed.

A file with anything in it that cannot be read is refused before anything is placed.
"""
