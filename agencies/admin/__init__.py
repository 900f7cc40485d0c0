"""The staff's and the operators' admin classes for the models of this app."""

from agencies.admin import agency, api_key, people, platform, provider_account

__all__ = ["agency", "api_key", "people", "platform", "provider_account"]
