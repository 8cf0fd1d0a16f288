"""Cost curves: what a reaction costs as backlog, history, order lines, apps or workers grow."""
