"""An invoice as people read it: its words in `content`, its pages in `pages`."""
