"""The addresses of one agency, the same below `/<agency>/` and on its own host."""

from django.urls import include, path

from agencies.staff_site import staff_site

urlpatterns = [
    path("admin/", staff_site.urls),
    path("", include("agencies.urls")),
    path("", include("chat.urls")),
    path("", include("properties.urls")),
]
