from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies.tenancy import mixed_rows, relations


class Command(BaseCommand):
    help = "Reports rows that point at another agency's row; ends with 1 if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        mixed = mixed_rows()
        for row in mixed:
            self.stdout.write(str(row))
        if mixed:
            raise CommandError(
                f"{len(mixed)} row(s) point at another agency's. Find out who wrote them, then correct them."
            )
        self.stdout.write(f"{len(relations())} relations checked: no row points at another agency's.")
