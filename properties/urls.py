from django.urls import path

from . import pictures, sitemaps, views

app_name = "properties"
urlpatterns = [
    path("", views.home_list, name="list"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("pictures/logo", pictures.logo, name="logo"),
    path("pictures/<uuid:media>/<int:width>.<slug:extension>", pictures.picture, name="picture"),
    path("<slug:slug>/", views.detail, name="detail"),
]
