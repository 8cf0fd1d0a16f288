"""Shipments, their parcels, what comes back, and the sandbox carrier's own books."""

from shipping.models.parcel import Parcel, ParcelLine, ShipmentLine
from shipping.models.return_parcel import ReturnParcel
from shipping.models.sandbox import SandboxParcel
from shipping.models.shipment import Shipment

__all__ = ["Parcel", "ParcelLine", "ReturnParcel", "SandboxParcel", "Shipment", "ShipmentLine"]
