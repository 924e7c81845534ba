"""The view of the home page."""

from core.views.home.guess import HEIGHT, Guess
from core.views.kit.view import View

guess_the_number = View(name="Guess the number", params=(), picture=Guess, height=HEIGHT)
