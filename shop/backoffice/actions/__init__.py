"""What staff can do to an order: a dialog each."""

from shop.backoffice.actions.action import Action as Action
from shop.backoffice.actions.deciding import ApproveReturn, Decide, RefuseReturn
from shop.backoffice.actions.money import Refund
from shop.backoffice.actions.shipping import GiveUpParcel, Ship, ShipByHand, ShipRest
from shop.backoffice.actions.stopping import Cancel, Hold, Release
from shop.backoffice.actions.telling import Comment, Resend

#: By the last part of their address, in the order of their buttons.
ACTIONS: dict[str, type[Action]] = {
    "decide": Decide,
    "ship": Ship,
    "ship-rest": ShipRest,
    "ship-by-hand": ShipByHand,
    "give-up-parcel": GiveUpParcel,
    "refund": Refund,
    "hold": Hold,
    "release": Release,
    "cancel": Cancel,
    "approve-return": ApproveReturn,
    "refuse-return": RefuseReturn,
    "resend": Resend,
    "comment": Comment,
}
