"""What is so now, for every page that shows it live.

`statement` asks the database for all of it at once, `snapshot` is what came out, `app_state` says
in a word how an app is, `regions` draws each part once for all viewers, and `hub` sends them what
has changed, as `stream` writes it. However many look, the statement runs once a second in a
process, and not at all while nobody looks.
"""
