from django.urls import path

from members.views import entry, invitations, people, profile, teams

app_name = "members"
urlpatterns = [
    path("", people.people, name="people"),
    path("<int:pk>/", people.person, name="person"),
    path("<int:pk>/deactivate/", people.deactivate, name="person_deactivate"),
    path("<int:pk>/reactivate/", people.reactivate, name="person_reactivate"),
    path("invite/", invitations.invite, name="invite"),
    path("invitations/<int:pk>/link/", invitations.link, name="invitation_link"),
    path("invitations/<int:pk>/resend/", invitations.resend, name="invitation_resend"),
    path("invitations/<int:pk>/withdraw/", invitations.withdraw, name="invitation_withdraw"),
    path("teams/new/", teams.new, name="team_new"),
    path("teams/<int:pk>/", teams.change, name="team"),
    path("teams/<int:pk>/remove/", teams.remove, name="team_remove"),
    path("me/", profile.profile, name="profile"),
    path("join/<str:token>/", entry.join, name="join"),
    path("welcome/<str:key>/", entry.welcome, name="welcome"),
]
