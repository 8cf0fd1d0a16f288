"""The pages of the shop."""

#: Status of a page that shows a form again, with what is wrong.
UNPROCESSABLE = 422
