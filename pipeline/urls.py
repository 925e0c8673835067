from django.urls import path

from pipeline.views import board, review

app_name = "pipeline"
urlpatterns = [
    path("", board.board, name="board"),
    path("stages/<int:pk>/", board.column, name="column"),
    path("deals/<int:pk>/move/", board.move, name="move"),
    path("changes/", review.review, name="review"),
]
