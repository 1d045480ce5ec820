"""The card in which a prediction or a quiz question stands: text made safe, one style, one way to speak.

Colours come from JupyterLab's theme, light or dark, with fallbacks for a plain page. Every state is said in words;
colour only repeats it.
"""

import html
import re

STYLE = """<style>
.mlsys-card { border: 1px solid var(--jp-border-color1, #bdbdbd); border-radius: 6px; padding: 12px 16px;
  box-sizing: border-box;   max-width: 760px; font-size: var(--jp-content-font-size1, 14px); line-height: 1.5;
  color: var(--jp-content-font-color1, inherit); background: var(--jp-layout-color1, transparent); }
.mlsys-card p { margin: 0 0 6px; }
.mlsys-card .widget-html, .mlsys-card .widget-htmlmath { width: auto; height: auto; margin: 0; }
.mlsys-card .widget-html-content, .mlsys-card .widget-htmlmath-content { line-height: 1.5;
  font-size: var(--jp-content-font-size1, 14px); }
.mlsys-card .widget-radio, .mlsys-card .widget-text, .mlsys-card .widget-textarea, .mlsys-card .widget-checkbox
  { width: auto; height: auto; font-size: inherit; }
.mlsys-card .widget-radio { flex-direction: column; align-items: stretch; }
.mlsys-card .widget-radio-box { width: auto; padding: 0; }
.mlsys-card .widget-radio-box label { height: auto; min-height: 28px; line-height: 1.4; white-space: normal;
  display: flex; flex-direction: row-reverse; justify-content: flex-end; align-items: flex-start; gap: 8px;
  font-size: var(--jp-content-font-size1, 14px);
  padding: 3px 6px; margin: 0; border-radius: 4px; }
.mlsys-card .widget-radio-box label:hover { background: var(--jp-layout-color2, #eee); }
.mlsys-card .widget-radio-box input { margin: 0; flex: none; line-height: 1; }
.mlsys-card .widget-label { white-space: normal; width: auto; height: auto;
  font-size: var(--jp-content-font-size1, 14px); }
.mlsys-card .widget-checkbox label { white-space: normal; height: auto; line-height: 1.4; }
.mlsys-card .jupyter-button { width: auto; height: 32px; line-height: 32px; padding: 0 14px; border-radius: 4px; }
.mlsys-card input[type="text"] { height: 32px; font-size: inherit; }
.mlsys-card :focus-visible { outline: 2px solid var(--jp-brand-color1, #1976d2); outline-offset: 1px; }
.mlsys-card-head { color: var(--jp-content-font-color2, #555); display: flex; flex-wrap: wrap; gap: 4px 12px;
  margin-bottom: 4px;
  justify-content: space-between; align-items: baseline; }
.mlsys-card-head b { color: var(--jp-content-font-color1, inherit); }
.mlsys-marks { list-style: none; display: flex; flex-wrap: wrap; gap: 4px;
  margin: 4px 0 8px !important; padding: 0 !important; }
.mlsys-marks li { min-width: 26px; text-align: center; border: 1px solid var(--jp-border-color1, #bdbdbd);
  border-radius: 4px; font-size: 12px; line-height: 22px; padding: 0 3px; margin: 0 !important; }
.mlsys-marks li[aria-current] { outline: 2px solid var(--jp-brand-color1, #1976d2); }
.mlsys-said { border-left: 4px solid var(--jp-border-color1, #bdbdbd); padding: 4px 10px; margin: 6px 0; }
.mlsys-right { border-color: var(--jp-success-color1, #2e7d32); }
.mlsys-wrong { border-color: var(--jp-error-color1, #c62828); }
.mlsys-part { border-color: var(--jp-warn-color1, #b26a00); }
.mlsys-aside { color: var(--jp-content-font-color2, #555); }
.mlsys-unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
</style>"""

TONES = {"right": "mlsys-right", "wrong": "mlsys-wrong", "part": "mlsys-part", "": ""}


def rich(text: str) -> str:
    """Text as HTML: escaped, with `code` in backticks; maths between dollar signs is left for MathJax."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False)).replace("\n", "<br>")


def said(lead: str, text: str, tone: str = "", announce: bool = False) -> str:
    """One thing the card says, with a bold lead in words; announced to a screen reader if it is news."""
    role = ' role="alert"' if announce else ""
    return f'<div class="mlsys-said {TONES[tone]}"{role}><b>{rich(lead)}</b> {rich(text)}</div>'


def head(title: str, aside: str = "") -> str:
    """The first line of a card."""
    return f'<div class="mlsys-card-head"><b>{rich(title)}</b><span>{rich(aside)}</span></div>'


def unseen(text: str) -> str:
    """Words for a screen reader only, read out when they appear."""
    return f'<div class="mlsys-unseen" role="alert">{rich(text)}</div>'


def static(title: str, body: str) -> str:
    """A card where no kernel runs: plain HTML that reads well without its style."""
    return f'{STYLE}<div class="mlsys-card"><p><b>{rich(title)}</b></p>{body}</div>'


def listed(texts, ordered: bool = False) -> str:
    """Texts as an HTML list."""
    tag = "ol" if ordered else "ul"
    return f"<{tag}>{''.join(f'<li>{rich(text)}</li>' for text in texts)}</{tag}>"


def bundle(view: dict | None, html_form: str, text_form: str) -> dict:
    """A widget's own view with what stands in its place where no kernel runs."""
    return {**(view or {}), "text/html": html_form, "text/plain": text_form}
