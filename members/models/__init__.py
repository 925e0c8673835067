from members.models.invitation import Invitation
from members.models.user import Role, Team, Theme, User

__all__ = ["Invitation", "Role", "Team", "Theme", "User"]
