from api.models.token import Scope, Token
from api.models.web_form import WebForm

__all__ = ["Scope", "Token", "WebForm"]
