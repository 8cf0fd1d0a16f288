"""A model of the choreography that tries ways nobody has thought of."""
