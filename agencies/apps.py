from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "agencies"
    verbose_name = "Agency"

    def ready(self) -> None:
        from agencies import checks, logins  # noqa: F401  (register the system checks, and what a failed login leaves)
