"""The views of the home page."""

from core.views.home import darts, guess
from core.views.kit.view import View

guess_the_number = View(name="Guess the number", params=(), picture=guess.Guess, height=guess.HEIGHT)
dart_board = View(name="Throw darts", params=(), picture=darts.Darts, height=darts.HEIGHT)
