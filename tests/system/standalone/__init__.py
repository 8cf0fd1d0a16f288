"""The bus as others have it: built, installed, and used by a project that has nothing else."""
