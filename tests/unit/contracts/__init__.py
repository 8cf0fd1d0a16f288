"""Contracts: schemas, the check, who reads what, the AsyncAPI document."""
