"""Shipments, their parcels, and the sandbox carrier's own books."""

from shipping.models.parcel import Parcel, ParcelLine, ShipmentLine
from shipping.models.sandbox import SandboxParcel
from shipping.models.shipment import Shipment

__all__ = ["Parcel", "ParcelLine", "SandboxParcel", "Shipment", "ShipmentLine"]
