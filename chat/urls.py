from django.urls import path

from chat import views

app_name = "chat"
urlpatterns = [
    path("<slug:slug>/chat/", views.send, name="send"),
    path("<slug:slug>/viewing/", views.viewing, name="viewing"),
]
