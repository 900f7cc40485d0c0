from __future__ import annotations

from django.db import models

from agencies.scope import AgencyModel


class SlugRedirect(AgencyModel):
    """An address that a home had before. A living slug always wins over a redirect."""

    property = models.ForeignKey(
        "properties.Property", on_delete=models.CASCADE, editable=False, related_name="slug_redirects"
    )
    slug = models.SlugField(max_length=80, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(AgencyModel.Meta):
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "slug"], name="properties_slugredirect_slug"),
        ]

    def __str__(self) -> str:
        return self.slug
