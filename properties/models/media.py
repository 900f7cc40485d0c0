from __future__ import annotations

from pathlib import PurePosixPath
from typing import IO, Any, Self
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Max
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from agencies.scope import AgencyManager, AgencyModel
from properties import media as pictures
from properties.enums import MediaCategory, Permission
from properties.fields import KeyField, KeyListField

from .child import ChildQuerySet, PartOfProperty, lock_home

PICTURES = frozenset(
    {
        MediaCategory.PHOTO,
        MediaCategory.FLOOR_PLAN,
        MediaCategory.AGENT_PHOTO,
        MediaCategory.OFFICE_LOGO,
        MediaCategory.OFFICE_PHOTO,
    }
)


class NoRendition(LookupError):
    """The picture was not written in this width and form."""


class MediaQuerySet(ChildQuerySet["Media"]):
    def public(self) -> Self:
        """What may leave the admin: public, described, and honest about its alterations."""
        shown = self.filter(permission=Permission.PUBLIC, media_alteration__isnull=False)
        return shown.exclude(alt_text="", file__gt="")

    def photos(self) -> Self:
        return self.filter(media_category=MediaCategory.PHOTO).exclude(file="")


class Media(PartOfProperty):
    """A picture (kept here, in several widths) or a video or tour (kept elsewhere) of a home."""

    same_home = ("room",)

    property = models.ForeignKey("properties.Property", on_delete=models.CASCADE, related_name="media")
    # A new file gets a new key, so that a picture's address never changes its content.
    media_key = models.UUIDField(default=uuid4, editable=False)
    media_category = models.CharField("kind", max_length=30, choices=MediaCategory, default=MediaCategory.PHOTO)
    media_type = models.CharField(max_length=60, blank=True, editable=False)
    media_url = models.URLField(
        "address elsewhere", blank=True, help_text="For a video or tour that is kept elsewhere; https only."
    )
    file = models.FileField(max_length=200, blank=True, editable=False)
    widths = models.JSONField(default=list, editable=False)
    image_width = models.PositiveIntegerField(null=True, editable=False)
    image_height = models.PositiveIntegerField(null=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    order = models.PositiveIntegerField(null=True, blank=True, help_text="0 is the main picture.")
    short_description = models.CharField("caption", max_length=200, blank=True)
    alt_text = models.CharField(
        max_length=500, blank=True, help_text="What one sees, for people who cannot see the picture."
    )
    image_of = KeyField("image_of", verbose_name="shows")
    room = models.ForeignKey("properties.Room", on_delete=models.SET_NULL, null=True, blank=True, related_name="media")
    media_alteration = KeyListField(
        "media_alteration", closed=True, verbose_name="alterations", help_text="None, or what was done to it."
    )
    permission = models.CharField(max_length=20, choices=Permission, default=Permission.PUBLIC)
    modification_timestamp = models.DateTimeField(default=timezone.now, editable=False)

    objects = AgencyManager.from_queryset(MediaQuerySet)()

    class Meta(AgencyModel.Meta):
        verbose_name_plural = "media"
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "media_key"], name="properties_media_media_key"),
            models.UniqueConstraint(fields=["agency", "property", "order"], name="properties_media_order"),
            models.UniqueConstraint(
                fields=["agency", "property", "sha256"],
                condition=~models.Q(sha256=""),
                name="properties_media_sha256",
            ),
        ]
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.short_description or self.alt_text or f"{self.get_media_category_display()} {self.order}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.modification_timestamp = timezone.now()
        written = kwargs.get("update_fields")
        if written is not None:
            kwargs["update_fields"] = {*written, "modification_timestamp"}
        with transaction.atomic():
            swap = self._make_place() if written is None or "order" in written else None
            super().save(*args, **kwargs)
            if swap is not None:
                Media.objects.filter(pk=swap[0]).update(order=swap[1])
        self._remove_replaced_files()

    def clean(self) -> None:
        super().clean()
        if self.media_category in PICTURES:
            return
        if not self.media_url.startswith("https://"):
            raise ValidationError({"media_url": "Write where it is kept, beginning with https://."})

    def validate_constraints(self, exclude: Any = None) -> None:
        # Two pictures in one place are no mistake: save() moves the other one.
        super().validate_constraints({*(exclude or ()), "order"})

    def attach(self, upload: IO[bytes]) -> None:
        """Make this row show an uploaded picture; the caller saves. Raises ValidationError at `file`."""
        try:
            picture = pictures.read_picture(upload)
            self._refuse_duplicate(picture.sha256)
        except ValidationError as error:
            raise ValidationError({"file": error}) from error
        if self.file:
            self._replaced = self.folder()
        self._fill_agency()
        self.media_key = uuid4()
        place = pictures.folder(self.agency.public_id, self.media_key)
        self.file.name, self.widths = pictures.store(picture, place)
        self.image_width, self.image_height = picture.image.size
        self.media_type, self.sha256 = "image/webp", picture.sha256

    def folder(self) -> str:
        return str(PurePosixPath(str(self.file.name)).parent)

    def is_showable(self) -> bool:
        """As MediaQuerySet.public(), of this row."""
        described = not self.file or bool(self.alt_text)
        return self.permission == Permission.PUBLIC and described and bool(self.media_alteration)

    def is_panorama(self) -> bool:
        return pictures.is_panorama(self.image_width or 0, self.image_height or 0)

    def is_altered(self) -> bool:
        return bool(self.media_alteration) and self.media_alteration != ["none"]

    def url(self, width: int | None = None, extension: str = "webp") -> str:
        """The address of the smallest rendition that is at least this wide; of the largest one by default."""
        fitting = [have for have in self.widths if width is not None and have >= width]
        chosen = fitting[0] if fitting else self.widths[-1]
        if extension == "jpg":
            chosen = pictures.jpeg_width(self.widths)
        return reverse("properties:picture", args=[self.media_key, chosen, extension])

    def jpeg_url(self) -> str:
        """For link previews and mail."""
        return self.url(extension="jpg")

    def srcset(self) -> str:
        return ", ".join(f"{self.url(width)} {width}w" for width in self.widths)

    def open_rendition(self, width: int, extension: str = "webp") -> tuple[File[bytes], str]:
        """The open file and its content type; raises NoRendition."""
        name = f"{self.folder()}/{width}.{extension}"
        known = width in self.widths and extension in pictures.CONTENT_TYPES
        if not known or not default_storage.exists(name):
            raise NoRendition(name)
        return default_storage.open(name), pictures.CONTENT_TYPES[extension]

    def _refuse_duplicate(self, sha256: str) -> None:
        twins = Media.objects.filter(property_id=self.property_id, sha256=sha256).exclude(pk=self.pk)
        if twins.exists():
            raise ValidationError("This listing has this picture already.", code="duplicate")

    def _make_place(self) -> tuple[int, int] | None:
        """Settle the order, last by default; (key, order) of the picture that takes my old place, if any."""
        lock_home(self.property_id)
        others = Media.objects.filter(property_id=self.property_id).exclude(pk=self.pk)
        last = others.aggregate(last=Max("order"))["last"]
        free = 0 if last is None else last + 1
        if self.order is None:
            self.order = free
            return None
        holder = others.filter(order=self.order).values_list("pk", flat=True).first()
        if holder is None:
            return None
        mine = Media.objects.filter(pk=self.pk).values_list("order", flat=True).first() if self.pk else None
        aside = free if mine is None else max(free, mine + 1)
        others.filter(pk=holder).update(order=aside)
        return (holder, mine) if mine is not None else None

    def _remove_replaced_files(self) -> None:
        replaced = self.__dict__.pop("_replaced", None)
        if replaced:
            transaction.on_commit(lambda: pictures.remove(replaced))


@receiver(post_delete, sender=Media)
def remove_files(instance: Media, **kwargs: Any) -> None:
    # A signal, because a property that goes takes its media along without calling their delete().
    if instance.file:
        place = instance.folder()
        transaction.on_commit(lambda: pictures.remove(place))
