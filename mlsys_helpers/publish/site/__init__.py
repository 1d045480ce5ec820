"""The companion as a static site: read it, answer its quizzes and move its explorers without a kernel.

    notebooks with their stored outputs -> pages (`pages`) -> Sphinx with MyST-NB and Furo (`build`) -> HTML

What was a widget becomes plain HTML with a little script: quizzes and predictions (`forms`), explorers (`frames`).
Formulas become MathML (`maths`). Nothing on a page comes from another host.
"""
