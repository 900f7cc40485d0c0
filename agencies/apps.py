from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "agencies"
    verbose_name = "Agency"

    def ready(self) -> None:
        from agencies import checks  # noqa: F401  (registers the system checks)
