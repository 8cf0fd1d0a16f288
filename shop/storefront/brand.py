"""What the shop is called."""

NAME = "Hearth & Sill"
CLAIM = "Things for the kitchen, the garden and the long evenings."
