from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies.keyring import CannotDecrypt
from agencies.models import ProviderAccount
from agencies.scope import every_agency


class Command(BaseCommand):
    help = (
        "Write every encrypted field anew under the first key of FIELD_KEYS. Put the new key first and keep the old "
        "one behind it, run this, then take the old one out."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        rotated, failed = 0, 0
        with every_agency("rotate_field_keys writes the encrypted fields anew"):
            for account in ProviderAccount.objects.select_related("agency").order_by("pk"):
                try:
                    rotated += account.rotate_api_key()
                except CannotDecrypt as error:
                    failed += 1
                    self.stderr.write(f"{account.agency.slug}: {error}")
        self.stdout.write(f"{rotated} rotated.")
        if failed:
            raise CommandError(
                f"{failed} could not be read: bring their keys back into FIELD_KEYS, or enter them anew."
            )
