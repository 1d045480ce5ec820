"""The card in which a prediction or a quiz question stands: text made safe, one style, one way to speak.

Colours come from JupyterLab's theme, light or dark, with fallbacks for a plain page. Every state is said in words;
colour only repeats it.
"""

import html
import re

from mlsys_helpers.kit.markup import pieces
from mlsys_helpers.kit.mend import mend

_CARD = """
.mlsys-card { border: 1px solid var(--jp-border-color1, #bdbdbd); border-radius: 6px; padding: 12px 16px;
  box-sizing: border-box; max-width: 760px; --jp-widgets-disabled-opacity: 0.85;
  font-size: var(--jp-content-font-size1, 14px); line-height: 1.5;
  color: var(--jp-content-font-color1, inherit); background: var(--jp-layout-color1, transparent); }
.mlsys-card p { margin: 0 0 6px; }
.mlsys-said { border-left: 4px solid var(--jp-border-color1, #bdbdbd); padding: 4px 10px; margin: 6px 0; }
.mlsys-right { border-color: var(--jp-success-color1, #2e7d32); }
.mlsys-wrong { border-color: var(--jp-error-color1, #c62828); }
.mlsys-part { border-color: var(--jp-warn-color1, #b26a00); }
"""
_CONTROLS = """
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
.mlsys-card .widget-radio-box-horizontal { flex-flow: row wrap; }
.mlsys-card .widget-radio-box-horizontal label { align-items: center; }
.mlsys-card .widget-radio-box label:hover,
.mlsys-card .widget-radio-box label:has(:checked) { background: var(--jp-layout-color2, #eee); }
.mlsys-card .widget-radio-box input { margin: 0; flex: none; line-height: 1; }
.mlsys-card .widget-label { white-space: normal; width: auto; height: auto;
  font-size: var(--jp-content-font-size1, 14px); }
.mlsys-card .widget-checkbox label { white-space: normal; height: auto; line-height: 1.4; display: flex;
  align-items: flex-start; gap: 8px; padding: 3px 6px; font-size: var(--jp-content-font-size1, 14px); }
.mlsys-card .widget-checkbox input { margin: 2px 0 0; flex: none; align-self: flex-start; }
.mlsys-card .jupyter-button { width: auto; height: 32px; line-height: 32px; padding: 0 14px; border-radius: 4px; }
.mlsys-card input[type="text"] { height: 32px; font-size: inherit; }
.mlsys-card :focus-visible { outline: 2px solid var(--jp-brand-color1, #1976d2); outline-offset: 1px; }
.mlsys-card-head { margin-bottom: 4px; }
.mlsys-letters { list-style: upper-alpha; margin: 0 0 6px !important; }
.mlsys-marks { list-style: none; display: flex; flex-wrap: wrap; gap: 4px;
  margin: 4px 0 8px !important; padding: 0 !important; }
.mlsys-marks li { min-width: 26px; text-align: center; border: 1px solid var(--jp-border-color1, #bdbdbd);
  border-radius: 4px; font-size: 12px; line-height: 22px; padding: 0 3px; margin: 0 !important; }
.mlsys-marks li[aria-current] { outline: 2px solid var(--jp-brand-color1, #1976d2); }
.mlsys-foot { align-items: center; }
.mlsys-foot .widget-html { margin-left: auto; text-align: right; color: var(--jp-content-font-color2, #555); }
.mlsys-foot .widget-html-content { line-height: 1.3; }
.mlsys-foot .jupyter-button { flex: none; }
.mlsys-aside { color: var(--jp-content-font-color2, #555); }
.mlsys-unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
"""
STYLE = f"<style>{_CARD}{_CONTROLS}</style>"

