"""A story as a picture: a lane for each app, time from left to right.

An event is a dot in the lane of the app that emitted it. A reaction is a bar in
the lane of its own app: pale while it waited, full while it worked, and a line
leads to it from its event. Time in which nothing begins or ends is cut out, unless the axis is
to be linear.
"""

from eventbus.console.story_svg.layout import render_story
from eventbus.console.story_svg.shapes import Picture, Window

__all__ = ["Picture", "Window", "render_story"]
