"""The enumerations that code decides on. Keys are ours; the values of a feed are in `lists/`."""

from django.db import models


class StandardStatus(models.TextChoices):
    INCOMPLETE = "incomplete", "Incomplete"
    COMING_SOON = "coming_soon", "Coming soon"
    ACTIVE = "active", "Active"
    ACTIVE_UNDER_CONTRACT = "active_under_contract", "Active under contract"
    PENDING = "pending", "Pending"
    CLOSED = "closed", "Closed"
    HOLD = "hold", "Hold"
    WITHDRAWN = "withdrawn", "Withdrawn"
    CANCELED = "canceled", "Canceled"
    EXPIRED = "expired", "Expired"
    DELETE = "delete", "Delete"


_S = StandardStatus

TRANSITIONS: dict[str, frozenset[str]] = {
    _S.INCOMPLETE: frozenset({_S.COMING_SOON, _S.ACTIVE, _S.DELETE}),
    _S.COMING_SOON: frozenset({_S.ACTIVE, _S.WITHDRAWN, _S.CANCELED}),
    _S.ACTIVE: frozenset(
        {
            _S.ACTIVE_UNDER_CONTRACT,
            _S.PENDING,
            _S.HOLD,
            _S.WITHDRAWN,
            _S.CANCELED,
            _S.EXPIRED,
            _S.CLOSED,
        }
    ),
    _S.ACTIVE_UNDER_CONTRACT: frozenset({_S.ACTIVE, _S.PENDING, _S.CLOSED, _S.WITHDRAWN}),
    _S.PENDING: frozenset({_S.ACTIVE, _S.CLOSED, _S.WITHDRAWN}),
    _S.CLOSED: frozenset(),
    _S.HOLD: frozenset({_S.ACTIVE, _S.WITHDRAWN, _S.CANCELED}),
    _S.WITHDRAWN: frozenset({_S.ACTIVE}),
    _S.CANCELED: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.DELETE: frozenset(),
}
# On the public page. A closed home stays for a year, see PropertyQuerySet.published().
SHOWN_STATUSES = frozenset({_S.COMING_SOON, _S.ACTIVE, _S.ACTIVE_UNDER_CONTRACT, _S.PENDING})
ANSWERING_STATUSES = SHOWN_STATUSES
VIEWING_STATUSES = frozenset({_S.ACTIVE, _S.ACTIVE_UNDER_CONTRACT})
GONE_STATUSES = frozenset({_S.WITHDRAWN, _S.CANCELED, _S.EXPIRED, _S.DELETE})


class PropertyType(models.TextChoices):
    """The kinds of the first release. A feed's other kinds are refused by name."""

    RESIDENTIAL = "residential", "Residential"
    RESIDENTIAL_LEASE = "residential_lease", "Residential lease"
    RESIDENTIAL_INCOME = "residential_income", "Residential income"
    LAND = "land", "Land"


class PropertySubType(models.TextChoices):
    SINGLE_FAMILY_RESIDENCE = "single_family_residence", "Single-family residence"
    TOWNHOUSE = "townhouse", "Townhouse"
    CABIN = "cabin", "Cabin"
    DUPLEX = "duplex", "Duplex"
    TRIPLEX = "triplex", "Triplex"
    QUADRUPLEX = "quadruplex", "Quadruplex"
    RANCH = "ranch", "Ranch"
    FARM = "farm", "Farm"
    CONDOMINIUM = "condominium", "Condominium"
    APARTMENT = "apartment", "Apartment"
    STOCK_COOPERATIVE = "stock_cooperative", "Stock cooperative"
    OWN_YOUR_OWN = "own_your_own", "Own your own"
    CO_OWNERSHIP = "co_ownership", "Co-ownership"
    TENANCY_IN_COMMON = "tenancy_in_common", "Tenancy in common"
    TIMESHARE = "timeshare", "Timeshare"
    MANUFACTURED_HOME = "manufactured_home", "Manufactured home"
    MOBILE_HOME = "mobile_home", "Mobile home"
    MANUFACTURED_ON_LAND = "manufactured_on_land", "Manufactured on land"
    BOAT_SLIP = "boat_slip", "Boat slip"
    DEEDED_PARKING = "deeded_parking", "Deeded parking"
    MULTI_FAMILY = "multi_family", "Multi-family"
    UNIMPROVED_LAND = "unimproved_land", "Unimproved land"
    RESIDENTIAL_LOT = "residential_lot", "Residential lot"
    AGRICULTURE = "agriculture", "Agriculture"


