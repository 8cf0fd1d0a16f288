"""What the shop is called."""

from django.utils.translation import gettext_lazy as _

NAME = "Hearth & Sill"
CLAIM = _("Things for the kitchen, the garden and the long evenings.")
