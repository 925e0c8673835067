from django.http import HttpResponse
from django.views.decorators.http import require_GET

from crm.screens.search import PALETTE, search_screen
from crm.views.answers import page
from members.access import everyone
from members.http import MemberRequest


@everyone
@require_GET
def search(request: MemberRequest) -> HttpResponse:
    """Records of every kind: a page, or the options of the palette for its script."""
    query = request.GET.get("q", "")
    if request.htmx:
        context = {"screen": search_screen(request.user, query, each=PALETTE)}
        return page(request, "crm/search.html#options", context)
    return page(request, "crm/search.html", {"screen": search_screen(request.user, query), "search_query": query})