_T = PropertySubType
_INCOME = frozenset({_T.DUPLEX, _T.TRIPLEX, _T.QUADRUPLEX, _T.MULTI_FAMILY, _T.APARTMENT})
_LAND = frozenset({_T.UNIMPROVED_LAND, _T.RESIDENTIAL_LOT, _T.AGRICULTURE, _T.FARM, _T.RANCH})
_ONLY_LAND = frozenset({_T.UNIMPROVED_LAND, _T.RESIDENTIAL_LOT, _T.AGRICULTURE})
_RESIDENTIAL = frozenset(_T) - _ONLY_LAND - {_T.MULTI_FAMILY}

# A flat for sale is a condominium: "apartment" is a word for lettings.
SUB_TYPES: dict[str, frozenset[PropertySubType]] = {
    PropertyType.RESIDENTIAL: _RESIDENTIAL - {_T.APARTMENT},
    PropertyType.RESIDENTIAL_LEASE: _RESIDENTIAL,
    PropertyType.RESIDENTIAL_INCOME: _INCOME,
    PropertyType.LAND: _LAND,
}


class AreaUnits(models.TextChoices):
    SQUARE_FEET = "square_feet", "Square feet"
    SQUARE_METERS = "square_meters", "Square meters"


class LotSizeUnits(models.TextChoices):
    ACRES = "acres", "Acres"
    SQUARE_FEET = "square_feet", "Square feet"
    SQUARE_METERS = "square_meters", "Square meters"
    HECTARES = "hectares", "Hectares"


class LengthUnits(models.TextChoices):
    FEET = "feet", "Feet"
    METERS = "meters", "Meters"


class Frequency(models.TextChoices):
    ANNUALLY = "annually", "Annually"
    SEMI_ANNUALLY = "semi_annually", "Semi-annually"
    QUARTERLY = "quarterly", "Quarterly"
    BI_MONTHLY = "bi_monthly", "Every two months"
    MONTHLY = "monthly", "Monthly"
    SEMI_MONTHLY = "semi_monthly", "Twice a month"
    BI_WEEKLY = "bi_weekly", "Every two weeks"
    WEEKLY = "weekly", "Weekly"
    DAILY = "daily", "Daily"
    SEASONAL = "seasonal", "Seasonal"
    ONE_TIME = "one_time", "One time"


class MediaCategory(models.TextChoices):
    PHOTO = "photo", "Photo"
    VIDEO = "video", "Video"
    FLOOR_PLAN = "floor_plan", "Floor plan"
    DOCUMENT = "document", "Document"
    BRANDED_VIRTUAL_TOUR = "branded_virtual_tour", "Branded virtual tour"
    UNBRANDED_VIRTUAL_TOUR = "unbranded_virtual_tour", "Unbranded virtual tour"
    AGENT_PHOTO = "agent_photo", "Agent photo"
    OFFICE_LOGO = "office_logo", "Office logo"
    OFFICE_PHOTO = "office_photo", "Office photo"


class Permission(models.TextChoices):
    PUBLIC = "public", "Public"
    IDX = "idx", "IDX"
    VOW = "vow", "VOW"
    PRIVATE = "private", "Private"
    OFFICE_ONLY = "office_only", "Office only"
    FIRM_ONLY = "firm_only", "Firm only"
    AGENT_ONLY = "agent_only", "Agent only"


class OccupantType(models.TextChoices):
    OWNER = "owner", "Owner"
    TENANT = "tenant", "Tenant"
    VACANT = "vacant", "Vacant"


class OpenHouseType(models.TextChoices):
    PUBLIC = "public", "Public"
    BROKER = "broker", "Broker"
    OFFICE = "office", "Office"
    LIVESTREAM_PUBLIC = "livestream_public", "Livestream, public"
    LIVESTREAM_BROKER = "livestream_broker", "Livestream, broker"


class OpenHouseStatus(models.TextChoices):
    ACTIVE = "active", "Active"
    CANCELED = "canceled", "Canceled"
    ENDED = "ended", "Ended"


class KnowledgeCategory(models.TextChoices):
    BUILDING = "building", "Building"
    ROOMS = "rooms", "Rooms"
    OUTDOORS = "outdoors", "Outdoors"
    COSTS = "costs", "Costs"
    AREA = "area", "Area"
    TERMS = "terms", "Terms"
    HISTORY = "history", "History"
    SERVICES = "services", "Services"
    VIEWING = "viewing", "Viewing"
    OTHER = "other", "Other"


class KnowledgeSource(models.TextChoices):
    OWNER = "owner", "Owner"
    INSPECTION = "inspection", "Inspection"
    AGENCY = "agency", "Agency"
    PUBLIC_RECORD = "public_record", "Public record"
    MANUFACTURER = "manufacturer", "Manufacturer"


class Audience(models.TextChoices):
    PUBLIC = "public", "Public"
    STAFF = "staff", "Staff only"


class Locale(models.TextChoices):
    EN_US = "en-US", "English (United States)"
    EN_GB = "en-GB", "English (United Kingdom)"
    ES = "es", "Spanish"
    DE = "de", "German"
