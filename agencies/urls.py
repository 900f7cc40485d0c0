from django.urls import path

from agencies import views

app_name = "agencies"
urlpatterns = [
    path("join/<str:token>/", views.join, name="join"),
    path("enter/", views.enter, name="enter"),
]
