"""Every rule of the project, one sentence each; the slowest of them below `system`."""
