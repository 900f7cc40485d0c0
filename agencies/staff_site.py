"""The staff admin of one agency, at `/<agency>/admin/`."""

from unfold.sites import UnfoldAdminSite


class StaffSite(UnfoldAdminSite):
    """Members of the agency in the URL, and nobody else's rows."""


staff_site = StaffSite(name="staff")
