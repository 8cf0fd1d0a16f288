"""The tour: a demo shop is broken from its console, and shows what it promises."""
