"""Actions of staff on an order, each with a dialog."""

from shop.backoffice.actions.action import Action as Action
from shop.backoffice.actions.communication import Comment, Resend
from shop.backoffice.actions.hold_and_cancel import Cancel, Hold, Release
from shop.backoffice.actions.money import Refund
from shop.backoffice.actions.review import ApproveReturn, Decide, RefuseReturn
from shop.backoffice.actions.shipping import GiveUpParcel, Ship, ShipByHand, ShipRest

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
