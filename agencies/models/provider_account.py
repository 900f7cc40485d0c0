from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from agencies import keyring
from agencies.scope import AgencyModel


class ProviderAccount(AgencyModel):
    """Where an agency's answers are thought and spoken: an OpenAI-compatible server and the key for it."""

    class Profile(models.TextChoices):
        ENGINE = "engine", "Embedded engine (no account needed)"
        OPENAI = "openai", "OpenAI"
        AZURE = "azure", "Azure OpenAI"
        ELEVENLABS = "elevenlabs", "ElevenLabs"
        CUSTOM = "custom", "Another compatible server"

    profile = models.CharField(max_length=20, choices=Profile.choices, default=Profile.ENGINE)
    base_url = models.URLField(
        "base URL", blank=True, help_text="Ends with /v1. Empty for the embedded engine: its address is a setting."
    )
    text_model = models.CharField(max_length=100, blank=True, help_text="Model for the text chat.")
    voice_model = models.CharField(max_length=100, blank=True, help_text="Model for realtime voice.")
    transcription_model = models.CharField(max_length=100, blank=True)
    voice = models.CharField(max_length=100, blank=True)
    encrypted_api_key = models.TextField(blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(AgencyModel.Meta):
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency"], name="agencies_provideraccount_one_per_agency"),
        ]

    def __str__(self) -> str:
        return self.get_profile_display()

    def clean(self) -> None:
        if self.profile == self.Profile.ENGINE:
            self.base_url = ""
            return
        errors: dict[str, str] = {}
        if not self.base_url:
            errors["base_url"] = "Write the address of the server, for example https://llm.example.com/v1."
        elif urlsplit(self.base_url).scheme != "https" and not settings.PROVIDER_ALLOW_HTTP:
            errors["base_url"] = "Use an https:// address: the key travels with every request."
        if not self.text_model:
            errors["text_model"] = "Name the model that answers, as your provider spells it."
        if errors:
            raise ValidationError(errors)

    def has_api_key(self) -> bool:
        return bool(self.encrypted_api_key)

    def set_api_key(self, plain: str) -> None:
        """Replace the key (empty: forget it); the caller saves."""
        self.encrypted_api_key = keyring.encrypt(plain, self._key_context()) if plain else ""

    def api_key(self) -> str:
        """The key in the clear, for the request to the provider alone; raises keyring.CannotDecrypt."""
        if self.profile == self.Profile.ENGINE:
            return settings.ENGINE_API_KEY
        return keyring.decrypt(self.encrypted_api_key, self._key_context()) if self.encrypted_api_key else ""

    def endpoint(self) -> str:
        """The base URL that is really used, without a closing slash."""
        url = settings.ENGINE_URL if self.profile == self.Profile.ENGINE else self.base_url
        return url.rstrip("/")

    def chat_model(self) -> str:
        return settings.ENGINE_TEXT_MODEL if self.profile == self.Profile.ENGINE else self.text_model

    def rotate_api_key(self) -> bool:
        """Write the key anew under the first key of the ring; False when it already is."""
        if not self.encrypted_api_key or keyring.is_current(self.encrypted_api_key):
            return False
        self.set_api_key(keyring.decrypt(self.encrypted_api_key, self._key_context()))
        self.save(update_fields=["encrypted_api_key"])
        return True

    def _key_context(self) -> str:
        return f"{self.agency.public_id}:agencies.ProviderAccount.api_key"
