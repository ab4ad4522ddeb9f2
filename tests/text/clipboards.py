# ruff: noqa: E501
"""What Word and Google Docs put on the clipboard, as they write it, with invented words."""

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm; font-weight:bold} --></style></head>
<body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
<p class=MsoNormal><b><span lang=EN-US style='mso-ansi-language:EN-US'>The bridge must open.</span></b><span
lang=EN-US> It was <i>closed</i> on Friday, as <a href="https://valley.example.org/report?a=1&amp;b=2">the
report</a> says.<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1" title=""><span
class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]><span
class=MsoFootnoteReference>[1]</span><![endif]></span></span></a><o:p></o:p></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>·<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>Bread<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>o<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>with
salt<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span>&nbsp; </span></span><![endif]>Milk<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span>&nbsp; </span></span><![endif]>First<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>2.<span>&nbsp; </span></span><![endif]>Second<o:p></o:p></p>
<p class=MsoListParagraph>·&nbsp;&nbsp; Typed by hand</p>
<p class=MsoIntenseQuote>Nobody was asked.<o:p></o:p></p>
<p class=MsoNormal>1 * 2 * 3 and [words](here), Lakeside &amp; Hill.<o:p></o:p></p>
<div style='mso-element:footnote-list'><![if !supportFootnotes]><br clear=all><hr align=left size=1
width="33%"><![endif]><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a
style='mso-footnote-id:ftn1' href="#_ftnref1" name="_ftn1" title=""><span class=MsoFootnoteReference>[1]</span></a>
Page <i>nine</i>.<o:p></o:p></p></div></div>
<!--EndFragment--></body></html>"""

WORD_MARKDOWN = """**The bridge must open.** It was *closed* on Friday, as \
[the report](https://valley.example.org/report?a=1&b=2) says.[^1]

- Bread
  - with salt
- Milk

1. First
2. Second

- Typed by hand

> Nobody was asked.

1 \\* 2 \\* 3 and \\[words\\](here), Lakeside & Hill.

[^1]: Page *nine*."""

GOOGLE = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1a2b"><h1 dir="ltr"
style="line-height:1.38;"><span style="font-size:20pt;font-weight:400;white-space:pre-wrap;">A heading</span></h1>
<p dir="ltr"><span style="font-weight:400;font-style:normal;white-space:pre-wrap;">The bridge </span><span
style="font-weight:700;font-style:normal;">must open</span><span style="font-weight:400;font-style:italic;"> now</span><span
style="font-weight:400;">, see </span><a href="https://www.google.com/url?q=https://valley.example.org/a&amp;sa=D"
style="text-decoration:none;"><span style="color:#1155cc;text-decoration:underline;">our page</span></a><span>.</span></p>
<br /><ul style="margin-top:0;"><li dir="ltr" aria-level="1"><p dir="ltr" role="presentation"><span>Bread</span></p></li>
<ul><li dir="ltr" aria-level="2"><p dir="ltr" role="presentation"><span>with salt</span></p></li></ul>
<li dir="ltr" aria-level="1"><p dir="ltr" role="presentation"><span>Milk</span></p></li></ul>
<ol><li><p><span>First</span></p></li><li><p><span>Second</span></p></li></ol></b><br class="Apple-interchange-newline">"""

GOOGLE_MARKDOWN = """**A heading**

The bridge **must open** *now*, see [our page](https://valley.example.org/a).

- Bread
  - with salt
- Milk

1. First
2. Second"""

LIBREOFFICE = """<p>A<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a> b</p>
<div id="sdfootnote1"><p><a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a>The note.</p></div>"""
