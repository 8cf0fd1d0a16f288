"""Contracts: what events promise their readers, told to other systems and kept by a check."""
