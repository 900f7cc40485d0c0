from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.models import User
from agencies.scope import agency_scope
from properties.demo import DEMO_PASSWORD, people, staff_email
from properties.demo.banner import banner
from properties.demo.homes import load_home


class Command(BaseCommand):
    help = "Load two fictional agencies with four homes each. Loading twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--password", default="", help="For the demo's people; needed where DEBUG is off.")
        parser.add_argument("--banner", action="store_true", help="Only print where to look and as whom to log in.")

    def handle(self, *args: Any, **options: Any) -> None:
        password = options["password"] or (DEMO_PASSWORD if settings.IS_DEVELOPMENT else "")
        if options["banner"]:
            self.print_banner()
            return
        if not password:
            raise CommandError(
                "The demo's password is public, so it is not used here: DEBUG is off. "
                "Choose one with --password, or leave the demo out."
            )
        for row in people.agencies():
            self.load(row, password, loud=options["verbosity"] > 0)
        people.load_operator(password)

    def load(self, row: dict[str, Any], password: str, *, loud: bool) -> None:
        agency = people.load_agency(row, password, with_api_key=settings.IS_DEVELOPMENT)
        owner = User.objects.get(email=staff_email(agency.slug, "owner"))
        with agency_scope(agency):
            for name in row["homes"]:
                if load_home(name, agency, owner) and loud:
                    self.stdout.write(f"{agency.name}: {name}")

    def print_banner(self) -> None:
        if not settings.IS_DEVELOPMENT:
            raise CommandError("The banner names the demo's passwords and keys: it is printed only with DEBUG on.")
        self.stdout.write(banner())
