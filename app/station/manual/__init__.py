"""The manual: pages in `resources/manual`, for people at the points in Czech and for IT in English.

`pages` reads them and makes the pages of rules and codes from the catalogues; `site` writes all of them as
HTML that needs no network; the window shows the clerk's, the supervisor's and the technician's among the
handbook's topics. The PDF is made by `app.desktop.printing.manual`.
"""
