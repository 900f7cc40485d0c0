"""The platform's own addresses; an agency's stand in config/urls_agency.py."""

from django.urls import include, path, re_path

from agencies.platform_site import platform_site
from config import views
from properties import sitemaps

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", sitemaps.robots),
    path("sitemap.xml", sitemaps.sitemap_index),
    path("admin/", platform_site.urls),
    path("api/", include("config.api_urls")),
    re_path(r"^(?P<slug>[-\w]+)$", views.add_slash),
]
