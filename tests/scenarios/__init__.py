"""Whole orders through all apps, in this process, in any order of arrival."""
