"""The tools of the storm, without one."""
