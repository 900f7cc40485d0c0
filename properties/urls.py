from django.urls import URLPattern, URLResolver

app_name = "properties"
urlpatterns: list[URLPattern | URLResolver] = []
