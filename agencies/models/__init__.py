from agencies.models.agency import Agency, AgencyEntry
from agencies.models.api_key import ApiKey
from agencies.models.people import Invitation, Membership, User
from agencies.models.provider_account import ProviderAccount

__all__ = ["Agency", "AgencyEntry", "ApiKey", "Invitation", "Membership", "ProviderAccount", "User"]
