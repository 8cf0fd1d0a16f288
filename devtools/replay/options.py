"""The options of a replay."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, Field, ValidationError

from devtools.replay.errors import BadOption

#: Units of one product above which an option is a typing error.
MOST_STOCK = 100_000_000


class Options(BaseModel, frozen=True):
    """What a command line may say of a replay."""

    #: units each product gets; None: as many as the day sells
    stock: int | None = Field(None, ge=0, le=MOST_STOCK)
    #: share of orders that pay with a card which is declined
    decline_rate: float = Field(0, ge=0, le=1, allow_inf_nan=False)
    #: which orders these are
    seed: int = 0
    #: how many times faster than the day itself; None: as fast as it goes
    speed: float | None = Field(None, gt=0, allow_inf_nan=False)

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """Read the options among `given`, values or their text. Raises `BadOption`."""
        named = {name: given[name] for name in cls.model_fields if given.get(name) is not None}
        try:
            return cls(**named)
        except ValidationError as error:
            first = error.errors()[0]
            option = str(first["loc"][0]).replace("_", "-")
            raise BadOption(f"--{option} {first['input']}: {first['msg']}") from error
