"""Webhooks: people's own web servers are told of the events that they subscribed to, signed.

Signed and numbered as https://www.standardwebhooks.com says; sent again for days with growing
gaps; each attempt is in a log. On while `EVENTBUS_WEBHOOKS_EVENTS` lists what may be told.

services       what people do: subscribe, change, make a new secret, send a test, send again
reactions      what the app does about events: note them for subscribers, and send what is due
turns          a subscription's turn: what is due is sent, and written down
hooks          what a project adds: whom an event may be told to
client         one request to a receiver, by an address that was checked
"""
