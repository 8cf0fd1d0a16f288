"""An app that joins a project as it stands."""