# JupyterLab takes arrows and Enter in radio buttons for its own shortcuts, ipywidgets names no group of them (so that
# arrows run on into the next group), and Enter in a line of text overtakes the text. Shown last on a card, this mends
# all three; text is sent in every pause and ahead of Enter. Without scripts, buttons still work.
_MEND = """
const card = this.closest('.mlsys-card');
for (const group of card ? card.querySelectorAll('.widget-radio-box') : []) {
  const question = group.closest('.widget-radio').previousElementSibling;
  question.id ||= `asked-${Math.random()}`;
  group.setAttribute('role', 'radiogroup');
  group.setAttribute('aria-labelledby', question.id);
}
if (card && !card.dataset.mended) {
  card.dataset.mended = 'yes';
  card.addEventListener('focusin', event => {
    if (!event.target.matches('[type=radio]')) return;
    event.target.setAttribute('data-lm-suppress-shortcuts', '');
    const group = event.target.closest('.widget-radio-box');
    for (const radio of group.querySelectorAll('[type=radio]')) radio.name = group.getAttribute('aria-labelledby');
  });
  const send = line => line.dispatchEvent(new Event('change', {bubbles: true}));
  let pause;
  card.addEventListener('input', event => {
    clearTimeout(pause);
    if (event.target.matches('[type=text]')) pause = setTimeout(send, 100, event.target);
  });
  card.addEventListener('keydown', event => {
    const check = card.querySelector('.mlsys-enter'), from = event.target;
    const enter = event.key === 'Enter' && !event.shiftKey && !event.ctrlKey;
    if (!enter || !check || !from.matches('[type=text], [type=radio]')) return;
    event.preventDefault();
    event.stopPropagation();
    clearTimeout(pause);
    send(from);
    check.click();
  }, true);
}
"""
MEND = mend(_MEND)

TONES = {"right": "mlsys-right", "wrong": "mlsys-wrong", "part": "mlsys-part", "": ""}


_TOGETHER = re.compile(r"(?<=\d) (?=[×%])|(?<=×) (?=\d)")  # 1.2 × 10²³ and 45 % stay on one line


def rich(text: str) -> str:
    """Text as HTML: escaped, with `code` in backticks; maths between dollar signs or \\(...\\) is left for MathJax."""
    return "".join(_HTML[kind](html.escape(content, quote=False)) for kind, content in pieces(text))


def _words(escaped: str) -> str:
    """Words in which no two dollar signs enclose maths, and no number parts from its sign."""
    return _TOGETHER.sub("\u00a0", escaped).replace("$", "<span>$</span>").replace("\n", "<br>")


_HTML = {"words": _words, "code": lambda code: f"<code>{code}</code>", "maths": lambda tex: f"${tex}$"}


def is_plain(text: str) -> bool:
    """Whether the text holds neither code nor maths, so that it reads well where HTML is not rendered."""
    return all(kind == "words" for kind, _ in pieces(text))


def said(lead: str, text: str, tone: str = "", announce: bool = False) -> str:
    """One thing the card says, with a bold lead in words; announced to a screen reader if it is news."""
    role = ' role="alert"' if announce else ""
    return f'<div class="mlsys-said {TONES[tone]}"{role}><b>{rich(lead)}</b> {rich(text)}</div>'


def head(title: str) -> str:
    """The first line of a card."""
    return f'<div class="mlsys-card-head"><b>{rich(title)}</b></div>'


def unseen(text: str) -> str:
    """Words for a screen reader only, read out when they appear."""
    return f'<div class="mlsys-unseen" role="alert">{rich(text)}</div>'


def static(title: str, body: str) -> str:
    """A card where no kernel runs: plain HTML that reads well without its style."""
    return f'<style>{_CARD}</style><div class="mlsys-card"><p><b>{rich(title)}</b></p>{body}</div>'


def listed(texts) -> str:
    """Texts as an HTML list."""
    return f"<ul>{_items(texts)}</ul>"


def lettered(texts) -> str:
    """Texts as a list from A on."""
    return f'<ol class="mlsys-letters">{_items(texts)}</ol>'


def _items(texts) -> str:
    return "".join(f"<li>{rich(text)}</li>" for text in texts)


def bundle(view: dict | None, html_form: str, text_form: str) -> dict:
    """A widget's own view with what stands in its place where no kernel runs."""
    return {**(view or {}), "text/html": html_form, "text/plain": text_form}
