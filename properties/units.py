"""Areas in one unit, for search, sorting and comparison."""

from decimal import Decimal

from .enums import AreaUnits, LotSizeUnits

SQUARE_METERS: dict[str, Decimal] = {
    AreaUnits.SQUARE_METERS: Decimal(1),
    AreaUnits.SQUARE_FEET: Decimal("0.09290304"),
    LotSizeUnits.ACRES: Decimal("4046.8564224"),
    LotSizeUnits.HECTARES: Decimal(10000),
}


def in_square_meters(area: Decimal | None, units: str) -> Decimal | None:
    """To two decimals; None without an area or its units."""
    if area is None or units not in SQUARE_METERS:
        return None
    return (area * SQUARE_METERS[units]).quantize(Decimal("0.01"))
